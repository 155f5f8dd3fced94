#include "sources/event_time.hpp"

#include "catch.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

std::string shown(const std::optional<base::Time>& time) {
  return time ? base::format_utc_micros(*time) : "none";
}

}  // namespace

TEST_CASE("XML has SystemTime and nothing else") {
  TimeTexts texts;
  texts.utc_time = "2020-09-14 12:06:01.000";
  CHECK(shown(time_of_xml(texts)) == "none");
  texts.system_time = "2020-09-14T12:06:02.123456789Z";
  CHECK(shown(time_of_xml(texts)) == "2020-09-14T12:06:02.123456Z");
}

TEST_CASE("UtcTime comes first in JSON") {
  TimeTexts texts{"2020-09-14T08:00:00Z", "2020-09-14 12:06:01.826", "2020-09-14 08:06:01",
                  "2020-09-14T12:06:03.000Z"};
  CHECK(shown(time_of_json(texts)) == "2020-09-14T12:06:01.826000Z");
  texts.utc_time = "not a time";
  CHECK(shown(time_of_json(texts)) == "2020-09-14T12:06:01.000000Z");
}

TEST_CASE("EventTime is moved by its distance to @timestamp, rounded to a quarter hour") {
  const auto moved = [](std::string_view local, std::string_view received) {
    return shown(time_of_json({"", "", local, received}));
  };
  CHECK(moved("2020-09-14 08:06:01", "2020-09-14T12:06:03.281Z") == "2020-09-14T12:06:01.000000Z");
  CHECK(moved("2020-09-14 17:51:01", "2020-09-14T12:06:03Z") == "2020-09-14T12:06:01.000000Z");
  CHECK(moved("2020-09-14 17:36:01", "2020-09-14T12:06:03Z") == "2020-09-14T12:06:01.000000Z");
  CHECK(moved("2020-09-14 12:06:01", "2020-09-14T12:06:03Z") == "2020-09-14T12:06:01.000000Z");
  // Received a little before it happened: clocks differ.
  CHECK(moved("2020-09-14 08:06:05", "2020-09-14T12:06:03Z") == "2020-09-14T12:06:05.000000Z");
  CHECK(moved("2020-09-14 16:06:05", "2020-09-14T12:06:03Z") == "2020-09-14T12:06:05.000000Z");
  // A time with its zone needs no moving.
  CHECK(moved("2020-09-14T08:06:01-04:00", "2020-09-14T12:06:03Z") ==
        "2020-09-14T12:06:01.000000Z");
  // Sent three days later: no zone is that far off.
  CHECK(moved("2020-09-11 08:06:01", "2020-09-14T12:06:03Z") == "2020-09-11T08:06:01.000000Z");
  CHECK(moved("2020-09-11 08:06:01", "") == "2020-09-11T08:06:01.000000Z");
}

TEST_CASE("then TimeCreated, then @timestamp") {
  CHECK(shown(time_of_json({"2020-10-18 02:17:12.527", "", "", "2020-10-18T09:00:00Z"})) ==
        "2020-10-18T02:17:12.527000Z");
  CHECK(shown(time_of_json({"", "", "", "2020-10-18T09:00:00Z"})) == "2020-10-18T09:00:00.000000Z");
  CHECK(shown(time_of_json({})) == "none");
}

TEST_CASE("times as exports write them") {
  const auto read = [](std::string_view text) { return shown(time_of_json({"", "", "", text})); };
  CHECK(read("1600085161") == "2020-09-14T12:06:01.000000Z");
  CHECK(read("1600085161.826") == "2020-09-14T12:06:01.826000Z");
  CHECK(read("1600085161826") == "2020-09-14T12:06:01.826000Z");
  CHECK(read("2020-09-14 12:06:01.000 UTC") == "2020-09-14T12:06:01.000000Z");
  CHECK(read("2020-09-14 12:06:01.000 EDT") == "none");
  CHECK(read("12345") == "none");
  CHECK(read("1600085161x") == "none");
}
