#include "sources/binxml/text_program.hpp"
namespace escudo::sources {
TextProgram json_program(const Shape& shape, const ParsedRecord&) { return xml_program(shape); }
}  // namespace escudo::sources
