#include <openssl/evp.h>

#include <array>

#include "base/digest.hpp"
#include "base/hash.hpp"

namespace escudo::base {
namespace {

const EVP_MD* algorithm(Digest kind) {
  switch (kind) {
    case Digest::md5:
      return EVP_md5();
    case Digest::sha1:
      return EVP_sha1();
    case Digest::sha256:
      return EVP_sha256();
    case Digest::sha512:
      return EVP_sha512();
  }
  return nullptr;
}

}  // namespace

std::string digest_hex(Digest kind, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, algorithm(kind), nullptr) != 1)
    return {};
  return to_hex({reinterpret_cast<const char*>(out.data()), size});
}

}  // namespace escudo::base
