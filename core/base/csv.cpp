#include "base/csv.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"

namespace escudo::base {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool done() const { return at_ == text_.size(); }
  std::size_t line() const { return line_; }

  // One line of cells. Nothing when a quote is not closed: line() is then where it was opened.
  std::optional<std::vector<std::string>> row() {
    std::vector<std::string> cells;
    for (;;) {
      cells.emplace_back();
      if (!cell(cells.back())) return {};
      if (done()) return cells;
      if (text_[at_] == ',') {
        ++at_;
        continue;
      }
      if (text_[at_] == '\r') ++at_;
      if (!done() && text_[at_] == '\n') ++at_;
      ++line_;
      return cells;
    }
  }

 private:
  bool cell(std::string& out) {
    if (!done() && text_[at_] == '"') {
      ++at_;
      if (!quoted(out)) return false;
    }
    // A quote inside an unquoted cell, and what follows a closing quote, is text.
    const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
    out += text_.substr(at_, end - at_);
    at_ = end;
    return true;
  }

  bool quoted(std::string& out) {
    std::size_t lines = 0;
    while (!done()) {
      const std::size_t quote = text_.find('"', at_);
      if (quote == std::string_view::npos) return false;
      const std::string_view part = text_.substr(at_, quote - at_);
      lines += static_cast<std::size_t>(std::ranges::count(part, '\n'));
      out += part;
      at_ = quote + 1;
      if (done() || text_[at_] != '"') {
        line_ += lines;
        return true;
      }
      out += '"';
      ++at_;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

Result<CsvTable> parse_csv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  CsvTable table;
  Reader in(text);
  bool first = true;
  while (!in.done()) {
    const std::size_t line = in.line();
    auto cells = in.row();
    if (!cells) {
      return Error{"line " + std::to_string(in.line()) + ": a quote is opened and not closed"};
    }
    if (cells->size() == 1 && cells->front().empty()) continue;  // a blank line
    if (first) {
      // "notes, status" names "status": blanks around a name are how people write lists.
      for (const std::string& name : *cells) table.header.emplace_back(trim(name));
      first = false;
      continue;
    }
    if (cells->size() > table.header.size()) {
      // Surplus separators at a line's end are what spreadsheets write; surplus text is damage.
      const auto surplus = cells->begin() + static_cast<std::ptrdiff_t>(table.header.size());
      if (!std::all_of(surplus, cells->end(), [](const std::string& c) { return c.empty(); })) {
        return Error{"line " + std::to_string(line) + ": " + std::to_string(cells->size()) +
                     " cells under " + std::to_string(table.header.size()) + " column names"};
      }
    }
    cells->resize(table.header.size());
    table.rows.push_back(std::move(*cells));
  }
  return table;
}

void append_csv_cell(std::string& out, std::string_view cell, bool formula_safe) {
  constexpr std::string_view starts_formula = "=+-@\t\r";
  const bool escape =
      formula_safe && !cell.empty() && starts_formula.find(cell.front()) != std::string_view::npos;
  if (!escape && cell.find_first_of(",\"\r\n") == std::string_view::npos &&
      (cell.empty() || (cell.front() != ' ' && cell.back() != ' '))) {
    out += cell;
    return;
  }
  out += '"';
  if (escape) out += '\'';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace escudo::base
