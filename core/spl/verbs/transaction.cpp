// transaction FIELDS [maxspan=S] [maxpause=S] [maxevents=N] [startswith=…] [endswith=…] …
#include "spl/verbs/verbs.hpp"

namespace escudo::spl::verbs {

namespace {

// What was parsed out of a quoted text stands where the text stands.
void place(SearchExpr& expr, Span span) {
  expr.span = span;
  for (SearchExpr& part : expr.parts) place(part, span);
}

// startswith=(search expression), startswith="search expression", startswith=eval(expression)
void boundary(Parser& p, const Token& value, std::optional<SearchExpr>& search, std::optional<Expr>& eval) {
  if (value.is(TokenKind::left_paren)) {
    p.expect(TokenKind::left_paren, "`(`");
    search = p.search_expression();
    if (!p.failed()) p.expect(TokenKind::right_paren, "`)`");
  } else if (value.is_word("eval") && p.peek().is(TokenKind::left_paren)) {
    p.take();
    eval = p.eval_expression();
    if (!p.failed()) p.expect(TokenKind::right_paren, "`)`", LexMode::eval);
  } else {
    std::vector<TextProblem> inner;
    const std::string text = p.text_of(value);
    if (value.is(TokenKind::quoted)) search = parse_search_expression(text, inner);
    if (search && inner.empty()) {
      place(*search, value.span);
      return;
    }
    SearchExpr term;
    term.kind = SearchExpr::Kind::term;
    term.quoted = value.is(TokenKind::quoted);
    term.patterns.push_back(text);
    term.span = value.span;
    search = std::move(term);
  }
}

}  // namespace

Verb parse_transaction(Parser& p) {
  Transaction out;
  std::string name;
  Token value;
  p.skip_commas();
  while (!p.failed() && !p.at_end()) {
    if (p.option(name, value)) {
      if (name == "maxspan") out.max_span = p.time_span(value);
      else if (name == "maxpause") out.max_pause = p.time_span(value);
      else if (name == "maxevents") out.max_events = p.integer(value);
      else if (name == "startswith") boundary(p, value, out.starts_with, out.starts_with_eval);
      else if (name == "endswith") boundary(p, value, out.ends_with, out.ends_with_eval);
      else if (name == "connected") out.connected = p.boolean(value);
      else if (name == "keepevicted") out.keep_evicted = p.boolean(value);
      else if (name == "keeporphans") out.keep_orphans = p.boolean(value);
      else if (name == "mvlist") out.mv_list = p.boolean(value);
      else if (name == "unifyends" || name == "delim" || name == "nullstr" || name == "maxopentxn" || name == "maxopenevents") {}
      else p.fail(value.span, "unknown-option", "transaction has no option " + name);
    } else {
      out.fields.push_back(p.name_token());
    }
    p.skip_commas();
  }
  return out;
}

}  // namespace escudo::spl::verbs
