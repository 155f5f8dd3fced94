#include "base/hash.hpp"

#include "catch.hpp"

using namespace escudo::base;

TEST_CASE("SHA-256 gives the standard's examples") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("pieces hash like the whole, and finish begins anew") {
  Sha256 hash;
  hash.update("a").update("").update("bc");
  CHECK(hash.finish_hex() == sha256_hex("abc"));
  CHECK(hash.finish_hex() == sha256_hex(""));
  hash.update("x");
  Sha256 moved = std::move(hash);
  CHECK(moved.update("y").finish_hex() == sha256_hex("xy"));
  const auto digest = moved.update("abc").finish();
  CHECK(digest[0] == 0xBA);
  CHECK(digest[31] == 0xAD);
}

TEST_CASE("hex is lower case, two digits a byte") {
  CHECK(to_hex(std::string_view("\x00\xAB\x7F", 3)) == "00ab7f");
  CHECK(to_hex("") == "");
}
