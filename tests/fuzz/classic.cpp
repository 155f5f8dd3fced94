// rooms: sources event base
// Rendered Windows events: splitting, headers and the labels of messages: never crashes, and reports add up.

#include <cstddef>
#include <cstdint>

#include "source_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  escudo::sources::read_to_the_end(data, size);
  return 0;
}
