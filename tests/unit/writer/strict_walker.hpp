#pragma once
// A slow reader of EVTX that knows nothing of the writer and forgives nothing: every size must
// close exactly, every name and definition must be in its chain, every checksum right. It covers
// what libevtx and python-evtx cannot read.

#include <cstdint>
#include <string>
#include <vector>

namespace writer_test {

struct Walked {
  std::uint64_t header_id = 0;
  // The record with templates filled in, elements as <Name a='…'>…</>, strings as text, other
  // values as [type hex], array or nested brackets as they come.
  std::string outline;
};

// Throws std::runtime_error that names the offset of the first fault.
std::vector<Walked> walk_strictly(const std::string& file);

}  // namespace writer_test
