#include "catch.hpp"
#include "sources/journald/export.hpp"
#include "sources/live.hpp"

using namespace escudo;
using sources::first_entry;

TEST_CASE("an entry of the journal's export format, with a message of several lines") {
  using namespace std::string_literals;
  const std::string text = "\n__CURSOR=s=1;i=2\nSYSLOG_IDENTIFIER=sysmon\nMESSAGE\n\x05\0\0\0\0\0\0\0a\n=\nb\n\n__CURSOR=x\n"s;
  const auto entry = first_entry(text);
  REQUIRE(entry);
  CHECK(entry->cursor == "s=1;i=2");
  CHECK(entry->message == "a\n=\nb");
  CHECK(text.substr(entry->size) == "__CURSOR=x\n");
  for (std::size_t size = 0; size < entry->size; ++size) CHECK_FALSE(first_entry(std::string_view(text).substr(0, size)));
}

TEST_CASE("a length beyond the text is an entry that is not whole yet") {
  using namespace std::string_literals;
  CHECK_FALSE(first_entry("MESSAGE\n\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFxx\n\n"s));
}

TEST_CASE("what is no match of the journal is refused") {
  CHECK_FALSE(sources::open_live("journald:--flush", "", {}).ok());
  CHECK_FALSE(sources::open_live("journald:sysmon", "", {}).ok());
  CHECK_FALSE(sources::open_live("journald:A=b?x=1", "", {}).ok());
}
