#include "sinks/live_jsonl.hpp"

#include "base/files.hpp"
#include "catch.hpp"
#include "scratch.hpp"
#include "support.hpp"

using namespace escudo;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<sinks::LiveSink> open(const std::string& spec) {
  auto sink = sinks::open_live_jsonl(spec);
  REQUIRE(sink.ok());
  return std::move(sink).value();
}

sinks::Notice notice(const std::string& text) {
  sinks::Notice n;
  n.kind = "gap";
  n.text = text;
  return n;
}

std::string texts(const std::string& path) {
  std::string out;
  for (const char* word : {"one", "two", "three", "four"})
    for (std::size_t at = 0; (at = base::read_file(path).value().find("\"" + std::string(word) + "\"", at)) != std::string::npos; ++at) out += word[0] == 't' ? std::string(word, 2) : std::string(1, word[0]);
  return out;
}

}  // namespace

TEST_CASE("what was written after the last commit is cut off on restart, a torn line too") {
  ScratchFolder folder;
  const std::string path = folder.path("f.jsonl");
  std::string state;
  {
    auto sink = open(path);
    REQUIRE(sink->resume("").ok());
    sink->add(notice("one"));
    REQUIRE(sink->settle(0ms).value());
    state = sink->state();
    sink->add(notice("two"));
  }
  std::ofstream(path, std::ios::app) << "{\"torn";
  auto sink = open(path);
  REQUIRE(sink->resume(state).ok());
  sink->add(notice("three"));
  REQUIRE(sink->settle(0ms).value());
  CHECK(texts(path) == "oth");
  CHECK(base::read_file(path).value().find("torn") == std::string::npos);
}

TEST_CASE("what was in the file before the first start stays") {
  ScratchFolder folder;
  const std::string path = folder.write("f.jsonl", "{\"text\":\"one\"}\n");
  auto sink = open(path);
  REQUIRE(sink->resume("").ok());
  sink->add(notice("two"));
  CHECK(texts(path) == "otw");
}

TEST_CASE("a full file is rotated after a commit, and a crash before the next one is told apart") {
  ScratchFolder folder;
  const std::string path = folder.path("f.jsonl"), spec = path + "?rotate=10&keep=2";
  std::string state;
  {
    auto sink = open(spec);
    REQUIRE(sink->resume("").ok());
    sink->add(notice("one"));
    REQUIRE(sink->settle(0ms).value());
    state = sink->state();
    sink->committed();
    CHECK(texts(path + ".1") == "o");
    for (const char* text : {"two", "three"}) sink->add(notice(text));   // longer than what was committed
  }
  auto sink = open(spec);
  REQUIRE(sink->resume(state).ok());
  CHECK(texts(path).empty());
  CHECK(texts(path + ".1") == "o");
  CHECK(texts(path + ".aside") == "twth");
}

TEST_CASE("a rotation that fails keeps the file, also over the next start, and is told") {
  ScratchFolder folder;
  const std::string path = folder.path("f.jsonl"), spec = path + "?rotate=10&keep=1";
  folder.write("f.jsonl.1/in_the_way", "");
  std::string state;
  {
    auto sink = open(spec);
    REQUIRE(sink->resume("").ok());
    sink->add(notice("one"));
    REQUIRE(sink->settle(0ms).value());
    sink->committed();
    CHECK(sink->report().trouble.find("cannot be rotated") != std::string::npos);
    sink->add(notice("two"));
    REQUIRE(sink->settle(0ms).value());
    CHECK(sink->report().trouble.find("cannot be rotated") != std::string::npos);
    state = sink->state();
    sink->committed();
    sink->add(notice("three"));
  }
  auto sink = open(spec);
  REQUIRE(sink->resume(state).ok());
  CHECK(texts(path) == "otw");
}

TEST_CASE("a file that somebody else put there is never cut") {
  ScratchFolder folder;
  const std::string path = folder.path("f.jsonl"), text = "theirs\n" + std::string(3000, 'x');
  const std::string found = sinks::finding_json(wmi_finding()) + '\n';
  const std::pair<bool, std::string> cases[] = {{true, text}, {false, text}, {false, found}};
  for (const auto& [empty, theirs] : cases) {
    std::string state;
    {
      auto sink = open(path + "?rotate=1000000");
      REQUIRE(sink->resume("").ok());
      if (!empty) sink->add(notice("one"));
      REQUIRE(sink->settle(0ms).value());
      state = sink->state();
    }
    folder.write("f.jsonl", theirs);
    REQUIRE(open(path + "?rotate=1000000")->resume(state).ok());
    CHECK(base::read_file(path).value() == theirs);
    std::filesystem::remove(path);
  }
}

TEST_CASE("what scan wrote in place of a file that held nothing yet is set aside, not cut") {
  ScratchFolder folder;
  const std::string path = folder.path("f.jsonl"), found = sinks::finding_json(wmi_finding()) + '\n';
  std::string state;
  {
    auto sink = open(path);
    REQUIRE(sink->resume("").ok());
    REQUIRE(sink->settle(0ms).value());
    state = sink->state();
  }
  folder.write("f.jsonl", found);
  auto sink = open(path);
  REQUIRE(sink->resume(state).ok());
  sink->add(notice("one"));
  CHECK(texts(path) == "o");
  REQUIRE(base::read_file(path + ".aside").ok());
  CHECK(base::read_file(path + ".aside").value() == found);
}

TEST_CASE("a sink that is misspelt is refused with a sentence") {
  CHECK_FALSE(sinks::open_live_jsonl("").ok());
  CHECK_FALSE(sinks::open_live_jsonl("f?rotate=soon").ok());
  CHECK_FALSE(sinks::open_live_jsonl("f?size=5").ok());
}
