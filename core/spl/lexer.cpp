// The two lexical worlds of SPL. Tested by tests/spl/lexer and, through the parser, by everything else.
#include "spl/lexer.hpp"

#include "base/text.hpp"

namespace escudo::spl {
namespace {

using base::is_space;

bool ends_search_word(char c) {
  return is_space(c) || c == '|' || c == '[' || c == ']' || c == '(' || c == ')' || c == ',' || c == '"' ||
         c == '=' || c == '<' || c == '>';
}

bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '@' ||
         c == '#' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_part(char c) {
  return is_name_start(c) || base::is_digit(c) || c == '{' || c == '}' || c == ':';
}

}  // namespace

bool Token::is_word(std::string_view w) const {
  return kind == TokenKind::word && base::iequals(text, w);
}

Token Lexer::peek(LexMode mode) {
  if (!cached_ || cached_mode_ != mode) {
    std::uint32_t before = position_;
    cache_ = scan(mode);
    after_cache_ = position_;
    position_ = before;
    cached_ = true;
    cached_mode_ = mode;
  }
  return cache_;
}

Token Lexer::take(LexMode mode) {
  Token token = peek(mode);
  position_ = after_cache_;
  cached_ = false;
  return token;
}

Token Lexer::scan_quoted(char quote, TokenKind kind, std::uint32_t begin) {
  std::uint32_t at = begin + 1;
  while (at < text_.size() && text_[at] != quote) at += text_[at] == '\\' && quote == '"' ? 2 : 1;
  if (at >= text_.size()) {
    position_ = static_cast<std::uint32_t>(text_.size());
    return {TokenKind::bad, text_.substr(begin), {begin, position_}};
  }
  position_ = at + 1;
  return {kind, text_.substr(begin + 1, at - begin - 1), {begin, position_}};
}

Token Lexer::scan(LexMode mode) {
  const auto size = static_cast<std::uint32_t>(text_.size());
  while (position_ < size && is_space(text_[position_])) ++position_;
  const std::uint32_t begin = position_;
  if (begin >= size) return {TokenKind::end, {}, {size, size}};
  auto make = [&](TokenKind kind, std::uint32_t length) {
    position_ = begin + length;
    return Token{kind, text_.substr(begin, length), {begin, position_}};
  };
  const char c = text_[begin];
  const char next = begin + 1 < size ? text_[begin + 1] : '\0';
  switch (c) {
    case '|': return make(TokenKind::pipe, 1);
    case '[': return make(TokenKind::left_bracket, 1);
    case ']': return make(TokenKind::right_bracket, 1);
    case '(': return make(TokenKind::left_paren, 1);
    case ')': return make(TokenKind::right_paren, 1);
    case ',': return make(TokenKind::comma, 1);
    case '"': return scan_quoted('"', TokenKind::quoted, begin);
    case '=': return make(TokenKind::op, next == '=' ? 2 : 1);
    case '<': case '>': return make(TokenKind::op, next == '=' ? 2 : 1);
    case '!': if (next == '=') return make(TokenKind::op, 2); break;
    default: break;
  }
  if (mode == LexMode::search) {
    std::uint32_t at = begin;
    while (at < size) {
      const char w = text_[at];
      if (w == '(' && at + 1 < size && text_[at + 1] == ')' && at > begin) { at += 2; continue; }
      if (w == '!' && at + 1 < size && text_[at + 1] == '=') break;
      if (ends_search_word(w)) break;
      at += w == '\\' && at + 1 < size && (text_[at + 1] == '"' || text_[at + 1] == '\\') ? 2 : 1;
    }
    return make(TokenKind::word, (at > size ? size : at) - begin);
  }
  if (c == '\'') return scan_quoted('\'', TokenKind::single_quoted, begin);
  if (base::is_digit(c) || (c == '.' && base::is_digit(next))) {
    std::uint32_t at = begin;
    while (at < size && (base::is_digit(text_[at]) || text_[at] == '.')) ++at;
    if (at + 1 < size && (text_[at] == 'e' || text_[at] == 'E') &&
        (base::is_digit(text_[at + 1]) || ((text_[at + 1] == '-' || text_[at + 1] == '+') && at + 2 < size && base::is_digit(text_[at + 2])))) {
      at += 2;
      while (at < size && base::is_digit(text_[at])) ++at;
    }
    // A name may begin with a digit (`3cx_ioc`, `5m`): then it is a word after all.
    if (at < size && is_name_part(text_[at])) {
      while (at < size && is_name_part(text_[at])) ++at;
    }
    return make(TokenKind::word, at - begin);
  }
  if (is_name_start(c)) {
    std::uint32_t at = begin;
    while (at < size) {
      if (!is_name_part(text_[at])) break;
      ++at;
    }
    return make(TokenKind::word, at - begin);
  }
  if (c == '*' || c == '+' || c == '-' || c == '/' || c == '%' || c == '.') return make(TokenKind::op, 1);
  return make(TokenKind::bad, 1);
}

namespace {
std::string unescape(std::string_view raw, bool pipe, bool control) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '\\' && i + 1 < raw.size()) {
      const char n = raw[i + 1];
      char plain = 0;
      if (n == '\\' || n == '"' || (pipe && n == '|')) plain = n;
      else if (control && n == 't') plain = '\t';
      else if (control && n == 'n') plain = '\n';
      else if (control && n == 'r') plain = '\r';
      if (plain) { out += plain; ++i; continue; }
    }
    out += raw[i];
  }
  return out;
}
}  // namespace

std::string unescape_search(std::string_view raw) { return unescape(raw, true, false); }
std::string unescape_eval(std::string_view raw) { return unescape(raw, false, true); }
std::string unescape_regex(std::string_view raw) { return unescape(raw, false, false); }

std::string print_tokens(std::string_view text) {
  static constexpr std::string_view names[] = {"end", "pipe", "left_bracket", "right_bracket", "left_paren",
                                               "right_paren", "comma", "word", "quoted", "single_quoted",
                                               "op", "bad"};
  std::string out;
  Lexer lexer(text);
  LexMode mode = LexMode::search;
  bool at_verb = true;
  for (;;) {
    Token token = lexer.take(mode);
    if (token.is(TokenKind::end)) return out;
    out += names[static_cast<int>(token.kind)];
    out += ' ';
    out += token.text;
    out += '\n';
    if (token.is(TokenKind::pipe) || token.is(TokenKind::left_bracket)) {
      at_verb = true;
      mode = LexMode::search;
    } else if (at_verb) {
      at_verb = false;
      mode = token.is_word("eval") || token.is_word("where") ? LexMode::eval : LexMode::search;
    }
  }
}

}  // namespace escudo::spl
