// Addresses and blocks of them.
#include "base/address.hpp"

#include "catch.hpp"

using namespace escudo::base;

namespace {

bool within(std::string_view block, std::string_view address) {
  const auto parsed = AddressBlock::parse(block);
  INFO(block);
  REQUIRE(parsed);
  return parsed->contains(address);
}

}  // namespace

TEST_CASE("addresses are read in every spelling") {
  CHECK(parse_address("10.1.2.3")->bytes[15] == 3);
  CHECK(parse_address("10.1.2.3")->v4);
  CHECK(parse_address("::ffff:10.1.2.3")->bytes == parse_address("10.1.2.3")->bytes);
  CHECK_FALSE(parse_address("::ffff:10.1.2.3")->v4);
  CHECK(parse_address("::")->bytes == parse_address("0:0:0:0:0:0:0:0")->bytes);
  CHECK(parse_address("FE80::1")->bytes == parse_address("fe80:0:0:0:0:0:0:1")->bytes);
  CHECK(parse_address("1::")->bytes == parse_address("1:0:0:0:0:0:0:0")->bytes);
  CHECK(parse_address("1:2:3:4:5:6:1.2.3.4")->bytes == parse_address("1:2:3:4:5:6:102:304")->bytes);
}

TEST_CASE("what is no address is refused") {
  for (const char* text : {"",
                           ".",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "1.2.3.4 ",
                           "1.2.3.",
                           "a.b.c.d",
                           "+1.2.3.4",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3:4:5:6:7",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4:5:6:7:8::",
                           "12345::",
                           "g::",
                           "::1:",
                           "1.2.3.4::",
                           "1:2:3:4:5:6:7:1.2.3.4",
                           "fe80::1%eth0",
                           "[::1]"}) {
    INFO(text);
    CHECK_FALSE(parse_address(text));
  }
}

TEST_CASE("blocks hold the addresses that share their first bits") {
  CHECK(within("10.0.0.0/8", "10.255.0.1"));
  CHECK_FALSE(within("10.0.0.0/8", "11.0.0.1"));
  CHECK(within("172.16.0.0/12", "172.31.255.255"));
  CHECK_FALSE(within("172.16.0.0/12", "172.32.0.0"));
  CHECK(within("10.1.2.3/8", "10.9.9.9"));
  CHECK(within("0.0.0.0/0", "255.1.1.1"));
  CHECK(within("10.1.2.3", "10.1.2.3"));
  CHECK_FALSE(within("10.1.2.3/32", "10.1.2.2"));
  CHECK(within("fe80::/10", "febf::1"));
  CHECK_FALSE(within("fe80::/10", "fec0::1"));
  CHECK_FALSE(within("0.0.0.0/0", "::1"));
  CHECK(within("::/0", "1.2.3.4"));
  CHECK_FALSE(within("::1/128", "word"));
}

TEST_CASE("blocks with a wrong length are refused") {
  for (const char* text :
       {"10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "10.0.0/8", "/8", "1.2.3.4/0x8"}) {
    INFO(text);
    CHECK_FALSE(AddressBlock::parse(text));
  }
}
