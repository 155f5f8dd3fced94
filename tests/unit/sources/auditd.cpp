#include "catch.hpp"
#include "reading.hpp"
#include "sources/auditd/record.hpp"

using namespace escudo::sources;

namespace {

const std::string whoami_record =
    "node=web01 type=SYSCALL msg=audit(1722950859.266:6994): arch=c000003e syscall=59 success=yes "
    "a0=55 comm=\"who ami\" exe=\"/usr/bin/whoami\" key=(null)\x1d"
    "ARCH=x86_64 SYSCALL=execve "
    "AUID=\"ubuntu\" UID=\"root\"";

}  // namespace

TEST_CASE("a line of an audit log is an event") {
  const Reading read = read_text(whoami_record + "\n");
  REQUIRE(read.events.size() == 1);
  const ReadEvent& e = read.events.front();
  CHECK(read.report().format == "auditd");
  CHECK(e.channel == "auditd");
  CHECK(e.time == "2024-08-06T13:27:39.266000Z");
  CHECK(e.event_id == -1);
  CHECK(e.record_id == 0);
  CHECK(e.ordinal == 1);
  CHECK(e.raw == whoami_record);
  CHECK(e["node"] == "web01");
  CHECK(e["type"] == "SYSCALL");
  CHECK(e["msg"] == "audit(1722950859.266:6994):");
  CHECK(e["comm"] == "who ami");
  CHECK(e["key"] == "(null)");
  CHECK(e["SYSCALL"] == "execve");
  CHECK(e["UID"] == "root");
}

TEST_CASE("records of one audit event stay apart, their values as written") {
  const Reading read = read_text(
      "type=EXECVE msg=audit(1722950859.301:6995): argc=2 a0=\"sh\" a1=2D632069640A\n"
      "type=PROCTITLE msg=audit(1722950859.301:6995): proctitle=7368002D63\n");
  REQUIRE(read.events.size() == 2);
  CHECK(read.events[0]["a1"] == "2D632069640A");
  CHECK(read.events[1]["proctitle"] == "7368002D63");
}

TEST_CASE("what a user message says stands within quotes") {
  const Reading read = read_text(
      "type=ADD_USER msg=audit(1722950861.000:6999): pid=1788 msg='op=adding user id=1002 "
      "exe=\"/usr/sbin/useradd\" res=success'UID=\"root\" ID=\"unknown(1002)\"\n");
  const ReadEvent& e = read.events.front();
  CHECK(e["msg"] == "audit(1722950861.000:6999):");
  CHECK(e["op"] == "adding");
  CHECK(e["id"] == "1002");
  CHECK(e["exe"] == "/usr/sbin/useradd");
  CHECK(e["res"] == "success");
  CHECK(e["UID"] == "root");
  CHECK(e["ID"] == "unknown(1002)");
}

TEST_CASE("of a key that comes again the first counts; names are cleaned") {
  const Reading read = read_text(
      "type=LOGIN msg=audit(1.5:2): old-auid=1 auid=2 auid=3 a1[0]=x (enforcing=1) \"=2 =3\n");
  const ReadEvent& e = read.events.front();
  CHECK(e["old_auid"] == "1");
  CHECK(e["auid"] == "2");
  CHECK(e["a1_0_"] == "x");
  CHECK(e["enforcing"] == "1)");  // as Splunk cuts it: at the blank
  CHECK(e.time == "1970-01-01T00:00:01.500000Z");
}

TEST_CASE("what ausearch prints between records is no damage, a torn line is") {
  const Reading read = read_text("----\ntime->Tue Aug  6 13:27:39 2024\n" + whoami_record +
                                 "\n\nnot a record\n" + whoami_record + "\ntype=EXECVE msg=aud");
  CHECK(read.events.size() == 2);
  CHECK(read.damaged() == 2);
  REQUIRE(read.report().reasons.size() == 2);
  CHECK(read.report().reasons[0] == "record 2 is no audit record");
  CHECK(read.report().reasons[1] == "record 4 is torn: it has no end");
}

TEST_CASE("headers that are none") {
  for (const char* line :
       {"type=EXECVE", "type=EXECVE msg=audit(", "type=EXECVE msg=audit(x:1): a=1",
        "type=EXECVE msg=audit(1.5): a=1", "type= msg=audit(1.5:1): a=1", "msg=audit(1.5:1): a=1",
        "type=X msg=audit(99999999999999.1:1): a=1"}) {
    CAPTURE(line);
    CHECK_FALSE(audit_header(line).has_value());
  }
}

TEST_CASE("a record with too many fields is damage") {
  std::string line = "type=X msg=audit(1.5:2):";
  for (int i = 0; i < 5000; ++i) line += " k" + std::to_string(i) + "=1";
  const Reading read = read_text(line + "\n");
  CHECK(read.events.empty());
  REQUIRE(read.damaged() == 1);
  CHECK(read.report().reasons.front().find("fields_per_event") != std::string::npos);
}
