#pragma once
// EvtxFile: an EVTX file as libevtx sees it. The one place that touches libevtx and libbfio.
//
// Lifetime: the bytes must outlive the file; a record's text is valid until the next read.
// Threads: one file belongs to one thread; different files may be used at the same time.
// Errors: what libevtx says, without the name of its function.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "sources/bytes.hpp"

namespace escudo::sources {

struct EvtxRecord {
  std::uint64_t header_id = 0;  // 0 when libevtx does not get as far
  std::string_view xml;  // as libevtx prints it; empty when it could not, then `error` says why
  std::string error;
};

class EvtxFile {
 public:
  static base::Result<std::unique_ptr<EvtxFile>> open(RandomBytes& bytes);
  ~EvtxFile();
  EvtxFile(const EvtxFile&) = delete;
  EvtxFile& operator=(const EvtxFile&) = delete;

  int live_records() const { return live_; }
  int recovered_records() const { return recovered_; }
  EvtxRecord live_record(int index) { return read(index, false); }
  EvtxRecord recovered_record(int index) { return read(index, true); }

 private:
  struct Handles;
  EvtxFile();
  static void build_checksum_table();
  EvtxRecord read(int index, bool recovered);

  std::unique_ptr<Handles> handles_;
  int live_ = 0;
  int recovered_ = 0;
};

}  // namespace escudo::sources
