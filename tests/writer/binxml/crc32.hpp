#pragma once
// CRC-32 as zlib and EVTX use it (reflected, polynomial 0xEDB88320). Pure, thread-safe.

#include <cstdint>
#include <string_view>

namespace escudo::writer {

// Continues `crc` (0 at the start) over `bytes`.
std::uint32_t crc32(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace escudo::writer
