#pragma once
// CRC-32 as zlib and EVTX compute it. Pure, thread-safe.

#include <cstdint>
#include <string_view>

namespace escudo::sources {

// `before` is the checksum of what stands in front of `bytes`.
std::uint32_t crc32(std::string_view bytes, std::uint32_t before = 0);

}  // namespace escudo::sources
