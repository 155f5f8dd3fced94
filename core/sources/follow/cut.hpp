#pragma once
// Where the whole records of a growing text end. Pure.

#include <cstddef>
#include <string>
#include <string_view>

#include "sources/sniff.hpp"

namespace escudo::sources::follow {

// How many bytes from the front are whole records. `still`: nothing has come for a while, so that a
// record whose end only the next one shows counts as whole. 0: none is.
std::size_t whole_records(Format format, std::string_view text, bool still);

// UTF-16 as UTF-8, as far as its characters are whole.
std::string decode_utf16(std::string_view bytes, bool little_endian);
// How many bytes of UTF-16 became this text.
std::size_t utf16_bytes(std::string_view utf8);

}  // namespace escudo::sources::follow
