#include "harness/findings.hpp"

#include <nlohmann/json.hpp>

#include "catch.hpp"

using namespace escudo::harness;

namespace {

Finding finding(const std::string& id, const std::string& extra = "") {
  return Finding::parse(R"({"type":"finding","finding_id":")" + id +
                        R"(","detection":"D","first_time":"2020-01-01T00:00:00Z")" + extra + "}");
}

bool has(const std::string& text, const std::string& piece) {
  return text.find(piece) != std::string::npos;
}

}  // namespace

TEST_CASE("findings are read a line at a time") {
  const auto found = parse_findings("{\"type\":\"finding\",\"count\":1}\n\n{\"type\":\"finding\"}\r\n");
  REQUIRE(found.ok());
  CHECK(found->size() == 2);
}

TEST_CASE("a line that is no finding is an error that names it") {
  for (const char* bad : {"{\"type\":\"finding\"", "[1]", "17", "{\"type\":\"summary\"}", "{}"}) {
    const auto found = parse_findings(std::string("{\"type\":\"finding\"}\n") + bad + "\n");
    REQUIRE_FALSE(found.ok());
    CHECK(has(found.error(), "line 2"));
  }
}

TEST_CASE("print and parse are each other's way back, keys in their order") {
  const std::string text = "{\"type\":\"finding\",\"z\":1,\"a\":[2.5,\"\xC3\xA9\"]}\n";
  const auto found = parse_findings(text);
  REQUIRE(found.ok());
  CHECK(print_findings(*found) == text);
}

TEST_CASE("evidence paths lose the folder they lie in, and no more") {
  auto f = finding("1", R"(,"evidence":{"events":[{"source":"/p/logs/evtx/a.evtx"},
      {"source":"/p/logs.zip!a"},{"source":"/p/case/b.xml"},{"source":"-"},{"record_id":3}]})");
  shorten_sources(f, {"/p/case", "/p/logs"});
  const auto& events = f["evidence"]["events"];
  CHECK(events[0]["source"] == "evtx/a.evtx");
  CHECK(events[1]["source"] == "/p/logs.zip!a");
  CHECK(events[2]["source"] == "b.xml");
  CHECK(events[3]["source"] == "-");
  auto none = finding("1");
  shorten_sources(none, {"/p"});
  CHECK(none == finding("1"));
}

TEST_CASE("equal lists do not differ") {
  CHECK(difference({}, {}).empty());
  CHECK(difference({finding("1"), finding("1"), finding("2")},
                   {finding("1"), finding("1"), finding("2")})
            .empty());
}

TEST_CASE("a difference says what is missing, what is new and what changed") {
  const auto text = difference({finding("1", R"(,"count":1,"gone":true)"), finding("2")},
                               {finding("1", R"(,"count":3,"new":"x")"), finding("3")});
  CHECK(has(text, "~ D [2020-01-01T00:00:00Z] 1\n"));
  CHECK(has(text, "/count: expected 1, got 3\n"));
  CHECK(has(text, "/gone: missing true\n"));
  CHECK(has(text, "/new: not expected \"x\"\n"));
  CHECK(has(text, "- D [2020-01-01T00:00:00Z] 2\n"));
  CHECK(has(text, "+ D [2020-01-01T00:00:00Z] 3\n"));
}

TEST_CASE("the number of equal findings counts") {
  CHECK_FALSE(difference({finding("1")}, {finding("1"), finding("1")}).empty());
  CHECK_FALSE(difference({finding("1"), finding("1")}, {finding("1")}).empty());
}

TEST_CASE("the order of findings and of keys counts, and so do empty values") {
  CHECK(has(difference({finding("1"), finding("2")}, {finding("2"), finding("1")}), "another order"));
  CHECK(has(difference({finding("1", R"(,"a":1,"b":2)")}, {finding("1", R"(,"b":2,"a":1)")}),
            "another order"));
  CHECK_FALSE(difference({finding("1", R"(,"a":[])")}, {finding("1", R"(,"a":{})")}).empty());
}

TEST_CASE("what a log smuggles into a finding cannot reach the terminal") {
  const auto text = difference({}, {finding("1", R"(,"fields":{"process":"\u001b[2J"})")});
  CHECK(text.find('\x1b') == std::string::npos);
}
