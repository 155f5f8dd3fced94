#include "sinks/layout.hpp"

#include "catch.hpp"

using namespace escudo::sinks;
using Lines = std::vector<std::string>;

TEST_CASE("folding breaks at blanks, and inside a word where there is none") {
  CHECK(fold("", 10) == Lines{""});
  CHECK(fold("as it is", 0) == Lines{"as it is"});
  CHECK(fold("one two three", 7) == Lines{"one two", "three"});
  CHECK(fold("one two three", 8) == Lines{"one two", "three"});
  CHECK(fold("one  two", 4) == Lines{"one", "two"});
  CHECK(fold("abcdefgh", 3) == Lines{"abc", "def", "gh"});
  CHECK(fold("ab cdefgh", 4) == Lines{"ab", "cdef", "gh"});
  CHECK(fold("      x", 3) == Lines{"x"});
  CHECK(fold("x      ", 3) == Lines{"x"});
  CHECK(fold("ab", 1) == Lines{"a", "b"});
}

TEST_CASE("folding counts columns, not bytes") {
  CHECK(fold("äöü äöü", 3) == Lines{"äöü", "äöü"});
  CHECK(fold("日本語", 4) == Lines{"日本", "語"});
  CHECK(fold("日本語", 1) ==
        Lines{"日", "本", "語"});  // a character that does not fit stands alone
}

TEST_CASE("shortening tells what is gone") {
  CHECK(shortened("abc", 3) == "abc");
  CHECK(shortened("abcdef", 3) == "abc … (3 more)");
  CHECK(shortened("äöüß", 2) == "äö … (2 more)");
}

TEST_CASE("numbers for people") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(counted(1, "file") == "1 file");
  CHECK(counted(0, "file") == "0 files");
  CHECK(counted(2, "more entity") == "2 more entities");
  CHECK(byte_count(999) == "999 bytes");
  CHECK(byte_count(1000) == "1.0 kB");
  CHECK(byte_count(999'949) == "999.9 kB");
  CHECK(byte_count(999'950) == "1.0 MB");
  CHECK(byte_count(36'200'000) == "36.2 MB");
  CHECK(byte_count(12'000'000'000) == "12.0 GB");
  CHECK(duration(0.004) == "0.00 s");
  CHECK(duration(9.996) == "10.0 s");
  CHECK(duration(59.96) == "1 min 0 s");
  CHECK(duration(125.4) == "2 min 5 s");
  CHECK(duration(3840) == "1 h 4 min");
  CHECK(duration(-1) == "0.00 s");
}

TEST_CASE("padding by columns") {
  CHECK(pad_right("ä", 3) == "ä  ");
  CHECK(pad_left("日", 3) == " 日");
  CHECK(pad_left("long", 2) == "long");
}
