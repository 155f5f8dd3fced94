// Recursive descent over a grammar of three forms: name, "constant" (or a bare number), name(…).

#include "cim/expression.hpp"

#include "base/text.hpp"

namespace escudo::cim {
namespace {

constexpr std::size_t max_text = 64 * 1024;
constexpr int max_depth = 32;
constexpr std::size_t max_arguments = 64;

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || base::is_digit(c) || c == ':'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  base::Result<Expression> whole() {
    Expression result;
    if (!parse(result, 0)) return base::Error{std::move(error_)};
    skip_space();
    if (at_ != text_.size()) return base::Error{"unexpected " + rest()};
    return result;
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && base::is_space(text_[at_])) ++at_;
  }
  bool next_is(char c) {
    skip_space();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string rest() const {
    if (at_ >= text_.size()) return "end of the expression";
    return "'" + base::harmless(text_.substr(at_, 20)) + "' at column " + std::to_string(at_ + 1);
  }
  bool fail(std::string message) {
    error_ = std::move(message);
    return false;
  }

  bool parse(Expression& out, int depth) {
    if (depth > max_depth) return fail("more than 32 levels of calls");
    skip_space();
    if (at_ >= text_.size()) return fail("an expression is missing at the end");
    char c = text_[at_];
    if (c == '"') return constant(out);
    if (base::is_digit(c)) return number(out);
    if (is_name_start(c)) return name(out, depth);
    return fail("unexpected " + rest());
  }

  bool constant(Expression& out) {
    out.type = Expression::Type::constant;
    for (++at_; at_ < text_.size(); ++at_) {
      char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (c == '\\') {
        if (++at_ >= text_.size()) break;
        c = text_[at_];
        if (c == 'n')
          c = '\n';
        else if (c != '\\' && c != '"')
          return fail("unknown escape \\" + std::string(1, c));
      }
      out.text.push_back(c);
    }
    return fail("a quote is not closed");
  }

  bool number(Expression& out) {
    out.type = Expression::Type::constant;
    while (at_ < text_.size() && base::is_digit(text_[at_])) out.text.push_back(text_[at_++]);
    return true;
  }

  bool name(Expression& out, int depth) {
    out.type = Expression::Type::field;
    while (at_ < text_.size() && is_name_part(text_[at_])) out.text.push_back(text_[at_++]);
    if (!next_is('(')) return true;
    out.type = Expression::Type::call;
    if (next_is(')')) return true;
    do {
      if (out.arguments.size() == max_arguments) return fail(out.text + "() has over 64 arguments");
      if (!parse(out.arguments.emplace_back(), depth + 1)) return false;
    } while (next_is(','));
    if (!next_is(')')) return fail("expected ',' or ')' instead of " + rest());
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
};

void print_to(const Expression& e, std::string& out) {
  if (e.type == Expression::Type::constant) {
    out.push_back('"');
    for (char c : e.text) {
      if (c == '\n') {
        out += "\\n";
        continue;
      }
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    out.push_back('"');
    return;
  }
  out += e.text;
  if (e.type == Expression::Type::field) return;
  out.push_back('(');
  for (std::size_t i = 0; i < e.arguments.size(); ++i) {
    if (i) out += ", ";
    print_to(e.arguments[i], out);
  }
  out.push_back(')');
}

}  // namespace

std::string Expression::print() const {
  std::string out;
  print_to(*this, out);
  return out;
}

base::Result<Expression> parse_expression(std::string_view text) {
  if (text.size() > max_text) return base::Error{"an expression of over 64 KiB"};
  return Parser(text).whole();
}

}  // namespace escudo::cim
