// makemv: cuts a text into several values, at a delimiter or as the first group of a tokenizer
// finds them. Where a tokenizer finds nothing the field stays as it is.
#include "pipeline/ops/ops.hpp"
#include "pipeline/regex.hpp"

namespace escudo::pipeline {
namespace {

class MakeMv final : public Operator {
 public:
  MakeMv(const spl::MakeMv& verb, std::shared_ptr<const Regex> tokenizer, const Context& context)
      : verb_(verb), tokenizer_(std::move(tokenizer)), context_(&context) {}

  Table push(Table rows) override {
    const std::size_t column = rows.find(verb_.field);
    if (column == Table::npos) return rows;
    for (Row& row : rows.rows) {
      Value::Many parts;
      for (const std::string& text : row.cells[column].values()) {
        if (tokenizer_)
          tokens(text, parts);
        else
          pieces(text, parts);
      }
      if (!parts.empty())
        row.cells[column] = Value::many(std::move(parts));
      else if (!tokenizer_)
        row.cells[column] = Value();  // nothing but delimiters
    }
    return rows;
  }

 private:
  void pieces(const std::string& text, Value::Many& out) const {
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(verb_.delimiter, at), text.size());
      if (end > at || verb_.allow_empty) out.push_back(text.substr(at, end - at));
      at = end + verb_.delimiter.size();
    }
  }

  void tokens(const std::string& text, Value::Many& out) {
    const std::size_t group = tokenizer_->groups() > 1 ? 1 : 0;
    Regex::Found found = tokenizer_->search(text, match_);
    for (; found == Regex::Found::yes; found = tokenizer_->next(text, match_))
      if (match_.has(group) && (verb_.allow_empty || !match_.text(group).empty()))
        out.emplace_back(match_.text(group));
    if (found == Regex::Found::gave_up)
      context_->say(
          "makemv: the tokenizer took too many steps on some value, which is cut no further");
  }

  spl::MakeMv verb_;
  std::shared_ptr<const Regex> tokenizer_;
  const Context* context_;
  Match match_;
};

}  // namespace

OperatorPtr make_makemv(const spl::MakeMv& verb, const Build& build) {
  std::shared_ptr<const Regex> tokenizer;
  if (!verb.tokenizer.empty()) {
    tokenizer =
        Regex::compile(verb.tokenizer, build.context.limits, verb.tokenizer_span, build.problems);
    if (!tokenizer) return nullptr;
  } else if (verb.delimiter.empty()) {
    build.fail(build.span, "syntax", "makemv needs a delimiter that is not empty",
               "write makemv delim=\",\" field");
    return nullptr;
  }
  return std::make_unique<MakeMv>(verb, std::move(tokenizer), build.context);
}

}  // namespace escudo::pipeline
