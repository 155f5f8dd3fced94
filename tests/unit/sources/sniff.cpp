#include "sources/sniff.hpp"

#include "base/utf16.hpp"
#include "catch.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

using namespace std::string_literals;

Format whole(const std::string& bytes) { return sniff(bytes, true); }

}  // namespace

TEST_CASE("magic bytes") {
  CHECK(whole("ElfFile\0rest"s) == Format::evtx);
  CHECK(whole("PK\3\4..") == Format::zip);
  CHECK(whole("PK\5\6..") == Format::zip);
  CHECK(whole("7z\xBC\xAF\x27\x1C") == Format::seven_zip);
  CHECK(whole("\x1F\x8B\x08") == Format::gzip);
  CHECK(whole("BZh91AY&SY...") == Format::bzip2);
  CHECK(whole("\xFD"s + "7zXZ\0"s) == Format::xz);
  CHECK(whole("\x28\xB5\x2F\xFD") == Format::zstd);
  CHECK(whole("\x04\x22\x4D\x18") == Format::lz4);
  CHECK(whole(std::string(257, 'x') + "ustar" + std::string(300, '\0')) == Format::tar);
  CHECK(whole(std::string(4096, '\0') + "ElfChnk\0........"s) == Format::evtx);
}

TEST_CASE("nearly magic") {
  for (const std::string& bytes :
       {"ElfFilx\0"s, "PK"s, "BZhello world"s, "BZh"s, "7zip"s, std::string(512, '\0'),
        std::string(1024, 'a'), "MZ\x90\0\3"s, "just some words\nand more\n"s}) {
    CHECK(whole(bytes) == Format::unknown);
  }
}

TEST_CASE("blanks are an empty file") {
  CHECK(whole("") == Format::empty);
  CHECK(whole(" \r\n\t\n") == Format::empty);
  CHECK(whole("\xEF\xBB\xBF\n") == Format::empty);
  CHECK(sniff(std::string(64, ' '), false) == Format::unknown);
}

TEST_CASE("event XML") {
  const std::string xml = sysmon_xml("a");
  CHECK(whole(xml) == Format::winxml);
  CHECK(whole("\xEF\xBB\xBF<?xml version='1.0'?><Events>" + xml) == Format::winxml);
  CHECK(whole("\xFF\xFE" + base::utf8_to_utf16le(xml)) == Format::winxml);
  CHECK(whole("torn beginning</Data></EventData></Event>\n" + xml) == Format::winxml);
  CHECK(whole("<Event xmlns='http://sche") == Format::winxml);
  CHECK(whole(xml.substr(0, 200) + "\0\0"s) == Format::winxml);
  CHECK(whole("Sep 14 12:06:01 h sysmon[1]: " + xml) == Format::syslog);
  CHECK(whole("Sep 14 12:06:01 h cron: nothing\n") == Format::syslog);
}

TEST_CASE("other XML, HTML, and text that speaks of events") {
  for (const std::string& text :
       {"<html><body><Event></body></html>"s,
        "<Events><Event id='1'><Name>x</Name></Event></Events>"s, "<Eventful><System/></Eventful>"s,
        "Events look like " + sysmon_xml("a") + " in XML."s}) {
    CHECK(whole(text) == Format::unknown);
  }
}

TEST_CASE("what begins like JSON") {
  CHECK(whole("{\"a\":1}") == Format::json);
  CHECK(whole("\n  [\n{}]") == Format::json);
  CHECK(whole("\xFF\xFE" + base::utf8_to_utf16le("{\"a\":1}")) == Format::json);
  CHECK(whole("Record 1\n{\n}") == Format::json);
  // The event XML within a JSON string does not make it XML.
  CHECK(whole("{\"result\":{\"_raw\":\"" + sysmon_xml("a") + "\"}}") == Format::json);
}

TEST_CASE("audit logs and rendered Windows events") {
  CHECK(whole("type=PATH msg=audit(1722950859.301:6995): item=0\n") == Format::auditd);
  CHECK(whole("----\ntime->Tue Aug  6\nnode=a type=PATH msg=audit(1722950859.301:6995): item=0") ==
        Format::auditd);
  CHECK(whole("type=PATH item=0\n") == Format::unknown);
  CHECK(whole("03/23/2021 05:16:59 PM\r\nLogName=Security\r\nSourceName=x\r\n") == Format::classic);
  CHECK(whole("LogName=Security\nEventCode=1\n") == Format::classic);
  CHECK(whole("LogName=debug\nlevel=3\n") == Format::unknown);
  CHECK(whole("03/23/2021 05:16:59 PM\nsomething else\n") == Format::unknown);
}
