#pragma once
// Numbers as EVTX stores them: least byte first, at any address. The caller has checked the bounds.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace escudo::sources {

template <class T>
T little_endian(const char* at) {
  if constexpr (std::endian::native == std::endian::little) {
    T n;
    std::memcpy(&n, at, sizeof n);
    return n;
  } else {
    T n = 0;
    for (std::size_t i = sizeof n; i-- > 0;) {
      n = static_cast<T>(static_cast<T>(n << 8) | static_cast<unsigned char>(at[i]));
    }
    return n;
  }
}

inline std::uint16_t u16(const char* at) { return little_endian<std::uint16_t>(at); }
inline std::uint32_t u32(const char* at) { return little_endian<std::uint32_t>(at); }
inline std::uint64_t u64(const char* at) { return little_endian<std::uint64_t>(at); }

// A number of 1 to 8 bytes.
inline std::uint64_t number_of(std::string_view bytes) {
  switch (bytes.size()) {
    case 1:
      return static_cast<unsigned char>(bytes[0]);
    case 2:
      return u16(bytes.data());
    case 4:
      return u32(bytes.data());
    case 8:
      return u64(bytes.data());
    default:
      break;
  }
  std::uint64_t n = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) n = n << 8 | static_cast<unsigned char>(bytes[i]);
  return n;
}

}  // namespace escudo::sources
