// Tested by tests/unit/sources/evtx_native.cpp.

#include "sources/binxml/text_program.hpp"

#include <cstring>

namespace escudo::sources {
namespace {

using Mode = TextProgram::Mode;

Escape escape_of(Mode mode) {
  switch (mode) {
    case Mode::xml_text:
      return Escape::xml_text;
    case Mode::xml_attribute:
      return Escape::xml_attribute;
    default:
      return Escape::json;
  }
}

char* put(char* to, const char* from, std::size_t size) {
  std::memcpy(to, from, size);
  return to + size;
}

}  // namespace

void TextProgram::value(std::uint32_t value, Mode mode) {
  const auto begin = static_cast<std::uint32_t>(used_);
  used_ = literals_.size();
  steps_.push_back({begin, static_cast<std::uint32_t>(used_ - begin), value, mode});
}

std::string_view TextProgram::run(const ParsedRecord& record, TextPen& pen) const {
  const std::vector<RawValue>& values = record.values();
  std::size_t room = literals_.size();
  for (const Step& step : steps_) {
    room += value_room(values[step.value], escape_of(step.mode)) + 2;
  }
  char* to = pen.begin(room);
  const char* const literals = literals_.data();
  for (const Step& step : steps_) {
    to = put(to, literals + step.begin, step.size);
    const RawValue& value = values[step.value];
    switch (step.mode) {
      case Mode::xml_text:
      case Mode::xml_attribute:
        to = write_value(value, escape_of(step.mode), Spelling::libevtx, to);
        break;
      case Mode::json_part:
        to = write_value(value, Escape::json, Spelling::evtx_dump, to);
        break;
      case Mode::json_or_null:
        if (value.size == 0) {
          to = put(to, "null", 4);
          break;
        }
        [[fallthrough]];
      case Mode::json_value: {
        const bool bare = is_json_number(value);
        if (!bare) *to++ = '"';
        to = write_value(value, Escape::json, Spelling::evtx_dump, to);
        if (!bare) *to++ = '"';
        break;
      }
    }
  }
  to = put(to, literals + used_, literals_.size() - used_);
  return pen.done(to);
}

}  // namespace escudo::sources
