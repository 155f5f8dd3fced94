#pragma once
// CSV as RFC 4180 has it: quotes, doubled quotes, newlines inside quotes, CRLF or LF, UTF-8 BOM
// skipped.
// Pure functions.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace escudo::base {

struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // each as long as header; short lines filled with ""
};

// The first line names the columns; blank lines are skipped. Fails, naming the line, on an unclosed
// quote and on a line that has more text than columns.
Result<CsvTable> parse_csv(std::string_view text);

// Quotes where needed. With `formula_safe` a cell that a spreadsheet would run (it begins with
// = + - @, tab or CR) gets a leading apostrophe.
void append_csv_cell(std::string& out, std::string_view cell, bool formula_safe);

}  // namespace escudo::base
