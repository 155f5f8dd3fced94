#pragma once
// TextProgram: from the shape of a record its text, as XML or as JSON: literals with values between
// them. Made once for a shape, run on each record of it. Threads: none.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sources/binxml/shape.hpp"
#include "sources/binxml/text_pen.hpp"

namespace escudo::sources {

class TextProgram {
 public:
  enum class Mode : std::uint8_t {
    xml_text,
    xml_attribute,
    json_part,     // within quotes that literals give
    json_value,    // a string with its quotes, or a number, true or false
    json_or_null,  // the same, but null for no text
  };

  void literal(std::string_view text) { literals_ += text; }
  void value(std::uint32_t value, Mode mode);
  // All has been given.
  void seal();
  std::size_t literal_bytes() const { return literals_.size(); }

  // How much run() may need.
  std::size_t room(const ParsedRecord& record) const;
  std::string_view run(const ParsedRecord& record, std::size_t room, TextPen& pen) const;

 private:
  struct Step {
    std::uint32_t begin = 0, size = 0;  // the literal before the value
    std::uint32_t value = 0;
    Mode mode = Mode::xml_text;
  };
  std::vector<Step> steps_;
  std::string literals_;
  std::size_t used_ = 0;  // of literals_, by steps
  std::size_t end_ = 0;   // of literals_, without what seal() adds
};

// <Event …>…</Event> on one line, attributes between single quotes, as Windows writes it.
TextProgram xml_program(const Shape& shape);
// The object that `evtx_dump -o jsonl` prints; docs/formats.md tells the differences.
TextProgram json_program(const Shape& shape);

}  // namespace escudo::sources
