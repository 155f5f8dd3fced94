#pragma once
// FileMap: what the header of an EVTX file says of its chunks, and how far that is believed.
//
// The header's count is right in a log that was closed. One that is dirty, too large for the
// count's two bytes, or without a sound header is read slot by slot to its end. So is a closed one
// whose next slot goes on where the last counted chunk ends.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sources/bytes.hpp"

namespace escudo::sources {

struct FileMap {
  std::uint64_t bytes = 0;     // of the file
  std::uint64_t slots = 0;     // there are, the last one perhaps cut
  std::uint64_t live = 0;      // slots that are read; those behind are what the log left behind
  std::uint64_t expected = 0;  // slots that should hold a chunk; 0 when the header does not tell
  std::uint64_t missing = 0;   // chunks the header counts behind the end of the file
  std::vector<std::string> notes;  // what is wrong with the header and harms nothing

  static base::Result<FileMap> read(RandomBytes& bytes);
};

}  // namespace escudo::sources
