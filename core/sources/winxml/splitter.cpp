// Tested by tests/unit/sources/winxml_splitter.cpp; fuzzed by tests/fuzz/winxml.cpp.

#include "sources/winxml/splitter.hpp"

#include "base/text.hpp"

namespace escudo::sources {
namespace {

constexpr std::string_view event_start = "<Event";
constexpr std::string_view event_end = "</Event";
constexpr std::string_view system_start = "<System";
constexpr std::string_view doctype_start = "<!DOCTYPE";
constexpr std::size_t longest_start_tag = 4096;  // of Event: a namespace or two
constexpr std::size_t longest_doctype = 1 << 20;

bool ends_name(char c) { return base::is_space(c) || c == '>' || c == '/'; }

// Is `text[at…]` the tag `name`? `known` is false when the text ends before that can be told.
bool is_tag(std::string_view text, std::size_t at, std::string_view name, bool& known) {
  const std::string_view rest = text.substr(at);
  if (rest.size() > name.size()) {
    known = true;
    return rest.starts_with(name) && ends_name(rest[name.size()]);
  }
  known = !name.starts_with(rest);
  return false;
}

// An element named Event that is not empty.
bool opens_event(std::string_view tag) {
  bool known = false;
  if (!is_tag(tag, 0, event_start, known)) return false;
  const std::size_t close = tag.find_first_of("<>", 1);
  return close == std::string_view::npos || tag[close - 1] != '/';
}

}  // namespace

// `at` is a '<'. Never unknown once the window is at its end. `cut_name_counts`: a text that ends
// within the name of the tag ends with a torn event.
XmlSplitter::Start XmlSplitter::starts_event(std::size_t at, bool cut_name_counts) const {
  const std::string_view text = window_.text();
  const Start if_cut = window_.at_end() ? Start::yes : Start::unknown;
  bool known = false;
  if (!is_tag(text, at, event_start, known)) {
    if (known) return Start::no;
    return window_.at_end() && !cut_name_counts ? Start::no : if_cut;
  }
  const std::string_view tag = text.substr(at, longest_start_tag);
  const std::size_t close = tag.find_first_of("<>", event_start.size());
  if (close == std::string_view::npos) return tag.size() < longest_start_tag ? if_cut : Start::no;
  if (tag[close] == '<' || tag[close - 1] == '/') return Start::no;
  std::size_t next = at + close + 1;
  while (next < text.size() && base::is_space(text[next])) ++next;
  if (next - at > longest_start_tag) return Start::no;
  if (next == text.size()) return if_cut;
  if (is_tag(text, next, system_start, known)) return Start::yes;
  return known ? Start::no : if_cut;
}

XmlPiece XmlSplitter::next() {
  window_.consume(drop_);
  drop_ = 0;
  found_ = {};
  if (!in_event_ && !find_start()) return found_;
  return find_end();
}

// Leaves the window at the start of an event; false when there is something else to tell, in
// found_.
bool XmlSplitter::find_start() {
  std::size_t scan = 0;
  for (;;) {
    std::string_view text = window_.text();
    const std::size_t at = text.find('<', scan);
    if (at == std::string_view::npos) {
      window_.consume(text.size());
      scan = 0;
      if (!window_.more()) return false;
      continue;
    }
    window_.consume(at);
    scan = 0;
    const Start start = starts_event(0, true);
    if (start == Start::yes) {
      in_event_ = true;
      after_torn_ = false;
      return true;
    }
    bool end_known = true, doctype_known = true;
    text = window_.text();
    if (is_tag(text, 0, event_end, end_known) && !after_torn_) {
      after_torn_ = true;  // one loss, however many end tags it left behind
      found_.kind = XmlPiece::Kind::tail;
      drop_ = event_end.size();
      return false;
    }
    if (is_tag(text, 0, doctype_start, doctype_known) && !doctype_unclosed_) {
      if (skip_doctype()) {
        found_.kind = XmlPiece::Kind::doctype;
        return false;
      }
      doctype_unclosed_ = true;
    }
    if (start == Start::unknown || !end_known || !doctype_known) {
      const bool was_at_end = window_.at_end();
      if (window_.more() || !was_at_end) continue;  // ask again: now more can be told
    }
    scan = 1;
  }
}

// The window stands at an event's start.
XmlPiece XmlSplitter::find_end() {
  std::size_t scan = event_start.size();
  std::size_t inner = 0;
  for (;;) {
    const std::string_view text = window_.text();
    const std::size_t at = text.find('<', scan);
    const bool at_tag = at != std::string_view::npos;
    if ((at_tag ? at : text.size()) > event_bytes_) {
      in_event_ = false;
      after_torn_ = true;
      drop_ = at_tag ? at : text.size();
      return {XmlPiece::Kind::too_large, {}};
    }
    if (!at_tag) {
      scan = text.size();
      if (window_.more()) continue;
      break;
    }
    scan = at;
    bool end_known = true;
    if (is_tag(text, at, event_end, end_known)) {
      const std::size_t close = text.find('>', at);
      if (close != std::string_view::npos) {
        scan = close + 1;
        if (inner > 0) {
          --inner;
          continue;
        }
        in_event_ = false;
        drop_ = scan;
        return {XmlPiece::Kind::event, text.substr(0, scan)};
      }
      end_known = false;
    }
    const Start next_event = starts_event(at, false);
    if (next_event == Start::yes) {
      drop_ = at;  // in_event_ stays: the next event begins in this one
      return {XmlPiece::Kind::torn, text.substr(0, at)};
    }
    if (next_event == Start::unknown || !end_known) {
      const bool was_at_end = window_.at_end();
      if (window_.more() || !was_at_end) continue;
      break;
    }
    if (opens_event(text.substr(at))) ++inner;
    scan = at + 1;
  }
  in_event_ = false;
  drop_ = window_.text().size();
  return {XmlPiece::Kind::torn, window_.text()};
}

// The window stands at `<!DOCTYPE`. Skips to its end, over quoted text, comments and an internal
// subset.
bool XmlSplitter::skip_doctype() {
  std::size_t at = doctype_start.size();
  int brackets = 0;
  char quote = 0;
  bool comment = false;
  for (;; ++at) {
    while (at + 4 >= window_.text().size() && window_.more()) {
    }
    const std::string_view text = window_.text();
    if (at >= text.size() || at > longest_doctype) return false;
    const char c = text[at];
    if (comment) {
      if (text.substr(at).starts_with("-->")) {
        comment = false;
        at += 2;
      }
    } else if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (text.substr(at).starts_with("<!--")) {
      comment = true;
      at += 3;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[') {
      ++brackets;
    } else if (c == ']') {
      --brackets;
    } else if (c == '>' && brackets <= 0) {
      window_.consume(at + 1);
      return true;
    }
  }
}

}  // namespace escudo::sources
