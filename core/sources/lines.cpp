// Tested by tests/unit/sources/lines.cpp.

#include "sources/lines.hpp"

#include "base/text.hpp"

namespace escudo::sources {

Lines::Line Lines::next() {
  window_.consume(drop_);
  drop_ = 0;
  std::size_t seen = 0, skipped = 0;
  for (;;) {
    const std::string_view text = window_.text();
    const std::size_t newline = text.find('\n', seen);
    if (newline == std::string_view::npos) {
      seen = text.size();
      if (seen > line_bytes_) {  // too large whatever comes: its bytes need not be kept
        skipped += seen;
        window_.consume(seen);
        seen = 0;
      }
      if (window_.more()) continue;
    }
    const bool whole = newline != std::string_view::npos;
    const std::string_view left = window_.text();
    Line line;
    line.whole = whole;
    line.text = whole ? left.substr(0, newline) : left;
    drop_ = line.text.size() + (whole ? 1 : 0);
    line.bytes = skipped + drop_;
    if (line.bytes == 0) return {};
    if (skipped > 0 || line.text.size() > line_bytes_) {
      line.kind = Line::Kind::too_large;
      line.text = {};
      return line;
    }
    line.kind = Line::Kind::text;
    if (line.text.ends_with('\r')) line.text.remove_suffix(1);
    if (!base::is_utf8(line.text)) {
      repaired_ = line.text;
      base::repair_utf8(repaired_);
      line.text = repaired_;
    }
    return line;
  }
}

}  // namespace escudo::sources
