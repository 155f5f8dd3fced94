#pragma once
// Lexer: expanded search text -> tokens. SPL has two lexical worlds, and the parser says which one it
// is in: `search` words run to the next blank, bracket, comma or comparison (so `*\foo-1.exe` is one
// word); `eval` has identifiers, numbers and operators. Never fails: what cannot be a token is `bad`.

#include <string>
#include <string_view>

#include "base/diagnostic.hpp"

namespace escudo::spl {

enum class TokenKind { end, pipe, left_bracket, right_bracket, left_paren, right_paren, comma,
                       word, quoted, single_quoted, op, bad };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;   // as written; for quoted tokens without the quotes
  base::Span span;         // of the whole token
  bool is(TokenKind k) const { return kind == k; }
  bool is_op(std::string_view o) const { return kind == TokenKind::op && text == o; }
  // A bare word, compared without case.
  bool is_word(std::string_view w) const;
};

enum class LexMode { search, eval };

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}   // `text` must outlive the lexer and its tokens

  Token peek(LexMode mode);
  Token take(LexMode mode);
  std::uint32_t position() const { return position_; }     // of the next unread byte
  void seek(std::uint32_t position) { position_ = position; cached_ = false; }
  std::string_view text() const { return text_; }

 private:
  Token scan(LexMode mode);
  Token scan_quoted(char quote, TokenKind kind, std::uint32_t begin);
  std::string_view text_;
  std::uint32_t position_ = 0;
  bool cached_ = false;
  LexMode cached_mode_ = LexMode::search;
  Token cache_;
  std::uint32_t after_cache_ = 0;
};

// Escapes of search literals: \\ \" \| lose their backslash, every other sequence stays (§ docs/spl.md).
std::string unescape_search(std::string_view raw);
// Escapes of eval strings: \\ \" and the control characters \t \n \r; every other sequence stays.
std::string unescape_eval(std::string_view raw);
// Escapes of regular expressions: \\ and \" only, so that \t and \( reach PCRE as they are.
std::string unescape_regex(std::string_view raw);

// All tokens of a text, one a line: "word  tstats". The mode changes with the verb as in the parser.
std::string print_tokens(std::string_view text);

}  // namespace escudo::spl
