// Textual macro expansion. Tested by tests/spl/macro.
#include "spl/macro.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace escudo::spl {
namespace {

constexpr int kMaxDepth = 32;                 // Splunk's own limit is 100; ESCU needs 3
constexpr std::size_t kMaxBytes = 1u << 20;   // the longest given detection expands to 12 KB

struct Call {
  std::string name;
  std::vector<std::string> arguments;
};

// Cuts "name(a, "b", c)" at top-level commas; quotes around an argument are stripped.
Call parse_call(std::string_view text) {
  Call call;
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || base::trim(text).back() != ')') {
    call.name = std::string(base::trim(text));
    return call;
  }
  call.name = std::string(base::trim(text.substr(0, open)));
  std::string_view inside = base::trim(text).substr(0);
  inside = inside.substr(inside.find('(') + 1);
  inside.remove_suffix(1);
  std::string current;
  int depth = 0;
  bool quoted = false;
  auto finish = [&] {
    std::string_view a = base::trim(current);
    if (a.size() >= 2 && a.front() == '"' && a.back() == '"') a = a.substr(1, a.size() - 2);
    call.arguments.emplace_back(a);
    current.clear();
  };
  for (std::size_t i = 0; i < inside.size(); ++i) {
    const char c = inside[i];
    if (c == '\\' && quoted && i + 1 < inside.size()) { current += c; current += inside[++i]; continue; }
    if (c == '"') quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (!quoted && c == ')') --depth;
    if (!quoted && depth == 0 && c == ',') { finish(); continue; }
    current += c;
  }
  if (!base::trim(current).empty() || !call.arguments.empty()) finish();
  return call;
}

class Expander {
 public:
  Expander(const catalog::Catalog& catalog, std::vector<TextProblem>& problems)
      : catalog_(catalog), problems_(problems) {}

  // `call` is the outermost macro call while inside a definition.
  void expand(std::string_view text, int depth, std::optional<base::Span> call) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size();) {
      const char c = text[i];
      if (quoted) {
        const std::size_t n = c == '\\' && i + 1 < text.size() ? 2 : 1;
        if (c == '"') quoted = false;
        emit(text.substr(i, n), i, call);
        i += n;
        continue;
      }
      if (text.compare(i, 3, "```") == 0) {
        const std::size_t close = text.find("```", i + 3);
        if (close == std::string_view::npos) {
          problem(call.value_or(at(i, 3)), "unclosed-comment", "a comment is opened with ``` and never closed",
                  "close it with ```");
          return;
        }
        emit(" ", i, call);
        i = close + 3;
        continue;
      }
      if (c == '`') {
        const std::size_t close = text.find('`', i + 1);
        if (close == std::string_view::npos) {
          problem(call.value_or(at(i, 1)), "unclosed-macro", "a macro is opened with ` and never closed",
                  "close it with `");
          return;
        }
        const base::Span here = call.value_or(at(i, close + 1 - i));
        substitute(text.substr(i + 1, close - i - 1), depth, here);
        i = close + 1;
        continue;
      }
      if (c == '"') {
        // A string that is nothing but a macro call, "`window`", means the macro's text.
        const std::size_t close = i + 1 < text.size() && text[i + 1] == '`' ? text.find('`', i + 2) : std::string_view::npos;
        if (close != std::string_view::npos && close + 1 < text.size() && text[close + 1] == '"') {
          const Call inside = parse_call(text.substr(i + 2, close - i - 2));
          if (const catalog::Macro* macro = catalog_.find_macro(inside.name, inside.arguments.size())) {
            const bool brings_quotes = base::trim(macro->definition).starts_with('"');
            if (!brings_quotes) emit("\"", i, call);
            substitute(text.substr(i + 2, close - i - 2), depth, call.value_or(at(i + 1, close - i)));
            if (!brings_quotes) emit("\"", close + 1, call);
            i = close + 2;
            continue;
          }
        }
        quoted = true;
      }
      emit(text.substr(i, 1), i, call);
      ++i;
    }
  }

  ExpandedText take() { return std::move(out_); }

 private:
  static base::Span at(std::size_t begin, std::size_t length) {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + length)};
  }

  void problem(base::Span span, std::string code, std::string message, std::string hint) {
    for (const TextProblem& p : problems_)
      if (p.span == span && p.message == message) return;
    problems_.push_back({span, std::move(code), std::move(message), std::move(hint)});
  }

  void substitute(std::string_view inside, int depth, base::Span here) {
    const Call call = parse_call(inside);
    const catalog::Macro* macro = catalog_.find_macro(call.name, call.arguments.size());
    if (!macro) return unknown(call, here);
    if (std::find(out_.macros.begin(), out_.macros.end(), call.name) == out_.macros.end())
      out_.macros.push_back(call.name);
    if (depth >= kMaxDepth || out_.text.size() > kMaxBytes) {
      problem(here, "macro-loop", "macro `" + call.name + "` expands without end",
              "a macro must not contain itself; nesting stops at 32, text at 1 MiB");
      return;
    }
    std::string body = macro->definition;
    for (std::size_t k = 0; k < macro->arguments.size(); ++k)
      body = base::replace_all(body, "$" + macro->arguments[k] + "$", call.arguments[k]);
    expand(body, depth + 1, here);
  }

  void unknown(const Call& call, base::Span here) {
    std::vector<std::string> names = catalog_.macro_names();
    for (const std::string& name : names)
      if (name == call.name) {
        problem(here, "macro-arguments",
                "macro `" + call.name + "` takes another number of arguments than the " +
                    std::to_string(call.arguments.size()) + " given here", "look at its definition under macros/");
        return;
      }
    const std::string near = base::nearest(call.name, names);
    problem(here, "unknown-macro", "no macro is named `" + call.name + "`",
            near.empty() ? "define it in macros/ beside the rules or with --macros FILE"
                         : "did you mean `" + near + "`?");
  }

  void emit(std::string_view bytes, std::size_t origin, std::optional<base::Span> call) {
    ExpandedText::Piece piece;
    piece.begin = static_cast<std::uint32_t>(out_.text.size());
    piece.literal = !call;
    piece.origin = call ? call->begin : static_cast<std::uint32_t>(origin);
    piece.call_end = call ? call->end : 0;
    const bool continues = !out_.pieces.empty() && out_.pieces.back().literal == piece.literal &&
                           (piece.literal ? out_.pieces.back().origin + (piece.begin - out_.pieces.back().begin) == piece.origin
                                          : out_.pieces.back().origin == piece.origin);
    if (!continues) out_.pieces.push_back(piece);
    out_.text += bytes;
  }

  const catalog::Catalog& catalog_;
  std::vector<TextProblem>& problems_;
  ExpandedText out_;
};

}  // namespace

base::Span ExpandedText::original(base::Span span) const {
  auto locate = [&](std::uint32_t position, bool end) -> std::uint32_t {
    auto next = std::upper_bound(pieces.begin(), pieces.end(), end && position > 0 ? position - 1 : position,
                                 [](std::uint32_t p, const Piece& piece) { return p < piece.begin; });
    if (next == pieces.begin()) return 0;
    const Piece& piece = *std::prev(next);
    if (!piece.literal) return end ? piece.call_end : piece.origin;
    return piece.origin + (position - piece.begin);
  };
  base::Span out{locate(span.begin, false), locate(span.end, true)};
  if (out.end <= out.begin) out.end = out.begin + 1;
  return out;
}

ExpandedText expand_macros(const std::string& search, const catalog::Catalog& catalog,
                           std::vector<TextProblem>& problems) {
  Expander expander(catalog, problems);
  expander.expand(search, 0, std::nullopt);
  return expander.take();
}

}  // namespace escudo::spl
