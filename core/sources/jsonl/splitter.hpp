#pragma once
// Splitter: finds the objects of a JSON text: one a line, pretty-printed over many lines, one after
// the other, or in an array of any size, which is never held as a whole.
//
// A line is tried as one object first. Only where that fails (the reader says so by rescan()) the
// braces are followed. A torn object must not swallow what follows it: a line break within a
// string, or a line that begins a new object where the old one cannot go on, ends it. Memory: one
// object, at most Limits::event_bytes. Threads: none.

#include <cstdint>
#include <string>
#include <string_view>

#include "sources/text_window.hpp"

namespace escudo::sources {

struct JsonPiece {
  enum class Kind {
    object,     // `text` looks like one object; TextWindow::padding bytes behind it may be read
    torn,       // an object without its end
    too_large,  // `text` is how it begins
    junk,       // a line of something else
    end,
  };
  Kind kind = Kind::end;
  std::string_view text;  // valid until the next call
};

class JsonSplitter {
 public:
  JsonSplitter(TextWindow& window, std::uint64_t event_bytes)
      : window_(window), event_bytes_(event_bytes) {}

  JsonPiece next();

  // The piece just given is no JSON. If it was a line, follow its braces instead: true, and next()
  // gives it again. Otherwise false, and next() goes on behind its first line.
  bool rescan();

 private:
  struct Scan {
    std::size_t at = 0;
    std::uint64_t depth = 0;
    bool in_string = false;
    bool escaped = false;
    char last = 0;  // the last character that is no blank, outside of strings
  };

  bool find_object(JsonPiece& other);
  void skip_line();
  bool whole_line(JsonPiece& piece);
  JsonPiece follow_braces();
  JsonPiece oversized(Scan scan);
  // Follows the braces as far as the window goes: true when the object ended (scan.at is behind it)
  // or is torn.
  bool advance(Scan& scan, bool& torn) const;
  bool begins_new_object(const Scan& scan, std::string_view text) const;

  TextWindow& window_;
  std::uint64_t event_bytes_;
  std::size_t drop_ = 0;
  bool line_start_ = true;
  bool given_as_line_ = false;
  bool follow_ = false;      // the next object is to be taken by its braces
  bool after_torn_ = false;  // junk belongs to the torn object before it
  bool one_a_line_ = false;  // objects were seen that are a line each
  int returns_ = 0;
  std::string beginning_;
  JsonPiece given_;
};

}  // namespace escudo::sources
