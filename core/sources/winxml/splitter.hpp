#pragma once
// Splitter: finds the `<Event …>…</Event>` of a text that may hold anything around them: nothing, a
// root element, an XML declaration, syslog prefixes, a torn event, a document type definition.
//
// An event begins where a start tag named Event is directly followed by `<System`; that is what
// Windows and Sysmon for Linux write, and what lets reading go on behind a torn event. Elements
// named Event inside an event are counted, so that its own end tag is found. Memory: one event, at
// most Limits::event_bytes. Threads: none.

#include <cstdint>
#include <string_view>

#include "sources/text_window.hpp"

namespace escudo::sources {

struct XmlPiece {
  enum class Kind {
    event,  // `text` is the whole event, valid until the next call
    torn,   // an event without its end
    tail,   // the end of an event whose beginning is missing
    too_large,
    doctype,  // a document type definition was skipped
    end,
  };
  Kind kind = Kind::end;
  std::string_view text;
};

class XmlSplitter {
 public:
  XmlSplitter(TextWindow& window, std::uint64_t event_bytes)
      : window_(window), event_bytes_(event_bytes) {}

  XmlPiece next();

 private:
  enum class Start { no, yes, unknown };

  Start starts_event(std::size_t at, bool cut_name_counts) const;
  bool find_start();
  XmlPiece find_end();
  bool skip_doctype();

  TextWindow& window_;
  std::uint64_t event_bytes_;
  std::size_t drop_ = 0;  // bytes of the previous piece, still in the window
  bool in_event_ = false;
  bool after_torn_ = false;  // end tags up to the next start belong to what was torn
  bool doctype_unclosed_ = false;
  XmlPiece found_;
};

}  // namespace escudo::sources
