#pragma once
// Macro expansion: textual, before anything else, as Splunk does it: comments go, then `name(args)` is
// replaced by its definition, again and again. Macros inside double quotes stay as they are (`map`
// expands them when it runs), unless the string is nothing but one call of a known macro. What was expanded is remembered, so a caret can point at the place the
// user wrote.

#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "catalog/catalog.hpp"

namespace escudo::spl {

struct ExpandedText {
  std::string text;
  // Piece k covers text[pieces[k].begin, pieces[k+1].begin).
  struct Piece {
    std::uint32_t begin = 0;
    std::uint32_t origin = 0;   // offset in the original text
    bool literal = true;        // false: text from a macro; origin is the macro call
    std::uint32_t call_end = 0; // end of that call
  };
  std::vector<Piece> pieces;
  std::vector<std::string> macros;   // names used, in order of first use

  // Where a span of `text` stands in the original.
  base::Span original(base::Span span) const;
};

// A problem with the span already in terms of the original text.
struct TextProblem {
  base::Span span;
  std::string code, message, hint;
  base::Severity severity = base::Severity::error;
};

// Nesting at most 32 deep, result at most 1 MiB. Unknown macros and wrong arity are problems; the call
// is then left out.
ExpandedText expand_macros(const std::string& search, const catalog::Catalog& catalog,
                           std::vector<TextProblem>& problems);

}  // namespace escudo::spl
