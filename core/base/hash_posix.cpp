#include <openssl/evp.h>

#include <cstdlib>

#include "base/hash.hpp"

namespace escudo::base {
namespace {

// EVP_sha256() looks its algorithm up in every call of EVP_DigestInit_ex: fetched once instead.
const EVP_MD* algorithm() {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return sha256 ? sha256 : EVP_sha256();
}

void require(int done) {
  if (done != 1) std::abort();
}

}  // namespace

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() {
    if (!context) std::abort();
    begin();
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void begin() { require(EVP_DigestInit_ex(context, algorithm(), nullptr)); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Sha256& Sha256::update(std::string_view bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
  return *this;
}

Sha256::Digest Sha256::finish() {
  Digest digest{};
  require(EVP_DigestFinal_ex(state_->context, digest.data(), nullptr));
  state_->begin();
  return digest;
}

}  // namespace escudo::base
