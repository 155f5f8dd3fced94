// Eval expressions: precedence climbing, loosest first: XOR, OR, AND, comparison (and IN, LIKE), + - .,
// * / %, unary. Tested by tests/spl/eval.
#include "base/text.hpp"
#include "event/value.hpp"
#include "spl/parser.hpp"

namespace escudo::spl {
namespace {

using Op = Expr::Op;

struct Level { std::string_view text; bool word; Op op; int level; };
// XOR is the loosest ("AND before OR, then XOR").
constexpr Level kOperators[] = {
    {"XOR", true, Op::logical_xor, 0}, {"OR", true, Op::logical_or, 1}, {"AND", true, Op::logical_and, 2},
    {"=", false, Op::equal, 4}, {"==", false, Op::equal, 4}, {"!=", false, Op::not_equal, 4},
    {"<", false, Op::less, 4}, {"<=", false, Op::less_equal, 4}, {">", false, Op::greater, 4},
    {">=", false, Op::greater_equal, 4},
    {"+", false, Op::add, 5}, {"-", false, Op::subtract, 5}, {".", false, Op::concat, 5},
    {"*", false, Op::multiply, 6}, {"/", false, Op::divide, 6}, {"%", false, Op::modulo, 6}};
constexpr int kNotLevel = 3, kLoosest = 0, kUnary = 7;
// All binary operators of one search. a+a+…+a leans to the left, so that everything that walks or frees
// the tree recurses once an operator; at 200 bytes a call this is 1 MB of stack.
constexpr int kMostOperators = 5000;

const Level* binary_operator(const Token& token) {
  for (const Level& level : kOperators) {
    if (level.word ? token.is_word(level.text) : token.is_op(level.text)) return &level;
  }
  return nullptr;
}

Expr call(std::string name, std::vector<Expr> args, Span span) {
  Expr out;
  out.kind = Expr::Kind::call;
  out.text = std::move(name);
  out.args = std::move(args);
  out.span = span;
  return out;
}

// `a.b` without blanks is the field "a.b" where a row has one, else a concatenation; the text keeps both.
std::string dotted_name(const Expr& left, const Expr& right) {
  auto name = [](const Expr& e) -> std::string {
    if (e.kind == Expr::Kind::field) return e.text;
    if (e.kind == Expr::Kind::binary && e.op == Op::concat) return e.text;
    return {};
  };
  const std::string a = name(left), b = name(right);
  return left.span.end + 1 == right.span.begin && !a.empty() && !b.empty() ? a + "." + b : std::string();
}

}  // namespace

Expr Parser::eval_expression() { return eval_binary(kLoosest); }

Expr Parser::eval_binary(int level) {
  if (level == kUnary) return eval_unary();
  if (level == kNotLevel) {
    const Token token = peek(LexMode::eval);
    if (token.is_word("NOT")) {
      Depth depth(*this);
      if (!depth.ok()) return {};
      take(LexMode::eval);
      Expr out;
      out.kind = Expr::Kind::logical_not;
      out.args.push_back(eval_binary(kNotLevel));
      if (failed()) return {};
      out.span = {token.span.begin, out.args.front().span.end};
      return out;
    }
    return eval_binary(level + 1);
  }
  Expr left = eval_binary(level + 1);
  while (!failed()) {
    const Token token = peek(LexMode::eval);
    if (level == 4) {
      // x IN (…), x NOT IN (…), x LIKE "…"
      bool negated = false;
      const std::uint32_t before = position();
      Token word = token;
      if (token.is_word("NOT")) {
        take(LexMode::eval);
        word = peek(LexMode::eval);
        negated = true;
      }
      if (word.is_word("IN") || word.is_word("LIKE")) {
        if (!count_operator(word)) return {};
        take(LexMode::eval);
        std::vector<Expr> args{std::move(left)};
        const Span start = args.front().span;
        if (word.is_word("LIKE")) {
          args.push_back(eval_binary(5));
        } else {
          if (!expect(TokenKind::left_paren, "the list of IN", LexMode::eval)) return {};
          while (!failed() && !accept(TokenKind::right_paren, LexMode::eval)) {
            args.push_back(eval_expression());
            if (!failed() && !peek(LexMode::eval).is(TokenKind::right_paren) &&
                !expect(TokenKind::comma, "a comma or the end of the list", LexMode::eval)) return {};
          }
        }
        if (failed()) return {};
        left = call(word.is_word("LIKE") ? "like" : "in", std::move(args), {start.begin, last_span().end});
        if (negated) {
          Expr outer;
          outer.kind = Expr::Kind::logical_not;
          outer.span = left.span;
          outer.args.push_back(std::move(left));
          left = std::move(outer);
        }
        continue;
      }
      if (negated) lexer_.seek(before);
    }
    const Level* found = binary_operator(token);
    if (!found || found->level != level) return left;
    if (!count_operator(token)) return {};
    take(LexMode::eval);
    Expr out;
    out.kind = Expr::Kind::binary;
    out.op = found->op;
    Expr right = eval_binary(level + 1);
    if (failed()) return {};
    if (out.op == Op::concat) out.text = dotted_name(left, right);
    out.span = {left.span.begin, right.span.end};
    out.args.push_back(std::move(left));
    out.args.push_back(std::move(right));
    left = std::move(out);
  }
  return {};
}

bool Parser::count_operator(const Token& token) {
  if (++eval_operators_ <= kMostOperators) return true;
  fail(token.span, "too-deep", "the search has more than 5,000 operators in its expressions",
       "split it into several");
  return false;
}

Expr Parser::eval_unary() {
  const Token token = peek(LexMode::eval);
  Depth depth(*this);
  if (!depth.ok()) return {};
  if (token.is_op("-") || token.is_op("+")) {
    take(LexMode::eval);
    Expr inner = eval_unary();
    if (token.is_op("+") || failed()) return inner;
    Expr out;
    out.kind = Expr::Kind::negate;
    out.span = {token.span.begin, inner.span.end};
    out.args.push_back(std::move(inner));
    return out;
  }
  return eval_postfix();
}

Expr Parser::eval_postfix() {
  const Token token = take(LexMode::eval);
  Expr out;
  out.span = token.span;
  switch (token.kind) {
    case TokenKind::left_paren: {
      Expr inside = eval_expression();
      if (failed() || !expect(TokenKind::right_paren, "a closing parenthesis", LexMode::eval)) return {};
      if (inside.kind == Expr::Kind::binary) inside.text.clear();
      inside.span = {token.span.begin, last_span().end};
      return inside;
    }
    case TokenKind::quoted:
      out.kind = Expr::Kind::string;
      out.text = unescape_eval(token.text);
      return out;
    case TokenKind::single_quoted:
      out.kind = Expr::Kind::field;
      out.text = std::string(token.text);
      return out;
    case TokenKind::word: {
      if (peek(LexMode::eval).is(TokenKind::left_paren)) return eval_call(token);
      if (auto number = event::parse_number(token.text)) {
        out.kind = Expr::Kind::number;
        out.number = *number;
        out.text = std::string(token.text);
        return out;
      }
      out.kind = Expr::Kind::field;
      out.text = std::string(token.text);
      return out;
    }
    case TokenKind::bad:
      fail(token.span, token.text.starts_with('"') || token.text.starts_with('\'') ? "unclosed-quote" : "eval-syntax",
           token.text.starts_with('"') || token.text.starts_with('\'')
               ? "a quote is opened and never closed"
               : "`" + std::string(token.text) + "` has no meaning in an expression",
           "text goes in \"double quotes\", odd field names in 'single quotes'");
      return {};
    default:
      fail(token.span, "eval-syntax", "a value was expected here", "a field, a number, a \"text\" or a function call");
      return {};
  }
}

Expr Parser::eval_call(const Token& name) {
  take(LexMode::eval);   // (
  std::vector<Expr> args;
  while (!failed() && !accept(TokenKind::right_paren, LexMode::eval)) {
    args.push_back(eval_expression());
    if (failed()) return {};
    if (peek(LexMode::eval).is(TokenKind::right_paren)) continue;
    if (!expect(TokenKind::comma, "a comma or a closing parenthesis", LexMode::eval)) return {};
  }
  if (failed()) return {};
  return call(base::to_lower(name.text), std::move(args), {name.span.begin, last_span().end});
}

std::optional<Expr> parse_eval(std::string_view text, std::vector<TextProblem>& problems) {
  Parser parser(text, problems);
  Expr expr = parser.eval_expression();
  if (!parser.failed() && !parser.peek(LexMode::eval).is(TokenKind::end))
    parser.fail(parser.peek(LexMode::eval).span, "eval-syntax", "the expression ends here, but more text follows");
  if (parser.failed()) return std::nullopt;
  return expr;
}

}  // namespace escudo::spl
