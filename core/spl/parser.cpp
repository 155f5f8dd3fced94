// The pipeline level of the parser: commands between bars, brackets within brackets.
#include "spl/parser.hpp"

#include "base/text.hpp"

namespace escudo::spl {
namespace {
constexpr int kMaxNesting = 200;   // recursion of the parser; ESCU's deepest search needs 9
}

bool Parser::Depth::ok() {
  if (parser.depth_ <= kMaxNesting) return true;
  if (!parser.failed())
    parser.fail(parser.last_span_, "too-deep", "the search nests deeper than 200 levels", "simplify the parentheses");
  return false;
}

void Parser::fail(Span span, std::string code, std::string message, std::string hint) {
  if (failed_) return;
  failed_ = true;
  problems_.push_back({span, std::move(code), std::move(message), std::move(hint)});
  lexer_.seek(static_cast<std::uint32_t>(lexer_.text().size()));   // everything ends here
}

void Parser::warn(Span span, std::string code, std::string message, std::string hint) {
  problems_.push_back({span, std::move(code), std::move(message), std::move(hint), base::Severity::warning});
}

bool Parser::at_end() {
  const Token token = peek();
  return token.is(TokenKind::end) || token.is(TokenKind::pipe) || token.is(TokenKind::right_bracket);
}

bool Parser::accept_word(std::string_view word) {
  const Token token = peek();
  if (!token.is_word(word)) return false;
  take();
  return true;
}

bool Parser::accept(TokenKind kind, LexMode mode) {
  if (!peek(mode).is(kind)) return false;
  take(mode);
  return true;
}

bool Parser::expect(TokenKind kind, std::string_view what, LexMode mode) {
  if (accept(kind, mode)) return true;
  const Token token = peek(mode);
  fail(token.span, "syntax", std::string(what) + " was expected here" +
                                 (token.text.empty() ? std::string() : ", not `" + std::string(token.text) + "`"));
  return false;
}

Token Parser::take(LexMode mode) {
  const Token token = lexer_.take(mode);
  if (!token.is(TokenKind::end)) last_span_ = token.span;
  return token;
}

bool Parser::is_clause_word(const Token& token) const {
  if (!token.is(TokenKind::word)) return false;
  for (std::string_view word : clause_words_)
    if (base::iequals(token.text, word)) return true;
  return false;
}

std::string Parser::text_of(const Token& token) const { return unescape_search(token.text); }

Command Parser::command(bool implicit_search) {
  Command out;
  const Token token = peek();
  out.span.begin = token.span.begin;
  const VerbEntry* verb = nullptr;
  if (implicit_search) {
    out.name = "search";
    verb = find_verb("search");
  } else {
    if (!token.is(TokenKind::word)) {
      fail(token.span, "syntax", token.text.empty() ? "a command is missing here" : "a command was expected here, not `" + std::string(token.text) + "`");
      return out;
    }
    take();
    out.name = base::to_lower(token.text);
    verb = find_verb(out.name);
    if (!verb) {
      const std::string near = base::nearest(out.name, verb_names());
      // A name near no other may well be the command of some Splunk app: then the rule is not wrong.
      fail(token.span, near.empty() ? "unsupported-command" : "unknown-command", "`" + out.name + "` is not a command Escudo knows",
           near.empty() ? "docs/spl.md lists the commands" : "did you mean `" + near + "`?");
      return out;
    }
  }
  out.verb = verb->parse(*this);
  if (failed()) return out;
  if (!at_end()) {
    const Token rest = peek();
    if (rest.is(TokenKind::bad))
      fail(rest.span, "unclosed-quote", "a quote is opened and never closed", "close it with \"");
    else
      fail(rest.span, "syntax", "`" + std::string(rest.text) + "` does not belong to " + out.name,
           "a `|` may be missing before it");
    return out;
  }
  out.span.end = last_span_.end > out.span.begin ? last_span_.end : out.span.begin + 1;
  return out;
}

PipelinePtr Parser::pipeline(bool inside_brackets, bool starts_with_rows) {
  Depth depth(*this);
  if (!depth.ok()) return nullptr;
  Clauses none(*this, {});
  auto out = std::make_shared<Pipeline>();
  out->span.begin = peek().span.begin;
  bool first = true;
  while (!failed()) {
    const bool bar = accept(TokenKind::pipe);
    const Token next = peek();
    if (first && !bar && at_end()) break;   // nothing at all: not a search for everything
    if (first && !bar && !starts_with_rows) {
      const VerbEntry* verb = next.is(TokenKind::word) ? find_verb(base::to_lower(next.text)) : nullptr;
      const bool names_verb = next.is_word("search") || (inside_brackets && verb && verb->generates);
      out->commands.push_back(command(!names_verb));
    } else if (!bar && !first) {
      break;
    } else if (bar && (next.is(TokenKind::pipe) || at_end())) {
      // An empty stage: `| |`, or a macro that expanded to nothing. Splunk refuses it, and so do we,
      // except at the very end, where content repositories leave one behind.
      if (next.is(TokenKind::pipe) && !first) {
        fail(next.span, "syntax", "a command is missing between two bars");
        break;
      }
      if (next.is(TokenKind::pipe)) continue;
      break;
    } else {
      out->commands.push_back(command(false));
    }
    first = false;
  }
  if (failed()) return nullptr;
  const Token rest = peek();
  if (!inside_brackets && !rest.is(TokenKind::end)) {
    fail(rest.span, "syntax", "`" + std::string(rest.text) + "` closes nothing that is open");
    return nullptr;
  }
  if (out->commands.empty()) {
    fail({out->span.begin, out->span.begin + 1}, "empty-search", "the search is empty");
    return nullptr;
  }
  out->span.end = last_span_.end;
  return out;
}

PipelinePtr Parser::bracketed(bool starts_with_rows) {
  if (!expect(TokenKind::left_bracket, "`[`")) return nullptr;
  PipelinePtr inside = pipeline(true, starts_with_rows);
  if (failed() || !expect(TokenKind::right_bracket, "`]`")) return nullptr;
  return inside;
}

std::string_view Parser::bracketed_text(Span& span) {
  if (!expect(TokenKind::left_bracket, "`[`")) return {};
  const std::uint32_t begin = last_span_.end;
  int depth = 1;
  while (!failed()) {
    const Token token = take();
    if (token.is(TokenKind::end)) {
      fail({begin - 1, begin}, "syntax", "`[` is opened and never closed");
      return {};
    }
    if (token.is(TokenKind::left_bracket)) ++depth;
    if (token.is(TokenKind::right_bracket) && --depth == 0) {
      span = {begin, token.span.begin};
      return source().substr(begin, token.span.begin - begin);
    }
  }
  return {};
}

PipelinePtr parse_body(std::string_view text, std::vector<TextProblem>& problems) {
  Parser parser(text, problems);
  PipelinePtr out = parser.pipeline(false, true);
  return parser.failed() ? nullptr : out;
}

PipelinePtr parse(std::string_view text, std::vector<TextProblem>& problems) {
  Parser parser(text, problems);
  PipelinePtr out = parser.pipeline(false, false);
  return parser.failed() ? nullptr : out;
}

}  // namespace escudo::spl
