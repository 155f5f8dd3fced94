#pragma once
// Parser: expanded text -> Pipeline. Recursive descent with a depth limit; each verb's arguments are
// parsed by its own file under verbs/. One problem ends one pipeline, never the program.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "spl/ast.hpp"
#include "spl/lexer.hpp"
#include "spl/macro.hpp"

namespace escudo::spl {

// Spans of problems are in terms of `text`. Null when the text could not be parsed.
// A text that does not start with '|' starts with `search`, as in Splunk.
PipelinePtr parse(std::string_view text, std::vector<TextProblem>& problems);

// A pipeline that starts from rows it is given: the body of foreach.
PipelinePtr parse_body(std::string_view text, std::vector<TextProblem>& problems);

// Only an eval expression, or only a search expression: for options and tests.
std::optional<Expr> parse_eval(std::string_view text, std::vector<TextProblem>& problems);
std::optional<SearchExpr> parse_search_expression(std::string_view text, std::vector<TextProblem>& problems);

// What a verb's parser is given. Not for use outside core/spl.
class Parser {
 public:
  Parser(std::string_view text, std::vector<TextProblem>& problems) : lexer_(text), problems_(problems) {}

  PipelinePtr pipeline(bool inside_brackets, bool starts_with_rows);

  // Expressions (search_expr.cpp, eval_expr.cpp).
  SearchExpr search_expression();
  Expr eval_expression();

  // Tokens.
  Token peek(LexMode mode = LexMode::search) { return lexer_.peek(mode); }
  Token take(LexMode mode = LexMode::search);
  bool at_end();                           // of this command: '|', ']' or the end of the text
  bool accept_word(std::string_view word);
  bool accept(TokenKind kind, LexMode mode = LexMode::search);
  bool expect(TokenKind kind, std::string_view what, LexMode mode = LexMode::search);
  void skip_commas() { while (accept(TokenKind::comma)) {} }

  // Pieces many verbs share (arguments.cpp).
  // Reads `name=value` (name in lower case) when that comes next; reads nothing and says false otherwise.
  bool option(std::string& name, Token& value);
  std::string name_token();                // a field name: word or quoted text
  std::vector<std::string> name_list();    // names up to the end or a clause word, commas optional
  Span rest_span(std::uint32_t begin) { return {begin, last_span_.end > begin ? last_span_.end : begin + 1}; }
  // A word that ends a list or an expression here (`by` in a tstats WHERE), as set by a Clauses guard.
  bool is_clause_word(const Token& token) const;
  std::vector<Aggregate> aggregates();     // up to a clause word or the end
  std::optional<TimeSpan> time_span(const Token& value);
  bool boolean(const Token& value);
  std::int64_t integer(const Token& value);
  PipelinePtr bracketed(bool starts_with_rows);   // [ … ]
  std::string_view bracketed_text(Span& span);    // [ … ] as text, for foreach

  // Problems. After fail() the parser reads nothing more; check failed() in loops.
  void fail(Span span, std::string code, std::string message, std::string hint = {});
  void warn(Span span, std::string code, std::string message, std::string hint = {});
  bool failed() const { return failed_; }
  std::string text_of(const Token& token) const;  // unescaped search text of a word or quoted token
  std::uint32_t position() { return lexer_.position(); }
  std::string_view source() const { return lexer_.text(); }
  Span last_span() const { return last_span_; }

  // While it lives, the given words (lower case) end lists and expressions.
  struct Clauses {
    Clauses(Parser& p, std::vector<std::string_view> words) : parser(p), saved(std::move(p.clause_words_)) {
      p.clause_words_ = std::move(words);
    }
    ~Clauses() { parser.clause_words_ = std::move(saved); }
    Parser& parser;
    std::vector<std::string_view> saved;
  };

  // Every level of brackets or parentheses costs one; false (and a problem) past 200.
  struct Depth {
    explicit Depth(Parser& p) : parser(p) { ++parser.depth_; }
    ~Depth() { --parser.depth_; }
    bool ok();
    Parser& parser;
  };

 private:
  friend struct Depth;
  friend struct Clauses;
  SearchExpr search_and(), search_or(), search_not(), search_term();
  SearchExpr search_comparison(const Token& field_token);
  Expr eval_binary(int level), eval_unary(), eval_postfix();
  Expr eval_call(const Token& name);
  bool count_operator(const Token& token);
  void aggregate(Aggregate& out);
  Command command(bool implicit_search);

  Lexer lexer_;
  std::vector<TextProblem>& problems_;
  bool failed_ = false;
  int depth_ = 0;
  int eval_operators_ = 0;   // a chain of them is a tree as deep as it is long
  Span last_span_;
  std::vector<std::string_view> clause_words_;
};

using VerbParser = Verb (*)(Parser&);
struct VerbEntry {
  std::string_view name;
  VerbParser parse;
  bool generates;   // makes rows from nothing: may start a pipeline
};
const VerbEntry* find_verb(std::string_view name);
std::vector<std::string> verb_names();

}  // namespace escudo::spl
