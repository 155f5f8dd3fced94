// Search expressions: the grammar of the base search, tstats WHERE and `search`.
//   and  := or { [AND] or }        OR binds tighter than AND (and NOT tighter still): see docs/spl.md
//   or   := not { OR not }
//   not  := NOT not | term
//   term := '(' and ')' | '[' pipeline ']' | field op value | field [NOT] IN '(' values ')' | word | "phrase"
// Tested by tests/spl/search.
#include "base/text.hpp"
#include "spl/parser.hpp"

namespace escudo::spl {
namespace {

bool is_operator_word(const Token& token, std::string_view word) {
  return token.is(TokenKind::word) && token.text == word;   // AND OR NOT must be upper case
}

bool ends_expression(Parser& parser, const Token& token) {
  return token.is(TokenKind::end) || token.is(TokenKind::pipe) || token.is(TokenKind::right_bracket) ||
         token.is(TokenKind::right_paren) || parser.is_clause_word(token);
}

std::optional<Comparison> comparison_of(const Token& token) {
  if (token.is_op("=") || token.is_op("==")) return Comparison::equal;
  if (token.is_op("!=")) return Comparison::not_equal;
  if (token.is_op("<")) return Comparison::less;
  if (token.is_op("<=")) return Comparison::less_equal;
  if (token.is_op(">")) return Comparison::greater;
  if (token.is_op(">=")) return Comparison::greater_equal;
  return std::nullopt;
}

SearchExpr join(SearchExpr::Kind kind, std::vector<SearchExpr> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  SearchExpr out;
  out.kind = kind;
  out.span = {parts.front().span.begin, parts.back().span.end};
  for (SearchExpr& part : parts) {
    if (part.kind == kind) for (SearchExpr& inner : part.parts) out.parts.push_back(std::move(inner));
    else out.parts.push_back(std::move(part));
  }
  return out;
}

}  // namespace

SearchExpr Parser::search_expression() {
  const Token next = peek();
  if (ends_expression(*this, next) && !next.is(TokenKind::right_paren)) {
    SearchExpr everything;
    everything.span = {next.span.begin, next.span.begin};
    return everything;
  }
  return search_and();
}

SearchExpr Parser::search_and() {
  Depth depth(*this);
  if (!depth.ok()) return {};
  std::vector<SearchExpr> parts;
  for (;;) {
    parts.push_back(search_or());
    if (failed()) return {};
    const Token next = peek();
    if (is_operator_word(next, "AND")) {
      take();
      if (ends_expression(*this, peek())) {
        fail(next.span, "search-syntax", "AND has nothing to its right", "remove it or add a term");
        return {};
      }
      continue;
    }
    if (ends_expression(*this, next)) break;
    if (next.is(TokenKind::comma)) {   // Splunk forgives a comma between terms
      take();
      if (ends_expression(*this, peek())) break;
    }
  }
  return join(SearchExpr::Kind::all_of, std::move(parts));
}

SearchExpr Parser::search_or() {
  std::vector<SearchExpr> parts;
  parts.push_back(search_not());
  while (!failed() && is_operator_word(peek(), "OR")) {
    const Token op = take();
    if (ends_expression(*this, peek())) {
      fail(op.span, "search-syntax", "OR has nothing to its right", "remove it or add a term");
      return {};
    }
    parts.push_back(search_not());
  }
  if (failed()) return {};
  return join(SearchExpr::Kind::any_of, std::move(parts));
}

SearchExpr Parser::search_not() {
  const Token token = peek();
  if (!is_operator_word(token, "NOT")) return search_term();
  Depth depth(*this);
  if (!depth.ok()) return {};
  take();
  if (ends_expression(*this, peek())) {
    fail(token.span, "search-syntax", "NOT has nothing to its right", "remove it or add a term");
    return {};
  }
  SearchExpr out;
  out.kind = SearchExpr::Kind::none_of;
  out.parts.push_back(search_not());
  if (failed()) return {};
  out.span = {token.span.begin, out.parts.front().span.end};
  return out;
}

SearchExpr Parser::search_term() {
  const Token token = peek();
  if (token.is(TokenKind::left_paren)) {
    take();
    if (accept(TokenKind::right_paren)) {   // `()` is nothing at all
      SearchExpr everything;
      everything.span = {token.span.begin, last_span().end};
      return everything;
    }
    SearchExpr inside = search_and();
    if (failed() || !expect(TokenKind::right_paren, "a closing parenthesis")) return {};
    inside.span = {token.span.begin, last_span().end};
    return inside;
  }
  if (token.is(TokenKind::left_bracket)) {
    SearchExpr out;
    out.kind = SearchExpr::Kind::subsearch;
    out.subsearch = bracketed(false);
    if (failed()) return {};
    out.span = {token.span.begin, last_span().end};
    return out;
  }
  if (!token.is(TokenKind::word) && !token.is(TokenKind::quoted)) {
    fail(token.span, token.is(TokenKind::bad) ? "unclosed-quote" : "search-syntax",
         token.is(TokenKind::bad) ? "a quote is opened and never closed"
                                  : "a search term was expected here, not `" + std::string(token.text) + "`",
         token.is(TokenKind::bad) ? "close it with \"" : "terms look like field=value, field IN (a, b), word or \"phrase\"");
    return {};
  }
  take();
  return search_comparison(token);
}

SearchExpr Parser::search_comparison(const Token& field_token) {
  SearchExpr out;
  out.span = field_token.span;
  const Token op = peek();
  if (auto comparison = comparison_of(op)) {
    take();
    const Token value = peek();
    if (!value.is(TokenKind::word) && !value.is(TokenKind::quoted)) {
      if (value.is(TokenKind::bad))
        fail(value.span, "unclosed-quote", "a quote is opened and never closed", "close it with \"");
      else
        fail(op.span, "search-syntax", "a value was expected after " + std::string(op.text),
             "write a word or a \"quoted text\"; an empty value is \"\"");
      return {};
    }
    take();
    out.kind = SearchExpr::Kind::compare;
    out.field = text_of(field_token);
    out.comparison = *comparison;
    std::string text = text_of(value);
    // field=CASE(Text) forces the case.
    if (value.is(TokenKind::word) && value.text == "CASE" && peek().is(TokenKind::left_paren)) {
      take();
      text = text_of(take());
      if (!expect(TokenKind::right_paren, "a closing parenthesis")) return {};
      out.case_sensitive = true;
    }
    out.patterns.push_back(std::move(text));
    out.span.end = last_span().end;
    return out;
  }
  bool negated = false;
  if (is_operator_word(op, "NOT") || op.is_word("IN")) {
    const std::uint32_t before = position();
    Token in = take();
    if (is_operator_word(in, "NOT")) { negated = true; in = take(); }
    if (in.is_word("IN") && peek().is(TokenKind::left_paren)) {
      take();
      out.kind = SearchExpr::Kind::member;
      out.field = text_of(field_token);
      while (!failed()) {
        const Token value = take();
        if (value.is(TokenKind::right_paren)) break;
        if (value.is(TokenKind::comma)) continue;
        if (!value.is(TokenKind::word) && !value.is(TokenKind::quoted)) {
          fail(value.span, value.is(TokenKind::bad) ? "unclosed-quote" : "search-syntax",
               value.is(TokenKind::bad) ? "a quote is opened and never closed" : "the list of IN ends here without a closing parenthesis",
               "write field IN (a, b, \"c d\")");
          return {};
        }
        out.patterns.push_back(text_of(value));
      }
      out.span.end = last_span().end;
      if (out.patterns.empty()) {
        fail(out.span, "search-syntax", "the list of IN is empty", "write field IN (a, b)");
        return {};
      }
      if (!negated) return out;
      SearchExpr outer;
      outer.kind = SearchExpr::Kind::none_of;
      outer.span = out.span;
      outer.parts.push_back(std::move(out));
      return outer;
    }
    lexer_.seek(before);
  }
  if (field_token.is(TokenKind::word) && field_token.text == "*") return out;
  out.kind = SearchExpr::Kind::term;
  out.quoted = field_token.is(TokenKind::quoted);
  std::string text = text_of(field_token);
  if (!out.quoted && (text == "TERM" || text == "CASE") && peek().is(TokenKind::left_paren)) {
    take();
    out.case_sensitive = text == "CASE";
    text = text_of(take());
    if (!expect(TokenKind::right_paren, "a closing parenthesis")) return {};
    out.span.end = last_span().end;
  }
  out.patterns.push_back(std::move(text));
  return out;
}

std::optional<SearchExpr> parse_search_expression(std::string_view text, std::vector<TextProblem>& problems) {
  Parser parser(text, problems);
  SearchExpr expr = parser.search_expression();
  if (!parser.failed() && !parser.peek().is(TokenKind::end))
    parser.fail(parser.peek().span, "search-syntax", "the search expression ends here, but more text follows");
  if (parser.failed()) return std::nullopt;
  return expr;
}

}  // namespace escudo::spl
