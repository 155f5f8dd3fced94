#pragma once
// The digests that searches and data sets name besides SHA-256 (hash.hpp). The operating system's
// library computes them. Pure function, thread-safe.

#include <string>
#include <string_view>

namespace escudo::base {

enum class Digest { md5, sha1, sha256, sha512 };

// Lower-case hexadecimal digits; empty where the system refuses the algorithm (MD5 in FIPS mode).
std::string digest_hex(Digest kind, std::string_view bytes);

}  // namespace escudo::base
