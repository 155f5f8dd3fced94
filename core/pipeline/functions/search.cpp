// searchmatch: a search expression asked of the row. commands: the verbs of a search given as text.
#include "base/text.hpp"
#include "pipeline/functions/function.hpp"
#include "pipeline/ops/row_filter.hpp"
#include "spl/lexer.hpp"
#include "spl/parser.hpp"

namespace escudo::pipeline {
namespace {

class SearchMatch final : public ConditionNode {
 public:
  explicit SearchMatch(const spl::SearchExpr& expr) : filter_(expr) {}
  void bind(const std::vector<std::string>& columns) override { filter_.bind(columns); }
  Truth truth(const Scope& scope) override { return truth_of(filter_.matches(scope.row)); }

 private:
  RowFilter filter_;
};

bool has_subsearch(const spl::SearchExpr& expr) {
  if (expr.kind == spl::SearchExpr::Kind::subsearch) return true;
  for (const spl::SearchExpr& part : expr.parts)
    if (has_subsearch(part)) return true;
  return false;
}

NodePtr make_searchmatch(Call& call) {
  const std::string* text = call.literal(0);
  if (!text)
    return call.fail(call.span_of(0), "function-arguments", "searchmatch() needs a text in quotes",
                     "write searchmatch(\"field=value\")");
  std::vector<spl::TextProblem> inner;
  const auto expr = spl::parse_search_expression(*text, inner);
  for (spl::TextProblem& problem : inner) {
    problem.span = call.span_of(0);  // the caret cannot go into an unescaped text
    call.compiler.problems.push_back(std::move(problem));
  }
  if (!expr) return nullptr;
  if (has_subsearch(*expr))
    return call.fail(call.span_of(0), "function-arguments", "searchmatch() takes no subsearch");
  return std::make_unique<SearchMatch>(*expr);
}

// A text that begins with no bar and no command begins with search.
Value commands_of(std::string_view text) {
  spl::Lexer lexer(text);
  Value::Many out;
  int depth = 0;
  bool expected = true;
  for (bool first = true;; first = false) {
    const spl::Token token = lexer.take(spl::LexMode::search);
    if (token.is(spl::TokenKind::end) || token.is(spl::TokenKind::bad)) break;
    if (token.is(spl::TokenKind::left_bracket)) ++depth;
    if (token.is(spl::TokenKind::right_bracket)) --depth;
    if (token.is(spl::TokenKind::pipe) && depth == 0) {
      expected = true;
      continue;
    }
    if (!expected) continue;
    expected = false;
    const std::string word = base::to_lower(token.text);
    if (!first || (token.is(spl::TokenKind::word) && spl::find_verb(word)))
      out.push_back(word);
    else
      out.emplace_back("search");
  }
  return out.empty() ? Value() : Value::many(std::move(out));
}

NodePtr make_commands(Call& call) {
  return of_all(call, [](Args args) -> Value {
    return args[0]->is_null() ? Value() : commands_of(*Text(*args[0]));
  });
}

constexpr Function kFunctions[] = {
    {"commands", 1, 1, "commands(\"search\")", make_commands},
    {"searchmatch", 1, 1, "searchmatch(\"field=value\")", make_searchmatch},
};

}  // namespace

Functions search_functions() { return kFunctions; }

}  // namespace escudo::pipeline
