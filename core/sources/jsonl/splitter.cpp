// Tested by tests/unit/sources/json_splitter.cpp; fuzzed by tests/fuzz/json.cpp.

#include "sources/jsonl/splitter.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t longest_line_tried = 1 << 20;
constexpr std::size_t beginning_bytes = 4096;
// Going back to read again what a torn object seemed to hold costs up to one event's size each
// time.
constexpr int most_returns = 64;

// evtx_dump's own JSON format puts "Record 12" above each object.
bool is_record_heading(std::string_view line) {
  if (!line.starts_with("Record ")) return false;
  line = base::trim(line.substr(7));
  return !line.empty() && std::ranges::all_of(line, base::is_digit);
}

}  // namespace

JsonPiece JsonSplitter::next() {
  window_.consume(drop_);
  drop_ = 0;
  given_ = {};
  if (given_as_line_) one_a_line_ = true;  // and it was accepted
  given_as_line_ = false;
  if (find_object(given_)) {
    if (follow_ || !line_start_ || !whole_line(given_)) given_ = follow_braces();
    follow_ = false;
    line_start_ = false;
  }
  return given_;
}

bool JsonSplitter::rescan() {
  if (given_as_line_) {
    given_as_line_ = false;
    follow_ = true;
    drop_ = 0;
    line_start_ = true;
    return true;
  }
  const std::size_t newline = given_.text.find('\n');
  if (newline != std::string_view::npos && returns_++ < most_returns) {
    drop_ = newline + 1;
    line_start_ = one_a_line_ = true;
  }
  after_torn_ = true;
  return false;
}

// Leaves the window at a '{'; false when there is something else to tell.
bool JsonSplitter::find_object(JsonPiece& other) {
  for (;;) {
    const std::string_view text = window_.text();
    std::size_t at = 0;
    while (at < text.size() &&
           (base::is_space(text[at]) || text[at] == ',' || text[at] == '[' || text[at] == ']')) {
      if (text[at] == '\n') line_start_ = true;
      if (text[at] == '[') line_start_ = false;
      ++at;
    }
    window_.consume(at);
    if (at == text.size()) {
      if (!window_.more()) return false;
      continue;
    }
    if (text[at] == '{') {
      after_torn_ = false;
      return true;
    }
    std::size_t newline = window_.text().find('\n');
    while (newline == std::string_view::npos && window_.text().size() < beginning_bytes &&
           window_.more()) {
      newline = window_.text().find('\n');
    }
    beginning_ = window_.text().substr(0, std::min(newline, beginning_bytes));
    skip_line();
    if (after_torn_ || is_record_heading(beginning_)) continue;
    other = {JsonPiece::Kind::junk, beginning_};
    return false;
  }
}

void JsonSplitter::skip_line() {
  for (;;) {
    const std::size_t newline = window_.text().find('\n');
    if (newline != std::string_view::npos) {
      window_.consume(newline + 1);
      line_start_ = true;
      return;
    }
    window_.consume(window_.text().size());
    if (!window_.more()) return;
  }
}

bool JsonSplitter::whole_line(JsonPiece& piece) {
  std::size_t newline = std::string_view::npos;
  for (std::size_t from = 0;;) {
    const std::string_view text = window_.text();
    newline = text.find('\n', from);
    if (newline != std::string_view::npos) break;
    from = text.size();
    if (from > longest_line_tried || from > event_bytes_) return false;
    if (!window_.more()) {
      newline = window_.text().size();
      break;
    }
  }
  std::string_view line = window_.text().substr(0, newline);
  while (!line.empty() && (base::is_space(line.back()) || line.back() == ','))
    line.remove_suffix(1);
  if (!line.ends_with('}') || line.size() > event_bytes_) return false;
  drop_ = line.size();
  given_as_line_ = true;
  piece = {JsonPiece::Kind::object, line};
  return true;
}

JsonPiece JsonSplitter::follow_braces() {
  Scan scan;
  bool torn = false;
  while (!advance(scan, torn)) {
    if (scan.at > event_bytes_) return oversized(scan);
    if (!window_.more()) {
      // It runs to the end of the file: what tore may be its first line only.
      const std::string_view text = window_.text();
      const std::size_t newline = text.find('\n');
      const bool whole = newline == std::string_view::npos || returns_++ >= most_returns;
      drop_ = whole ? text.size() : newline + 1;
      line_start_ = one_a_line_ = true;
      after_torn_ = true;
      return {JsonPiece::Kind::torn, text.substr(0, drop_)};
    }
  }
  if (scan.at > event_bytes_) return oversized(scan);
  drop_ = scan.at;
  if (!torn) return {JsonPiece::Kind::object, window_.text().substr(0, scan.at)};
  line_start_ = true;
  after_torn_ = true;
  return {JsonPiece::Kind::torn, window_.text().substr(0, scan.at)};
}

// Goes on to the object's end without keeping it.
JsonPiece JsonSplitter::oversized(Scan scan) {
  beginning_ = window_.text().substr(0, beginning_bytes);
  bool torn = false;
  while (!advance(scan, torn)) {
    window_.consume(window_.text().size());
    scan.at = 0;
    if (!window_.more()) break;
  }
  window_.consume(std::min(scan.at, window_.text().size()));
  after_torn_ = torn;
  line_start_ = torn;
  return {JsonPiece::Kind::too_large, beginning_};
}

bool JsonSplitter::advance(Scan& scan, bool& torn) const {
  const std::string_view text = window_.text();
  for (; scan.at < text.size(); ++scan.at) {
    const char c = text[scan.at];
    if (scan.in_string) {
      if (scan.escaped) {
        scan.escaped = false;
      } else if (c == '\\') {
        scan.escaped = true;
      } else if (c == '"') {
        scan.in_string = false;
      }
      if (c == '\n') {
        ++scan.at;
        return torn = true;
      }
      continue;
    }
    if (c == '"') {
      scan.in_string = true;
    } else if (c == '{' || c == '[') {
      if (begins_new_object(scan, text)) return torn = true;
      ++scan.depth;
    } else if (c == '}' || c == ']') {
      if (--scan.depth == 0) {
        ++scan.at;
        return true;
      }
    }
    if (!base::is_space(c)) scan.last = c;
  }
  return false;
}

// A '{' at the start of a line: in an object that goes on, it is a value.
bool JsonSplitter::begins_new_object(const Scan& scan, std::string_view text) const {
  if (scan.at == 0 || scan.depth == 0 || text[scan.at] != '{' || text[scan.at - 1] != '\n') {
    return false;
  }
  const bool a_value_may_stand_here = scan.last == ':' || scan.last == '[' || scan.last == ',';
  return one_a_line_ || !a_value_may_stand_here;
}

}  // namespace escudo::sources
