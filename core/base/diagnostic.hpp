#pragma once
// Diagnostic: what is wrong with a rule (or any text a person wrote), shown the way compilers do:
//
//   detections/x.yml:23:14: error[unknown-macro]: no macro is named `proces_wmic`
//     23 |   where `proces_wmic` Processes.process = "* process *"
//        |         ^^^^^^^^^^^^^
//     hint: did you mean `process_wmic`?
//
// One golden test a code lives under tests/spl/errors. Value type, no shared state.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace escudo::base {

// Half-open byte range into some text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
};

enum class Severity { error, warning, note };

struct Diagnostic {
  Severity severity = Severity::error;
  std::string code;      // kebab-case, stable: "unknown-macro"
  std::string message;   // one sentence, no final full stop
  std::string hint;      // what to do, may be empty
  std::string file;      // as the user named it, may be empty
  std::uint32_t line = 0;    // 1-based, 0 when unknown
  std::uint32_t column = 0;  // 1-based, in bytes
  std::uint32_t width = 1;   // how many columns the caret underlines
  std::string excerpt;   // the source line `line`, may be empty
  std::uint32_t excerpt_column = 1;  // where the excerpt begins in its line: long lines are cut

  // Several lines, the last one ending in '\n'. All of it is harmless(); of a long line the part
  // round the caret is shown.
  std::string render() const;
  // "file:line:col" as far as known.
  std::string place() const;
};

// Fills line, column, width and excerpt of `d` from a span into `text`.
void locate(Diagnostic& d, std::string_view text, Span span);

using Diagnostics = std::vector<Diagnostic>;

}  // namespace escudo::base
