// foreach: runs its body once for each field that matches, with <<FIELD>> (and <<MATCHSTR>>,
// <<MATCHSEG1>> …) replaced in its text. The body is parsed once a field and kept. Fields come in
// the order people count (a2 before a10); those a body adds are not visited. The body works row by
// row.
#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "pipeline/ops/ops.hpp"
#include "spl/field_names.hpp"
#include "spl/parser.hpp"

namespace escudo::pipeline {
namespace {

// Digits compare as numbers, everything else byte by byte.
bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (base::is_digit(a[i]) && base::is_digit(b[j])) {
      auto number = [](std::string_view s, std::size_t& at) {
        while (at < s.size() && s[at] == '0') ++at;
        const std::size_t begin = at;
        while (at < s.size() && base::is_digit(s[at])) ++at;
        return s.substr(begin, at - begin);
      };
      const std::string_view x = number(a, i), y = number(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
      continue;
    }
    if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
    ++i;
    ++j;
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;  // 01 and 1
}

struct IsRowWise {
  bool operator()(const spl::Eval&) const { return true; }
  bool operator()(const spl::Rex&) const { return true; }
  bool operator()(const spl::Convert&) const { return true; }
  bool operator()(const spl::Replace&) const { return true; }
  bool operator()(const spl::FillNull& v) const { return !v.fields.empty(); }
  bool operator()(const spl::MakeMv&) const { return true; }
  bool operator()(const spl::NoMv&) const { return true; }
  bool operator()(const spl::Lookup&) const { return true; }
  bool operator()(const spl::Spath&) const { return true; }
  bool operator()(const spl::Where&) const { return true; }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

class Foreach final : public Operator {
 public:
  Foreach(const spl::Foreach& verb, const spl::Plan& plan, const Context& context)
      : verb_(verb), plan_(&plan), context_(&context) {}

  Table push(Table rows) override {
    for (const auto& [field, captures] : fields_of(rows))
      for (const OperatorPtr& op : body_for(field, captures)) rows = op->push(std::move(rows));
    return rows;
  }

 private:
  using Captures = std::vector<std::string>;

  // The fields to visit and what the wildcards stood for, by the first pattern that matches.
  std::vector<std::pair<std::string, Captures>> fields_of(const Table& rows) const {
    std::vector<std::pair<std::string, Captures>> out;
    for (const std::string& column : rows.columns)
      for (const std::string& pattern : verb_.fields) {
        Captures captures;
        if (!spl::match_name(pattern, column, &captures)) continue;
        // A bare `*` leaves internal fields alone.
        if (pattern.starts_with('*') && column.starts_with('_')) continue;
        out.emplace_back(column, std::move(captures));
        break;
      }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return natural_less(a.first, b.first); });
    return out;
  }

  const std::vector<OperatorPtr>& body_for(const std::string& field, const Captures& captures) {
    const auto [at, fresh] = bodies_.try_emplace(field);
    if (!fresh) return at->second;
    std::string matched;
    std::string text = base::replace_all(verb_.text, "<<FIELD>>", field);
    for (std::size_t k = 0; k < captures.size(); ++k) {
      matched += captures[k];
      text = base::replace_all(text, "<<MATCHSEG" + std::to_string(k + 1) + ">>", captures[k]);
    }
    text = base::replace_all(text, "<<MATCHSTR>>", captures.empty() ? field : matched);
    std::vector<spl::TextProblem> problems;
    if (const spl::PipelinePtr body = spl::parse_body(text, problems))
      at->second = make_body(*body, *plan_, *context_, problems);
    // A field's name can make nonsense of the text (a blank in <<FIELD>> without quotes).
    for (const spl::TextProblem& problem : problems)
      if (problem.severity == base::Severity::error)
        context_->say("foreach: the body does not work for field " + field + ": " +
                      problem.message);
    return at->second;
  }

  spl::Foreach verb_;
  const spl::Plan* plan_;
  const Context* context_;
  std::unordered_map<std::string, std::vector<OperatorPtr>> bodies_;
};

}  // namespace

OperatorPtr make_foreach(const spl::Foreach& verb, const Build& build) {
  for (const spl::Command& command : verb.body->commands)
    if (!std::visit(IsRowWise{}, command.verb)) {
      build.fail(verb.text_span, "unsupported-command",
                 command.name + " cannot stand inside foreach",
                 "verbs that work row by row can, such as eval");
      return nullptr;
    }
  // Built once with the stand-ins, so that a mistake shows before rows come.
  std::vector<spl::TextProblem> problems;
  make_body(*verb.body, build.plan, build.context, problems);
  for (spl::TextProblem& problem : problems) {
    problem.span = verb.text_span;  // it counts from the start of the body
    build.problems.push_back(std::move(problem));
    if (build.problems.back().severity == base::Severity::error) return nullptr;
  }
  return std::make_unique<Foreach>(verb, build.plan, build.context);
}

}  // namespace escudo::pipeline
