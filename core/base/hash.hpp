#pragma once
// SHA-256: names of findings, checks of downloads, keys of caches. The operating system's library
// does the work (hash_posix.cpp: libcrypto, hash_windows.cpp: CNG). A Sha256 belongs to one thread
// at a time. Hashing cannot fail short of memory running out or a broken system library: that
// aborts.

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace escudo::base {

class Sha256 {
 public:
  using Digest = std::array<std::uint8_t, 32>;

  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  Sha256& update(std::string_view bytes);
  // The digest of everything since construction or the last finish(); begins anew.
  Digest finish();
  std::string finish_hex();  // 64 lower-case digits

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
std::string to_hex(std::string_view bytes);  // lower case

}  // namespace escudo::base
