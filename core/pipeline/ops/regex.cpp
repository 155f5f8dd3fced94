// regex: keeps the rows in which a field matches (=) or does not (!=). One matching value of a
// multivalue is enough; a missing field matches nothing.
#include "pipeline/regex.hpp"

#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

class RegexFilter final : public Operator {
 public:
  RegexFilter(const spl::Regex& verb, std::shared_ptr<const Regex> regex, const Context& context)
      : field_(verb.field), negated_(verb.negated), regex_(std::move(regex)), context_(&context) {}

  Table push(Table rows) override {
    const std::size_t column = rows.find(field_);
    std::erase_if(rows.rows,
                  [&](const Row& row) { return matches(rows.cell(row, column)) == negated_; });
    return rows;
  }

 private:
  bool matches(const Value& cell) {
    if (cell.is_null()) return false;
    if (cell.is_text()) return matches(cell.as_text());
    for (const std::string& text : cell.values())
      if (matches(text)) return true;
    return false;
  }
  bool matches(const std::string& text) {
    const Regex::Found found = regex_->search(text, match_);
    if (found == Regex::Found::gave_up)
      context_->say("regex: a pattern took too many steps on some value, which counts as no match");
    return found == Regex::Found::yes;
  }

  std::string field_;
  bool negated_;
  std::shared_ptr<const Regex> regex_;
  const Context* context_;
  Match match_;
};

}  // namespace

OperatorPtr make_regex(const spl::Regex& verb, const Build& build) {
  auto regex =
      Regex::compile(verb.pattern, build.context.limits, verb.pattern_span, build.problems);
  if (!regex) return nullptr;
  return std::make_unique<RegexFilter>(verb, std::move(regex), build.context);
}

}  // namespace escudo::pipeline
