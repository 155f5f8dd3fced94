#include "replay/shift_time.hpp"

#include "base/files.hpp"
#include "catch.hpp"
#include "sources/source.hpp"

using namespace escudo;
using replay::shift_times;

namespace {

constexpr base::Duration week = std::chrono::hours(7 * 24);
const base::Time noon = base::parse_time("2020-09-14T12:06:01.826Z").value();

struct Read {
  std::vector<std::string> raws;
  std::vector<base::Time> times;
};

Read read(std::unique_ptr<sources::Source> source) {
  Read out;
  event::Batch batch;
  while (source->next(batch)) {
    for (const event::Event& e : batch.events) {
      out.raws.emplace_back(e.raw);
      out.times.push_back(e.time);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a log that was moved and is read again has the moved times and nothing else changed") {
  for (const char* name :
       {"xml/wmi_process_call_create.log", "xml/workstation.log", "syslog/linux_sysmon.log",
        "auditd/audit.log", "classic/winevent.log", "json/wmi_near_misses_nxlog.jsonl",
        "json/wmi_near_misses_flat.jsonl", "json/workstation_winlogbeat.jsonl",
        "json/workstation_evtx_dump.jsonl"}) {
    INFO(name);
    const Read before = read(sources::open(std::string(ESCUDO_ROOT "/fixtures/logs/") + name, {}));
    REQUIRE_FALSE(before.raws.empty());
    std::string moved, back;
    for (std::size_t k = 0; k < before.raws.size(); ++k) {
      const std::string text = shift_times(before.raws[k], before.times[k], week);
      CHECK(text.size() == before.raws[k].size());
      CHECK(shift_times(text, before.times[k] + week, -week) == before.raws[k]);
      moved += text + "\n";
    }
    const Read after = read(sources::open_memory(moved, name, {}));
    REQUIRE(after.times.size() == before.times.size());
    for (std::size_t k = 0; k < after.times.size(); ++k)
      CHECK(after.times[k] == before.times[k] + week);
  }
}

TEST_CASE("a time keeps its way of writing, its zone and the digits of its fraction") {
  const auto moved = [](const std::string& text) {
    return shift_times(text, noon, std::chrono::hours(12));
  };
  CHECK(moved("<a t='2020-09-14T12:06:01.8260001Z'/>") == "<a t='2020-09-15T00:06:01.8260001Z'/>");
  CHECK(moved("<a>2020-09-14 12:06:01.826</a>") == "<a>2020-09-15 00:06:01.826</a>");
  CHECK(moved("<a>2020-09-14 23:06:01,8+02:00</a>") == "<a>2020-09-15 11:06:01,8+02:00</a>");
  CHECK(moved(R"({"t":"2020-09-14T12:06:01-0700"})") == R"({"t":"2020-09-15T00:06:01-0700"})");
  CHECK(moved(R"({"t": 1600085161, "u": 1600085161826, "v":1600085161.826, "w": 7})") ==
        R"({"t": 1600128361, "u": 1600128361826, "v":1600128361.826, "w": 7})");
  CHECK(moved("09/14/2020 11:59:59 PM\nLogName=Security") ==
        "09/15/2020 11:59:59 AM\nLogName=Security");
  CHECK(moved("UtcTime: 2020-09-14 12:06:01.826\r\n") == "UtcTime: 2020-09-15 00:06:01.826\r\n");
  CHECK(moved("<14>Sep 14 12:06:01 host sysmon: x") == "<14>Sep 15 00:06:01 host sysmon: x");
  CHECK(moved("<14>1 2020-09-14T12:06:01Z host sysmon - - x") ==
        "<14>1 2020-09-15T00:06:01Z host sysmon - - x");
  CHECK(shift_times("Dec 31 23:00:00 host x: y", base::parse_time("2020-12-31T23:00:00Z").value(),
                    std::chrono::hours(2)) == "Jan  1 01:00:00 host x: y");
  CHECK(moved("type=X msg=audit(1600085161.826:7): a=1600085161.826") ==
        "type=X msg=audit(1600128361.826:7): a=1600085161.826");
}

TEST_CASE("what is no time, or stands within a command line, stays") {
  for (const char* text :
       {"<Data>cmd /c echo 2020-09-14 12:06:01 >x</Data>",
        "<Data>backup-2020-09-14T12:06:01Z.zip</Data>",
        "<Data>say \"2020-09-14 12:06:01\" twice</Data>",
        "<Data>2020-09-14 12:06:01 and more</Data>", "<a>2020-13-14 12:06:01</a>",
        "<a>2020-09-14</a>", "<a>10.0.19041.1</a>", "<a>12345678901234567890</a>",
        R"({"pid": 1600085, "x": 16000851610})", "<a>May 14 is a date</a>", "May be", "", "2"}) {
    INFO(text);
    CHECK(shift_times(text, noon, std::chrono::hours(12)) == text);
  }
}
