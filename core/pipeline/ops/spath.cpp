// spath: the fields of a JSON or XML text. Without a path all leaves become fields, with one its
// values go into one field. What was there under these names is overwritten; a row without the
// input, or with something else in it, stays as it is.
#include "pipeline/ops/spath.hpp"

#include "base/text.hpp"
#include "event/value.hpp"
#include "pipeline/ops/data_columns.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace spath {

void Leaves::add(std::string_view name, std::string text) {
  const auto [at, fresh] = place_.try_emplace(std::string(name), all_.size());
  if (fresh) all_.push_back({std::string(name), {}});
  all_[at->second].second.push_back(std::move(text));
}

bool parse_path(std::string_view path, std::vector<Step>& steps) {
  std::size_t at = 0;
  while (at < path.size()) {
    if (path[at] == '{') {
      const std::size_t close = path.find('}', at);
      if (close == std::string_view::npos) return false;
      const std::string_view inside = path.substr(at + 1, close - at - 1);
      if (inside.empty())
        steps.push_back({Step::Kind::any_element, {}, 0});
      else if (inside.front() == '@' && inside.size() > 1)
        steps.push_back({Step::Kind::attribute, std::string(inside.substr(1)), 0});
      else if (const auto n = event::parse_number(inside); n && *n >= 0 && *n < 1e6)
        steps.push_back({Step::Kind::element, {}, static_cast<std::size_t>(*n)});
      else
        return false;
      at = close + 1;
      if (at < path.size() && path[at] == '.') ++at;
      continue;
    }
    const std::size_t end = std::min(path.find_first_of(".{", at), path.size());
    if (end == at) return false;
    steps.push_back({Step::Kind::name, std::string(path.substr(at, end - at)), 0});
    at = end;
    if (at < path.size() && path[at] == '.') ++at;
  }
  return !steps.empty() && steps.size() <= 100;
}

bool looks_like_xml(std::string_view text) { return base::trim(text).starts_with('<'); }

}  // namespace spath

namespace {

class Spath final : public Operator {
 public:
  Spath(const spl::Spath& verb, std::vector<spath::Step> path, const Context& context)
      : verb_(verb), path_(std::move(path)), context_(&context), data_columns_("spath", context) {}

  Table push(Table rows) override {
    const std::size_t source = rows.find(verb_.input);
    if (source == Table::npos) return rows;
    std::size_t target = Table::npos;
    if (!path_.empty()) target = rows.add_column(verb_.output.empty() ? verb_.path : verb_.output);
    for (Row& row : rows.rows) {
      const Value::Many texts = row.cells[source].values();
      if (path_.empty())
        take_all(rows, row, texts);
      else
        take_path(row, target, texts);
    }
    return rows;
  }

 private:
  bool is_too_long(const std::string& text) const {
    if (text.size() <= context_->limits.document_bytes) return false;
    context_->say("spath: a value is longer than " +
                  std::to_string(context_->limits.document_bytes >> 20) + " MB and was left alone");
    return true;
  }

  void take_all(Table& rows, Row& row, const Value::Many& texts) {
    const int depth = context_->limits.document_depth;
    for (const std::string& text : texts) {
      if (is_too_long(text)) continue;
      spath::Leaves leaves;
      if (spath::looks_like_xml(text) ? !spath::xml_leaves(text, depth, leaves)
                                      : !spath::json_leaves(text, depth, leaves))
        continue;
      for (auto& [name, values] : leaves.all()) {
        const std::size_t column = data_columns_.column(rows, name);
        if (column != Table::npos) row.cells[column] = Value::many(std::move(values));
      }
    }
  }

  void take_path(Row& row, std::size_t target, const Value::Many& texts) {
    const int depth = context_->limits.document_depth;
    Value::Many values;
    for (const std::string& text : texts) {
      if (is_too_long(text)) continue;
      if (spath::looks_like_xml(text))
        spath::xml_at(text, path_, depth, values);
      else
        spath::json_at(text, path_, depth, values);
    }
    if (!values.empty()) row.cells[target] = Value::many(std::move(values));
  }

  spl::Spath verb_;
  std::vector<spath::Step> path_;
  const Context* context_;
  DataColumns data_columns_;
};

}  // namespace

OperatorPtr make_spath(const spl::Spath& verb, const Build& build) {
  std::vector<spath::Step> path;
  if (!verb.path.empty() && !spath::parse_path(verb.path, path)) {
    build.fail(build.span, "bad-path", "`" + verb.path + "` is no path",
               "write a.b, a{}.b, a{0}.b or a.b{@attribute}");
    return nullptr;
  }
  if (verb.path.empty() && !verb.output.empty()) {
    build.fail(build.span, "bad-path", "spath output= needs a path",
               "write spath output=field path=a.b");
    return nullptr;
  }
  return std::make_unique<Spath>(verb, std::move(path), build.context);
}

}  // namespace escudo::pipeline
