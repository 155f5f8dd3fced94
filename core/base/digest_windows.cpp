#include <windows.h>
// Needs windows.h before it.
#include <bcrypt.h>

#include <array>

#include "base/digest.hpp"
#include "base/hash.hpp"

namespace escudo::base {
namespace {

struct Algorithm {
  LPCWSTR name;
  ULONG bytes;
};

Algorithm algorithm(Digest kind) {
  switch (kind) {
    case Digest::md5:
      return {BCRYPT_MD5_ALGORITHM, 16};
    case Digest::sha1:
      return {BCRYPT_SHA1_ALGORITHM, 20};
    case Digest::sha256:
      return {BCRYPT_SHA256_ALGORITHM, 32};
    case Digest::sha512:
      break;
  }
  return {BCRYPT_SHA512_ALGORITHM, 64};
}

}  // namespace

std::string digest_hex(Digest kind, std::string_view bytes) {
  const auto [name, size] = algorithm(kind);
  BCRYPT_ALG_HANDLE handle = nullptr;
  if (!BCRYPT_SUCCESS(BCryptOpenAlgorithmProvider(&handle, name, nullptr, 0))) return {};
  std::array<UCHAR, 64> out{};
  auto* data = reinterpret_cast<PUCHAR>(const_cast<char*>(bytes.data()));
  const NTSTATUS status =
      BCryptHash(handle, nullptr, 0, data, static_cast<ULONG>(bytes.size()), out.data(), size);
  BCryptCloseAlgorithmProvider(handle, 0);
  if (!BCRYPT_SUCCESS(status)) return {};
  return to_hex({reinterpret_cast<const char*>(out.data()), size});
}

}  // namespace escudo::base
