#include "base/hash.hpp"

namespace escudo::base {

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 0xF];
  }
  return out;
}

std::string Sha256::finish_hex() {
  const Digest digest = finish();
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string sha256_hex(std::string_view bytes) { return Sha256().update(bytes).finish_hex(); }

}  // namespace escudo::base
