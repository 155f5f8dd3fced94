#pragma once
// Where the whole records of a growing text end. Pure.

#include <cstddef>
#include <string_view>

#include "sources/sniff.hpp"

namespace escudo::sources::follow {

// How many bytes from the front are whole records. `still`: nothing has come for a while, so that a
// record whose end only the next one shows counts as whole. 0: none is.
std::size_t whole_records(Format format, std::string_view text, bool still);

}  // namespace escudo::sources::follow
