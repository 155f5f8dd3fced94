// rex: named groups of a regular expression become fields, or with mode=sed the field itself is
// edited. Each value of a multivalue is searched. Without a match nothing changes; with one, the
// groups that took part overwrite. offset_field says where they stood: "name=3-7&other=9-12", in
// characters.
#include <algorithm>

#include "base/utf8.hpp"
#include "pipeline/ops/ops.hpp"
#include "pipeline/ops/sed.hpp"
#include "pipeline/regex.hpp"

namespace escudo::pipeline {
namespace {

std::size_t characters(std::string_view text) {
  std::size_t n = 0;
  for (std::size_t at = 0; at < text.size(); at += base::decode_utf8(text, at).bytes) ++n;
  return n;
}

class Rex final : public Operator {
 public:
  Rex(const spl::Rex& verb, std::shared_ptr<const Regex> regex, const Context& context)
      : verb_(verb), regex_(std::move(regex)), context_(&context) {
    // One name may stand for several groups, of which one takes part.
    for (const Regex::Group& group : regex_->named_groups()) {
      const auto known = std::find(names_.begin(), names_.end(), group.name);
      field_of_group_.push_back(static_cast<std::size_t>(known - names_.begin()));
      if (known == names_.end()) names_.push_back(group.name);
    }
  }

  Table push(Table rows) override {
    const std::size_t source = rows.find(verb_.field);
    if (source == Table::npos) return rows;
    std::vector<std::size_t> targets(names_.size(), Table::npos);
    std::size_t offset_target = Table::npos;
    for (Row& row : rows.rows) {
      found_.assign(names_.size(), {});
      offsets_.clear();
      search(row.cells[source]);
      for (std::size_t k = 0; k < names_.size(); ++k) {
        if (found_[k].empty()) continue;
        if (targets[k] == Table::npos) targets[k] = rows.add_column(names_[k]);
        row.cells[targets[k]] = Value::many(std::move(found_[k]));
      }
      if (verb_.offset_field.empty() || offsets_.empty()) continue;
      if (offset_target == Table::npos) offset_target = rows.add_column(verb_.offset_field);
      row.cells[offset_target] = Value(offsets_);
    }
    return rows;
  }

 private:
  void search(const Value& cell) {
    if (cell.is_null()) return;
    if (cell.is_text()) return search(cell.as_text());
    for (const std::string& text : cell.values()) search(text);
  }

  void search(const std::string& text) {
    int matches = 0;
    Regex::Found found = regex_->search(text, match_);
    while (found == Regex::Found::yes) {
      take(text);
      ++matches;
      if (verb_.max_match > 0 && matches >= verb_.max_match) return;
      found = regex_->next(text, match_);
    }
    if (found == Regex::Found::gave_up)
      context_->say("rex: a pattern took too many steps on some value, which counts as no match");
  }

  void take(const std::string& text) {
    const auto& groups = regex_->named_groups();
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const std::size_t number = groups[g].number;
      if (!match_.has(number) || match_.text(number).empty()) continue;
      found_[field_of_group_[g]].emplace_back(match_.text(number));
      if (verb_.offset_field.empty()) continue;
      const std::size_t begin = characters(std::string_view(text).substr(0, match_.begin(number)));
      const std::size_t end = begin + characters(match_.text(number)) - 1;
      if (!offsets_.empty()) offsets_ += '&';
      offsets_ += groups[g].name + "=" + std::to_string(begin) + "-" + std::to_string(end);
    }
  }

  spl::Rex verb_;
  std::shared_ptr<const Regex> regex_;
  const Context* context_;
  std::vector<std::string> names_;
  std::vector<std::size_t> field_of_group_;  // index into names_, for each named group
  std::vector<Value::Many> found_;
  std::string offsets_;
  Match match_;
};

OperatorPtr make_sed(const spl::Rex& verb, const Build& build) {
  auto script =
      SedScript::compile(verb.pattern, build.context.limits, verb.pattern_span, build.problems);
  if (!script) return nullptr;
  return row_wise([script, field = verb.field, context = &build.context](Table& rows) {
    const std::size_t column = rows.find(field);
    if (column == Table::npos) return;
    Match match;
    bool gave_up = false;
    for (Row& row : rows.rows) {
      Value& cell = row.cells[column];
      if (cell.is_null()) continue;
      Value::Many values = cell.values();
      for (std::string& value : values) value = script->edited(value, match, gave_up);
      cell = Value::many(std::move(values));
    }
    if (gave_up)
      context->say("rex: a pattern took too many steps on some value, which was edited no further");
  });
}

}  // namespace

OperatorPtr make_rex(const spl::Rex& verb, const Build& build) {
  if (verb.sed) return make_sed(verb, build);
  auto regex =
      Regex::compile(verb.pattern, build.context.limits, verb.pattern_span, build.problems);
  if (!regex) return nullptr;
  if (regex->named_groups().empty()) {
    build.fail(verb.pattern_span, "rex-without-group",
               "the pattern names no group, so rex has no field to write", "write (?<field>…)");
    return nullptr;
  }
  return std::make_unique<Rex>(verb, std::move(regex), build.context);
}

}  // namespace escudo::pipeline
