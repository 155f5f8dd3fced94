// Shape -> XML. Tested by tests/unit/sources/evtx_native.cpp: the text read again gives the same
// event.

#include "sources/binxml/text_program.hpp"

namespace escudo::sources {
namespace {

using Kind = Part::Kind;
using Mode = TextProgram::Mode;

std::string escaped(std::string_view text, Escape escape) {
  std::string out(text.size() * 6 + 16, '\0');
  char* const end = write_utf8(text, escape, out.data());
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

}  // namespace

TextProgram xml_program(const Shape& shape) {
  TextProgram out;
  std::vector<std::string_view> open;
  bool in_tag = false, in_attribute = false;
  const auto end_tag = [&] {
    if (in_tag) out.literal(">");
    in_tag = false;
  };
  for (const Part& part : shape) {
    switch (part.kind) {
      case Kind::open:
        end_tag();
        out.literal("<");
        out.literal(part.text);
        open.push_back(part.text);
        in_tag = true;
        break;
      case Kind::close:
        if (in_tag) {
          out.literal("/>");
        } else {
          out.literal("</");
          out.literal(open.back());
          out.literal(">");
        }
        in_tag = false;
        open.pop_back();
        break;
      case Kind::attribute:
        out.literal(" ");
        out.literal(part.text);
        out.literal("='");
        in_attribute = true;
        break;
      case Kind::attribute_end:
        out.literal("'");
        in_attribute = false;
        break;
      case Kind::text:
      case Kind::cdata:
        if (!in_attribute) end_tag();
        out.literal(escaped(part.text, in_attribute ? Escape::xml_attribute : Escape::xml_text));
        break;
      case Kind::value:
        if (!in_attribute) end_tag();
        out.value(part.value, in_attribute ? Mode::xml_attribute : Mode::xml_text);
        break;
      case Kind::instruction:
        end_tag();
        out.literal("<?");
        out.literal(part.text);
        out.literal(" ");
        out.literal(part.data);
        out.literal("?>");
        break;
    }
  }
  out.seal();
  return out;
}

}  // namespace escudo::sources
