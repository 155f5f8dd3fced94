// rooms: sources event base
// An EVTX file, live and recovered records, through libevtx and the decoder of its XML: never
// crashes, and reports add up.

#include <cstddef>
#include <cstdint>

#include "source_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  escudo::sources::OpenOptions options = escudo::sources::small_limits();
  options.evtx = escudo::sources::EvtxReader::libevtx;
  escudo::sources::read_to_the_end(data, size, options);
  return 0;
}
