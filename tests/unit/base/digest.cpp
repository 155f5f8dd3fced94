// The digests of "abc", as the standards print them.
#include "base/digest.hpp"

#include "base/hash.hpp"
#include "catch.hpp"

using namespace escudo::base;

TEST_CASE("digests of a known text") {
  CHECK(digest_hex(Digest::md5, "abc") == "900150983cd24fb0d6963f7d28e17f72");
  CHECK(digest_hex(Digest::sha1, "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(digest_hex(Digest::sha256, "abc") == sha256_hex("abc"));
  CHECK(digest_hex(Digest::sha512, "abc") ==
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  CHECK(digest_hex(Digest::md5, "") == "d41d8cd98f00b204e9800998ecf8427e");
}
