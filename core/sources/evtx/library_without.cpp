// For builds without libevtx: EVTX is read by the native reader only.
#include "sources/evtx/library.hpp"

namespace escudo::sources {

struct EvtxFile::Handles {};
EvtxFile::EvtxFile() = default;
EvtxFile::~EvtxFile() = default;

base::Result<std::unique_ptr<EvtxFile>> EvtxFile::open(RandomBytes&) {
  return base::Error{"this build of escudo has no libevtx: leave --reader out"};
}
void EvtxFile::build_checksum_table() {}
EvtxRecord EvtxFile::read(int, bool) { return {}; }

}  // namespace escudo::sources
