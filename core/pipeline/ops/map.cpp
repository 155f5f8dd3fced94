// map: runs a search for each row, with $field$ replaced by the row's values, and gives all their
// rows instead. A value is put in quotes, or escaped where the token already stands in quotes; of
// several values the first counts. A row that lacks one of the fields runs nothing. At most
// `maxsearches` rows are searched for. The rows found rest on the records of the row that asked,
// too.
//
// Holds the rows it was given: searches run over all events, so they wait for the end of the input.
#include <algorithm>

#include "base/text.hpp"
#include "pipeline/ops/ops.hpp"
#include "spl/field_names.hpp"

namespace escudo::pipeline {
namespace {

// A search with its tokens replaced; nothing when a field is missing, whose name is then in
// `missing`.
template <class ValueOf>
std::optional<std::string> filled(const std::string& search,
                                  const std::vector<spl::MapToken>& tokens, const ValueOf& value_of,
                                  std::string& missing) {
  std::string out;
  std::size_t at = 0;
  for (const spl::MapToken& token : tokens) {
    const std::optional<std::string> value = value_of(token.field);
    if (!value) {
      missing = token.field;
      return {};
    }
    const std::string escaped =
        base::replace_all(base::replace_all(*value, "\\", "\\\\"), "\"", "\\\"");
    out += search.substr(at, token.begin - at);
    out += token.in_quotes ? escaped : '"' + escaped + '"';
    at = token.end;
  }
  return out + search.substr(at);
}

class Map final : public Operator {
 public:
  Map(const spl::Map& verb, const Context& context)
      : verb_(verb), tokens_(spl::map_tokens(verb.search)), context_(&context) {}

  Table push(Table rows) override {
    rows_.append(std::move(rows));
    return {};
  }

  Table finish() override {
    Table out;
    std::int64_t searches = 0;
    for (const Row& row : rows_.rows) {
      std::string missing;
      const auto search = filled(
          verb_.search, tokens_, [&](const std::string& field) { return value_of(row, field); },
          missing);
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
  std::vector<spl::MapToken> tokens_;
  const Context* context_;
  Table rows_;
};

bool any_error(const std::vector<spl::TextProblem>& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const spl::TextProblem& problem) {
    return problem.severity == base::Severity::error;
  });
}

// What is wrong with the search when every token stands for `value`.
std::vector<spl::TextProblem> problems_with(const std::string& value, const spl::Map& verb,
                                            const Context& context) {
  std::string missing;
  const auto sample = filled(
      verb.search, spl::map_tokens(verb.search),
      [&](const std::string&) { return std::optional(value); }, missing);
  std::vector<spl::TextProblem> problems;
  const auto plan = spl::make_plan(*sample, *context.catalog, problems);
  if (plan && !any_error(problems)) Stream::build(*plan, *plan->root, context, problems);
  return problems;
}

}  // namespace

OperatorPtr make_map(const spl::Map& verb, const Build& build) {
  if (!build.context.run_search) {
    build.fail(build.span, "unsupported-command",
               "map runs searches over the events again, which this run cannot");
    return nullptr;
  }
  if (verb.max_searches < 0) {
    build.fail(build.span, "bad-count", "maxsearches is a number that is not negative");
    return nullptr;
  }
  // A mistake in the inner search should show before any row comes, so it is built with stand-ins
  // for the values. A problem that a number does not have is the stand-in's: a text in `head $n$`.
  if (build.context.catalog) {
    std::vector<spl::TextProblem> problems = problems_with("x", verb, build.context);
    if (any_error(problems) && !any_error(problems_with("1", verb, build.context))) problems.clear();
    const bool wrong = any_error(problems);
    for (spl::TextProblem& problem : problems) {
      problem.span = verb.search_span;
      problem.message += " (inside map)";
      build.problems.push_back(std::move(problem));
    }
    if (wrong) return nullptr;
  }
  return std::make_unique<Map>(verb, build.context);
}

}  // namespace escudo::pipeline
