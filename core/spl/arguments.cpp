// The argument pieces that many verbs share: options, names, aggregates, time spans.
#include <cmath>

#include "base/text.hpp"
#include "event/value.hpp"
#include "spl/parser.hpp"

namespace escudo::spl {

bool Parser::option(std::string& name, Token& value) {
  const Token word = peek();
  if (!word.is(TokenKind::word)) return false;
  const std::uint32_t before = position();
  const Span before_span = last_span_;
  take();
  if (!peek().is_op("=")) {
    lexer_.seek(before);
    last_span_ = before_span;
    return false;
  }
  take();
  value = peek();
  if (value.is(TokenKind::left_paren)) {   // startswith=(…): the verb reads it
    name = base::to_lower(word.text);
    return true;
  }
  if (!value.is(TokenKind::word) && !value.is(TokenKind::quoted)) {
    fail(word.span, "syntax", "option " + std::string(word.text) + " has no value", "write " + std::string(word.text) + "=value");
    return false;
  }
  take();
  name = base::to_lower(word.text);
  return true;
}

std::string Parser::name_token() {
  const Token token = peek();
  if (!token.is(TokenKind::word) && !token.is(TokenKind::quoted)) {
    fail(token.span, token.is(TokenKind::bad) ? "unclosed-quote" : "syntax",
         token.is(TokenKind::bad) ? "a quote is opened and never closed" : "a field name was expected here");
    return {};
  }
  take();
  std::string name = text_of(token);
  // 'single quotes' are an eval habit; here they are forgiven.
  if (token.is(TokenKind::word) && name.size() > 2 && name.front() == '\'' && name.back() == '\'')
    name = name.substr(1, name.size() - 2);
  return name;
}

std::vector<std::string> Parser::name_list() {
  std::vector<std::string> names;
  skip_commas();
  while (!failed() && !at_end() && !is_clause_word(peek())) {
    names.push_back(name_token());
    skip_commas();
  }
  return names;
}

bool Parser::boolean(const Token& value) {
  const std::string text = base::to_lower(value.text);
  if (text == "true" || text == "t" || text == "1" || text == "yes") return true;
  if (text == "false" || text == "f" || text == "0" || text == "no") return false;
  fail(value.span, "syntax", "`" + std::string(value.text) + "` is neither true nor false");
  return false;
}

std::int64_t Parser::integer(const Token& value) {
  auto number = event::parse_number(value.text);
  if (number && std::fabs(*number) < 9e15 && std::floor(*number) == *number)
    return static_cast<std::int64_t>(*number);
  fail(value.span, "syntax", "`" + std::string(value.text) + "` is not a whole number");
  return 0;
}

std::optional<TimeSpan> Parser::time_span(const Token& value) {
  std::string_view text = value.text;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) text = text.substr(0, at);
  std::size_t digits = 0;
  while (digits < text.size() && base::is_digit(text[digits])) ++digits;
  double count = 1;
  if (digits > 0) count = *event::parse_number(text.substr(0, digits));
  const std::string unit = base::to_lower(text.substr(digits));
  struct Unit { std::string_view names; double seconds; int months; };
  static constexpr Unit units[] = {
      {"|us|", 1e-6, 0}, {"|ms|", 1e-3, 0}, {"|cs|", 1e-2, 0}, {"|ds|", 1e-1, 0},
      {"||s|sec|secs|second|seconds|", 1, 0}, {"|m|min|mins|minute|minutes|", 60, 0},
      {"|h|hr|hrs|hour|hours|", 3600, 0}, {"|d|day|days|", 86400, 0}, {"|w|week|weeks|", 604800, 0},
      {"|mon|month|months|", 0, 1}, {"|q|qtr|qtrs|quarter|quarters|", 0, 3}, {"|y|yr|yrs|year|years|", 0, 12}};
  for (const Unit& u : units) {
    if (u.names.find("|" + unit + "|") == std::string_view::npos) continue;
    if (count <= 0 || count > 1e9) break;
    return TimeSpan{static_cast<std::int64_t>(count * u.seconds * 1e6), static_cast<int>(count * u.months)};
  }
  fail(value.span, "syntax", "`" + std::string(value.text) + "` is not a time span", "write 30s, 5m, 1h, 2d, 1w or 1mon");
  return std::nullopt;
}

std::vector<Aggregate> Parser::aggregates() {
  std::vector<Aggregate> out;
  skip_commas();
  while (!failed() && !at_end() && !is_clause_word(peek())) {
    Aggregate next;
    aggregate(next);
    out.push_back(std::move(next));
    skip_commas();
  }
  return out;
}

void Parser::aggregate(Aggregate& out) {
  static constexpr std::string_view known[] = {
      "count", "c", "sum", "avg", "mean", "min", "max", "range", "stdev", "stdevp", "var", "varp", "values",
      "list", "dc", "distinct_count", "estdc", "first", "last", "earliest", "latest", "earliest_time",
      "latest_time", "median", "mode", "sumsq", "rate"};
  Token function = take();
  std::string name = base::to_lower(function.text);
  if (!function.is(TokenKind::word)) {
    fail(function.span, function.is(TokenKind::bad) ? "unclosed-quote" : "syntax",
         function.is(TokenKind::bad) ? "a quote is opened and never closed" : "an aggregate such as count or values(field) was expected here");
    return;
  }
  if (name.ends_with("()")) name.resize(name.size() - 2);
  out.function = name;
  for (std::string_view prefix : {"exactperc", "upperperc", "perc", "p"}) {
    auto number = name.size() > prefix.size() && name.starts_with(prefix) && base::is_digit(name[prefix.size()])
                      ? event::parse_number(std::string_view(name).substr(prefix.size())) : std::nullopt;
    if (!number) continue;
    out.function = "perc";
    out.argument = *number;
    break;
  }
  bool ok = out.function == "perc";
  for (std::string_view k : known) ok = ok || k == out.function;
  if (!ok) {
    std::vector<std::string> names(std::begin(known), std::end(known));
    const std::string near = base::nearest(name, names);
    fail(function.span, "unknown-aggregate", "`" + name + "` is not an aggregate Escudo knows",
         near.empty() ? "docs/spl.md lists them" : "did you mean `" + near + "`?");
    return;
  }
  std::string shown;
  if (peek().is(TokenKind::left_paren)) {
    take();
    const Token inside = peek();
    if (inside.is_word("eval")) {
      take();
      if (!expect(TokenKind::left_paren, "the expression of eval")) return;
      const std::uint32_t begin = position();
      out.expression = eval_expression();
      if (failed() || !expect(TokenKind::right_paren, "a closing parenthesis", LexMode::eval)) return;
      shown = "eval(" + std::string(base::trim(source().substr(begin, last_span_.begin - begin))) + ")";
    } else if (!inside.is(TokenKind::right_paren)) {
      out.field = name_token();
      shown = out.field;
    }
    if (failed() || !expect(TokenKind::right_paren, "a closing parenthesis")) return;
  }
  if (out.field.empty() && !out.expression && out.function != "count" && out.function != "c") {
    fail(function.span, "syntax", name + " needs a field", "write " + name + "(field)");
    return;
  }
  // Splunk's own name of an unnamed column keeps the function as written.
  out.output = shown.empty() ? (name == "c" ? "count" : name) : name + "(" + shown + ")";
  if (out.function == "c") out.function = "count";
  if (out.function == "distinct_count" || out.function == "estdc") out.function = "dc";
  if (out.function == "mean") out.function = "avg";
  if (out.function == "median") { out.function = "perc"; out.argument = 50; }
  if (accept_word("as")) {
    out.output = name_token();
    out.named = true;
    // ESCU names columns `aceFlags(inheritance)`: a parenthesis glued to the name belongs to it.
    if (!failed() && peek().is(TokenKind::left_paren) && peek().span.begin == last_span_.end) {
      const std::uint32_t begin = last_span_.end;
      while (!failed() && !accept(TokenKind::right_paren)) {
        if (at_end()) return fail({begin, begin + 1}, "syntax", "`(` is opened and never closed");
        take();
      }
      out.output += source().substr(begin, last_span_.end - begin);
    }
  }
  out.span = {function.span.begin, last_span_.end};
}

}  // namespace escudo::spl
