// Tested by tests/unit/base/pack.cpp.
#include "base/pack.hpp"

#include <bit>

namespace escudo::base {

Packer& Packer::number(std::uint64_t n) {
  while (n >= 0x80) {
    out_ += static_cast<char>(n | 0x80);
    n >>= 7;
  }
  out_ += static_cast<char>(n);
  return *this;
}

// Small negative numbers stay short: the sign goes into the lowest bit.
Packer& Packer::signed_number(std::int64_t n) {
  const auto bits = static_cast<std::uint64_t>(n);
  return number((bits << 1) ^ (n < 0 ? ~std::uint64_t{0} : 0));
}

Packer& Packer::real(double x) {
  auto bits = std::bit_cast<std::uint64_t>(x);
  for (int k = 0; k < 8; ++k, bits >>= 8) out_ += static_cast<char>(bits & 0xFF);
  return *this;
}

Packer& Packer::text(std::string_view bytes) {
  number(bytes.size());
  out_.append(bytes);
  return *this;
}

std::uint64_t Unpacker::number() {
  std::uint64_t n = 0;
  for (int shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    n |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return n;
  }
  fail();
  return 0;
}

std::int64_t Unpacker::signed_number() {
  const std::uint64_t n = number();
  return static_cast<std::int64_t>((n >> 1) ^ (n & 1 ? ~std::uint64_t{0} : 0));
}

double Unpacker::real() {
  if (rest_.size() < 8) {
    fail();
    return 0;
  }
  std::uint64_t bits = 0;
  for (std::size_t k = 8; k-- > 0;) bits = bits << 8 | static_cast<unsigned char>(rest_[k]);
  rest_.remove_prefix(8);
  return std::bit_cast<double>(bits);
}

std::string_view Unpacker::text() {
  const std::uint64_t size = number();
  if (size > rest_.size()) {
    fail();
    return {};
  }
  const std::string_view out = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return out;
}

}  // namespace escudo::base
