// map: runs a search for each row, with $field$ replaced by the row's values, and gives all their rows
// instead. A value is put in quotes, or escaped where the token already stands in quotes; of several
// values the first counts. A row that lacks one of the fields runs nothing. At most `maxsearches` rows
// are searched for. The rows found rest on the records of the row that asked, too.
//
// Holds the rows it was given: searches run over all events, so they wait for the end of the input.
#include "base/text.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

// The text of a search in pieces: literal, field, literal, field, …, literal.
struct Template {
  struct Token {
    std::string field;
    bool in_quotes = false;
  };
  std::vector<std::string> literals;
  std::vector<Token> tokens;

  explicit Template(const std::string& text) {
    literals.emplace_back();
    bool quoted = false;
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] == '$') {
        const std::size_t end = text.find_first_of("$ \t\r\n\"|[]()=", at + 1);
        if (end != std::string::npos && text[end] == '$' && end > at + 1) {
          tokens.push_back({text.substr(at + 1, end - at - 1), quoted});
          literals.emplace_back();
          at = end + 1;
          continue;
        }
      }
      const std::size_t n = text[at] == '\\' && at + 1 < text.size() ? 2 : 1;
      if (text[at] == '"') quoted = !quoted;
      literals.back() += text.substr(at, n);
      at += n;
    }
  }

  // Nothing when a field is missing, whose name is then in `missing`.
  template <class ValueOf>
  std::optional<std::string> fill(const ValueOf& value_of, std::string& missing) const {
    std::string out = literals.front();
    for (std::size_t k = 0; k < tokens.size(); ++k) {
      const std::optional<std::string> value = value_of(tokens[k].field);
      if (!value) {
        missing = tokens[k].field;
        return {};
      }
      const std::string escaped =
          base::replace_all(base::replace_all(*value, "\\", "\\\\"), "\"", "\\\"");
      out += tokens[k].in_quotes ? escaped : '"' + escaped + '"';
      out += literals[k + 1];
    }
    return out;
  }
};

class Map final : public Operator {
 public:
  Map(const spl::Map& verb, Template text, const Context& context)
      : verb_(verb), text_(std::move(text)), context_(&context) {}

  Table push(Table rows) override {
    rows_.append(std::move(rows));
    return {};
  }

  Table finish() override {
    Table out;
    std::int64_t searches = 0;
    for (const Row& row : rows_.rows) {
      std::string missing;
      const auto search = text_.fill([&](const std::string& field) { return value_of(row, field); }, missing);
      if (!search) {
        context_->say("map: a row has no " + missing + ", so no search was run for it");
        continue;
      }
      if (searches == verb_.max_searches) {
        context_->say("map: only the first " + std::to_string(verb_.max_searches) +
                      " rows are searched for; maxsearches= raises that");
        break;
      }
      ++searches;
      run(*search, row, out);
    }
    return out;
  }

 private:
  std::optional<std::string> value_of(const Row& row, const std::string& field) const {
    const Value& cell = rows_.cell(row, rows_.find(field));
    if (cell.is_null()) return {};
    return cell.is_many() ? cell.as_many().front() : cell.text();
  }

  void run(const std::string& search, const Row& row, Table& out) const {
    std::vector<spl::TextProblem> problems;
    Table found = context_->run_search(search, problems);
    for (const spl::TextProblem& problem : problems)
      if (problem.severity == base::Severity::error) context_->say("map: " + problem.message);
    for (Row& result : found.rows) result.evidence.merge(row.evidence);
    out.append(std::move(found));
  }

  spl::Map verb_;
  Template text_;
  const Context* context_;
  Table rows_;
};

}  // namespace

OperatorPtr make_map(const spl::Map& verb, const Build& build) {
  if (!build.context.run_search) {
    build.fail(build.span, "unsupported-command", "map runs searches over the events again, which this run cannot");
    return nullptr;
  }
  if (verb.max_searches < 0) {
    build.fail(build.span, "bad-count", "maxsearches is a number that is not negative");
    return nullptr;
  }
  Template text(verb.search);
  // A mistake in the inner search should show before any row comes, so it is planned with a stand-in.
  if (build.context.catalog) {
    std::string missing;
    const auto sample = text.fill([](const std::string&) { return std::optional<std::string>("x"); }, missing);
    std::vector<spl::TextProblem> problems;
    spl::make_plan(*sample, *build.context.catalog, problems);
    for (spl::TextProblem& problem : problems) {
      problem.span = verb.search_span;
      problem.message += " (inside map)";
      build.problems.push_back(std::move(problem));
      if (build.problems.back().severity == base::Severity::error) return nullptr;
    }
  }
  return std::make_unique<Map>(verb, std::move(text), build.context);
}

}  // namespace escudo::pipeline
