#include "base/pack.hpp"

#include <limits>

#include "catch.hpp"

using namespace escudo;

TEST_CASE("what is packed comes back") {
  std::string bytes;
  base::Packer(bytes).number(0).number(127).number(128).number(std::numeric_limits<std::uint64_t>::max())
      .signed_number(-1).signed_number(std::numeric_limits<std::int64_t>::min()).real(-0.1).text("a\0b").flag(true);
  base::Unpacker in(bytes);
  CHECK(in.number() == 0);
  CHECK(in.number() == 127);
  CHECK(in.number() == 128);
  CHECK(in.number() == std::numeric_limits<std::uint64_t>::max());
  CHECK(in.signed_number() == -1);
  CHECK(in.signed_number() == std::numeric_limits<std::int64_t>::min());
  CHECK(in.real() == -0.1);
  CHECK(in.text() == "a\0b");
  CHECK(in.flag());
  CHECK(in.ok());
  CHECK(in.at_end());
}

TEST_CASE("damaged bytes give zeros, never more than there is") {
  for (std::string_view bytes : {std::string_view("\xFF\xFF"), std::string_view("\x05" "ab"), std::string_view("")}) {
    base::Unpacker in(bytes);
    CHECK(in.text().empty());
    CHECK_FALSE(in.ok());
    CHECK(in.number() == 0);
    CHECK(in.real() == 0);
  }
}
