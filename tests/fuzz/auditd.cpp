// rooms: sources event base
// Audit logs: lines, headers and key=value pairs: never crashes, and reports add up.

#include <cstddef>
#include <cstdint>

#include "source_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  escudo::sources::read_to_the_end(data, size);
  return 0;
}
