#pragma once
// The XML libevtx prints -> the XML Windows prints. Pure, thread-safe.

#include <string>
#include <string_view>

namespace escudo::sources {

// Without the indentation between elements, and hexadecimal values without the zeros libevtx pads
// them with: Windows prints 0x3e7 where libevtx prints 0x00000000000003e7. Values are otherwise
// untouched.
void tidy_evtx_xml(std::string_view printed, std::string& out);

// libevtx prints text of an ANSI code page without escaping it, so that a '<' within a value reads
// as a tag. A tag of libevtx stands behind a line break and blanks, or closes the element that is
// open; every other '<' is text, and becomes &lt;.
std::string repair_evtx_xml(std::string_view printed);

}  // namespace escudo::sources
