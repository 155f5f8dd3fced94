#include <windows.h>
// Needs windows.h before it.
#include <bcrypt.h>

#include <algorithm>
#include <cstdlib>

#include "base/hash.hpp"

namespace escudo::base {
namespace {

void require(NTSTATUS status) {
  if (!BCRYPT_SUCCESS(status)) std::abort();
}

BCRYPT_ALG_HANDLE algorithm() {
  static const BCRYPT_ALG_HANDLE sha256 = [] {
    BCRYPT_ALG_HANDLE handle = nullptr;
    require(BCryptOpenAlgorithmProvider(&handle, BCRYPT_SHA256_ALGORITHM, nullptr, 0));
    return handle;
  }();
  return sha256;
}

}  // namespace

struct Sha256::State {
  BCRYPT_HASH_HANDLE hash = nullptr;
  State() { begin(); }
  ~State() { BCryptDestroyHash(hash); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void begin() { require(BCryptCreateHash(algorithm(), &hash, nullptr, 0, nullptr, 0, 0)); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view bytes) {
  constexpr std::size_t most = 1u << 30;  // lengths are ULONG here
  while (!bytes.empty()) {
    const std::string_view part = bytes.substr(0, most);
    auto* data = reinterpret_cast<PUCHAR>(const_cast<char*>(part.data()));
    require(BCryptHashData(state_->hash, data, static_cast<ULONG>(part.size()), 0));
    bytes.remove_prefix(part.size());
  }
  return *this;
}

Sha256::Digest Sha256::finish() {
  Digest digest{};
  require(BCryptFinishHash(state_->hash, digest.data(), static_cast<ULONG>(digest.size()), 0));
  BCryptDestroyHash(state_->hash);
  state_->begin();
  return digest;
}

}  // namespace escudo::base
