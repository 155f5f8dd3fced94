#include "replay/reference.hpp"

#include "catch.hpp"

using namespace escudo::replay;

TEST_CASE("a dataset has one name, however its address is written") {
  for (const char* address :
       {"https://media.githubusercontent.com/media/splunk/attack_data/master/datasets/a/b c.log",
        "https://media.githubusercontent.com/media/splunk/attack_data/master/datasets/a/b%20c.log",
        " https://raw.githubusercontent.com/splunk/attack_data/main/datasets//a/b c.log\n",
        "https://github.com/splunk/attack_data/raw/v1/datasets/a/b c.log?raw=true",
        "https://github.com/splunk/attack_data/blob/master/datasets/a/b c.log",
        "/datasets/a/b c.log"}) {
    INFO(address);
    CHECK(dataset_name(address) == "datasets/a/b c.log");
  }
  CHECK(dataset_name("http://example.org/logs/x.log#top") == "example.org/logs/x.log");
}

TEST_CASE("a scheme behind a question mark or a hash is none") {
  CHECK(dataset_name("a#b://c") == "a#b:/c");
  CHECK(dataset_name("?://") == "?:/");
  CHECK(dataset_name("://") == "");
}

TEST_CASE("a name that could leave the folder is none") {
  for (const char* name : {"", "/etc/passwd", "../x", "datasets/../../x", "datasets/./x",
                           "datasets//x", "a\\b", "a\nb", "objects/ab/x", "partial/x", "\xff"}) {
    INFO(name);
    CHECK_FALSE(name_trouble(name).empty());
    CHECK_FALSE(addresses_of(name, "").has_value());
  }
  CHECK(name_trouble("datasets/a..b/c.log").empty());
}

TEST_CASE("attack_data's files have a pointer and a content address, which a mirror replaces") {
  const auto upstream = addresses_of("datasets/a/b c#1.log", "");
  REQUIRE(upstream);
  CHECK(upstream->pointer ==
        "https://raw.githubusercontent.com/splunk/attack_data/master/datasets/a/b%20c%231.log");
  CHECK(upstream->content ==
        "https://media.githubusercontent.com/media/splunk/attack_data/master/datasets/a/"
        "b%20c%231.log");
  const auto mirror = addresses_of("datasets/x.log", "http://mirror.example:8080/m/");
  REQUIRE(mirror);
  CHECK(mirror->pointer == "http://mirror.example:8080/m/splunk/attack_data/master/datasets/x.log");
  CHECK(mirror->content ==
        "http://mirror.example:8080/m/media/splunk/attack_data/master/datasets/x.log");
  const auto elsewhere = addresses_of("example.org/logs/x.log", "http://mirror.example");
  REQUIRE(elsewhere);
  CHECK(elsewhere->pointer == "https://example.org/logs/x.log");
  CHECK(elsewhere->content.empty());
  CHECK_FALSE(addresses_of("logs/x.log", "").has_value());  // a folder of somebody's, no host
}

TEST_CASE("a Git LFS pointer is read and written; what only looks like one is refused") {
  const Content content{std::string(64, 'a'), 12'345};
  CHECK(parse_pointer(pointer_text(content)) == content);
  const std::string head = "version https://git-lfs.github.com/spec/v1\n";
  CHECK(parse_pointer(head + "oid sha256:" + std::string(64, 'a') + "\r\nsize 12345\r\n") ==
        content);
  for (const std::string& text :
       {std::string(), head, head + "oid sha256:" + std::string(63, 'a') + "\nsize 1\n",
        head + "oid sha256:" + std::string(64, 'A') + "\nsize 1\n",
        head + "oid sha256:" + std::string(64, 'a') + "\nsize -1\n",
        head + "oid sha256:" + std::string(64, 'a') + "\nsize 99999999999999999999999\n",
        head + "oid sha256:" + std::string(64, 'a') + "\n",
        "oid sha256:" + std::string(64, 'a') + "\nsize 1\n",
        pointer_text(content) + std::string(2000, ' ')}) {
    INFO(text.substr(0, 150));
    CHECK_FALSE(parse_pointer(text).has_value());
  }
}
