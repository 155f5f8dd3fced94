#include "base/address.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace escudo::base {
namespace {

constexpr int kMappedBits = 96;  // before the four bytes of an IPv4 address

// The number, when it has 1 to `digits` digits and nothing else.
std::optional<unsigned> number(std::string_view text, std::size_t digits, int base, unsigned most) {
  unsigned n = 0;
  if (text.empty() || text.size() > digits) return {};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), n, base);
  if (error != std::errc{} || stop != text.data() + text.size() || n > most) return {};
  return n;
}

bool parse_v4(std::string_view text, std::uint8_t* out) {
  for (int k = 0; k < 4; ++k) {
    const std::size_t dot = k < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return false;
    const auto part = number(text.substr(0, dot), 3, 10, 255);
    if (!part) return false;
    out[k] = static_cast<std::uint8_t>(*part);
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return true;
}

// Groups between colons as bytes, at most 16 of them; the last may be dotted.
bool parse_groups(std::string_view text, bool dotted_end, std::array<std::uint8_t, 16>& out,
                  std::size_t& size) {
  size = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    const bool last = colon == std::string_view::npos;
    if (last && dotted_end && group.find('.') != std::string_view::npos) {
      if (size + 4 > out.size() || !parse_v4(group, out.data() + size)) return false;
      size += 4;
      return true;
    }
    const auto n = number(group, 4, 16, 0xFFFF);
    if (!n || size + 2 > out.size()) return false;
    out[size++] = static_cast<std::uint8_t>(*n >> 8);
    out[size++] = static_cast<std::uint8_t>(*n);
    if (last) return true;
    text.remove_prefix(colon + 1);
    if (text.empty()) return false;
  }
  return true;
}

bool parse_v6(std::string_view text, std::array<std::uint8_t, 16>& out) {
  const std::size_t gap = text.find("::");
  std::array<std::uint8_t, 16> tail{};
  std::size_t head_size = 0, tail_size = 0;
  if (gap == std::string_view::npos)
    return parse_groups(text, true, out, head_size) && head_size == out.size();
  if (!parse_groups(text.substr(0, gap), false, out, head_size)) return false;
  if (!parse_groups(text.substr(gap + 2), true, tail, tail_size)) return false;
  if (head_size + tail_size > out.size() - 2) return false;
  std::fill(out.begin() + static_cast<std::ptrdiff_t>(head_size), out.end(), std::uint8_t{0});
  std::copy_n(tail.begin(), tail_size, out.end() - static_cast<std::ptrdiff_t>(tail_size));
  return true;
}

}  // namespace

std::optional<Address> parse_address(std::string_view text) {
  Address out;
  if (text.find(':') == std::string_view::npos) {
    if (!parse_v4(text, out.bytes.data() + 12)) return {};
    out.bytes[10] = out.bytes[11] = 0xFF;
    out.v4 = true;
    return out;
  }
  if (!parse_v6(text, out.bytes)) return {};
  return out;
}

std::optional<AddressBlock> AddressBlock::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return {};
  AddressBlock out;
  out.bytes_ = address->bytes;
  out.bits_ = 128;
  if (slash == std::string_view::npos) return out;
  const auto length = number(text.substr(slash + 1), 3, 10, address->v4 ? 32 : 128);
  if (!length) return {};
  out.bits_ = static_cast<int>(*length) + (address->v4 ? kMappedBits : 0);
  return out;
}

bool AddressBlock::contains(const Address& address) const {
  const auto whole = static_cast<std::size_t>(bits_ / 8);
  if (!std::equal(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(whole),
                  address.bytes.begin()))
    return false;
  const int rest = bits_ % 8;
  return rest == 0 || (bytes_[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
}

bool AddressBlock::contains(std::string_view address) const {
  const auto parsed = parse_address(address);
  return parsed && contains(*parsed);
}

}  // namespace escudo::base
