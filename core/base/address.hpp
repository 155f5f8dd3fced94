#pragma once
// IP addresses and blocks of them ("10.0.0.0/8", "fe80::/10"). Value types.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace escudo::base {

// 16 bytes; an IPv4 address is held as its IPv6 mapping (::ffff:a.b.c.d).
struct Address {
  std::array<std::uint8_t, 16> bytes{};
  bool v4 = false;  // it was written as IPv4
};

// Dotted IPv4, or IPv6 with or without :: and a trailing dotted part. No blanks, zones or brackets.
std::optional<Address> parse_address(std::string_view text);

class AddressBlock {
 public:
  // An address without a length is a block of one. Bits beyond the length do not matter.
  static std::optional<AddressBlock> parse(std::string_view text);
  bool contains(const Address& address) const;
  bool contains(std::string_view address) const;  // false for what is no address

 private:
  std::array<std::uint8_t, 16> bytes_{};
  int bits_ = 0;  // of all 128
};

}  // namespace escudo::base
