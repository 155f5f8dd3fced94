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

constexpr std::size_t step = 16;

// In whole steps: reads and writes up to a step past `size`.
inline char* put(char* to, const char* from, std::size_t size) {
  for (std::size_t done = 0; done < size; done += step) std::memcpy(to + done, from + done, step);
  return to + size;
}

}  // namespace

void TextProgram::value(std::uint32_t value, Mode mode) {
  const auto begin = static_cast<std::uint32_t>(used_);
  used_ = literals_.size();
  steps_.push_back({begin, static_cast<std::uint32_t>(used_ - begin), value, mode});
}

void TextProgram::seal() {
  end_ = literals_.size();
  literals_.append(step, '\0');  // so that put() may read past the last literal
}

std::size_t TextProgram::room(const ParsedRecord& record) const {
  const RawValue* const values = record.values().data();
  std::size_t room = literals_.size() + step;  // put() may write past the end
  for (const Step& part : steps_) room += value_room(values[part.value]);
  return room;
}

std::string_view TextProgram::run(const ParsedRecord& record, std::size_t room,
                                  TextPen& pen) const {
  const RawValue* const values = record.values().data();
  char* to = pen.begin(room);
  const char* const literals = literals_.data();
  for (const Step& part : steps_) {
    to = put(to, literals + part.begin, part.size);
    const RawValue& value = values[part.value];
    switch (part.mode) {
      case Mode::xml_text:
      case Mode::xml_attribute:
        to = write_value(value, escape_of(part.mode), Spelling::libevtx, to);
        break;
      case Mode::json_part:
        to = write_value(value, Escape::json, Spelling::evtx_dump, to);
        break;
      case Mode::json_or_null:
        if (value.is_empty()) {
          std::memcpy(to, "null", 4);
          to += 4;
          break;
        }
        [[fallthrough]];
      case Mode::json_value:
        to = write_json(value, to);
        break;
    }
  }
  to = put(to, literals + used_, end_ - used_);
  return pen.done(to);
}

}  // namespace escudo::sources
