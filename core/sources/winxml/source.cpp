// Tested by tests/unit/sources/winxml.cpp and syslog.cpp.

#include "sources/winxml/source.hpp"

#include "sources/text_window.hpp"
#include "sources/winxml/decoder.hpp"
#include "sources/winxml/splitter.hpp"

namespace escudo::sources {
namespace {

class WinxmlReader final : public Reader {
 public:
  WinxmlReader(Job job, bool syslog)
      : Reader(job, syslog ? "syslog-sysmon" : "winxml"),
        syslog_(syslog),
        window_(std::move(job.bytes)),
        splitter_(window_, job.options.limits.event_bytes),
        decoder_(job.options.limits) {}

 private:
  bool fill(event::Batch& batch) override {
    while (!full(batch)) {
      const XmlPiece piece = splitter_.next();
      report().bytes = window_.bytes_read();
      switch (piece.kind) {
        case XmlPiece::Kind::event:
          decode(piece.text, batch);
          break;
        case XmlPiece::Kind::torn:
          add_damage(++ordinal_, "is torn: it has no end");
          break;
        case XmlPiece::Kind::tail:
          add_damage(++ordinal_, "is torn: its beginning is missing");
          break;
        case XmlPiece::Kind::too_large:
          add_damage(++ordinal_, "is larger than " + std::to_string(options_.limits.event_bytes) +
                                     " bytes, the limit for one event (event_bytes)");
          break;
        case XmlPiece::Kind::doctype:
          report().add_damage(
              "a document type definition (DTD) was skipped: what it defines is never expanded");
          break;
        case XmlPiece::Kind::end:
          finish();
          return false;
      }
      took(piece.text.size());
    }
    return true;
  }

  void decode(std::string_view text, event::Batch& batch) {
    RecordPlace place;
    place.ordinal = ++ordinal_;
    const auto decoded = decoder_.decode(text, batch, place);
    if (!decoded) add_damage(ordinal_, decoded.error());
  }

  void finish() {
    if (!window_.failure().empty()) {
      give_up(window_.failure());
    } else if (window_.ends_in_half_a_character()) {
      report().add_damage("the text ends within a UTF-16 character");
    }
    if (syslog_ && ordinal_ == 0 && report().state == FileReport::State::read &&
        report().damaged == 0) {
      report().state = FileReport::State::not_a_log;
    }
  }

  const bool syslog_;
  TextWindow window_;
  XmlSplitter splitter_;
  XmlDecoder decoder_;
  std::uint64_t ordinal_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_winxml(Job job, bool syslog) {
  return std::make_unique<WinxmlReader>(std::move(job), syslog);
}

}  // namespace escudo::sources
