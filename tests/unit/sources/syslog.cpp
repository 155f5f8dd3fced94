#include "sources/syslog.hpp"

#include "catch.hpp"
#include "reading.hpp"

using namespace escudo::sources;

namespace {

const std::string linux_event =
    "<Event><System><Provider Name=\"Linux-Sysmon\" "
    "Guid=\"{ff032593-a8d3-4f13-b0d6-01fc615a0f97}\"/>"
    "<EventID>1</EventID><Version>5</Version><Level>4</Level>"
    "<TimeCreated SystemTime=\"2023-05-04T10:11:12.345678000Z\"/><EventRecordID>41</EventRecordID>"
    "<Correlation/><Execution ProcessID=\"380\" ThreadID=\"380\"/>"
    "<Channel>Linux-Sysmon/Operational</Channel><Computer>web01</Computer><Security UserId=\"0\"/>"
    "</System><EventData><Data Name=\"Image\">/usr/bin/id</Data>"
    "<Data Name=\"CommandLine\">id -u &gt; /dev/null</Data></EventData></Event>";

}  // namespace

TEST_CASE("headers of syslog lines") {
  for (const char* line :
       {"Sep 14 12:06:01 web01 sysmon[380]: x", "<14>Sep  4 12:06:01 web01 sysmon: x",
        "<14>1 2020-09-14T12:06:01.003Z web01 sysmon 380 - - x",
        "2020-09-14T12:06:01.123456+02:00 web01 sysmon[380]: x"}) {
    CHECK(is_syslog_line(line));
  }
  for (const char* line :
       {"", "Sep", "Sep 14", "Sep 14 12:06:01", "Sept 14 12:06:01 host x", "2020-09-14T12:06:01Z",
        "2020-09-14 12:06:01 host x", "<14>", "{\"a\":1}"}) {
    CAPTURE(line);
    CHECK_FALSE(is_syslog_line(line));
  }
}

TEST_CASE("Sysmon for Linux in syslog lines among others") {
  const std::string log =
      "May  4 10:11:11 web01 systemd[1]: Started something <not an event>.\n"
      "May  4 10:11:12 web01 sysmon[380]: " +
      linux_event +
      "\n"
      "May  4 10:11:13 web01 sshd[99]: Accepted publickey\n"
      "<14>1 2023-05-04T10:11:14Z web01 sysmon 380 - - " +
      linux_event + "\n";
  const Reading read = read_text(log);
  REQUIRE(read.events.size() == 2);
  CHECK(read.report().format == "syslog-sysmon");
  CHECK(read.damaged() == 0);
  CHECK(read.events[0]["Computer"] == "web01");
  CHECK(read.events[0]["CommandLine"] == "id -u > /dev/null");
  CHECK(read.events[0]["UserId"] == "0");
  CHECK(read.events[0].record_id == 41);
  CHECK(read.events[0].time == "2023-05-04T10:11:12.345678Z");
  CHECK(read.events[0].raw == linux_event);
}

TEST_CASE("the first of them may come late") {
  std::string log;
  for (int i = 0; i < 5000; ++i)
    log += "May  4 10:11:11 web01 cron[1]: nothing to do this minute\n";
  CHECK(read_text(log).report().state == FileReport::State::not_a_log);
  CHECK(read_text(log + "May  4 10:11:12 web01 sysmon[380]: " + linux_event).events.size() == 1);
}

TEST_CASE("a line cut by syslog is torn") {
  const Reading read =
      read_text("May  4 10:11:12 web01 sysmon[380]: " + linux_event.substr(0, 400) +
                "\nMay  4 10:11:12 web01 sysmon[380]: " + linux_event + "\n");
  CHECK(read.events.size() == 1);
  CHECK(read.damaged() == 1);
}
