#include "packing.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string json =
    R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"h"})"
    "\n";

}  // namespace

TEST_CASE("members of zip, 7z and tar are read one by one") {
  const Members members = {{"a.xml", sysmon_xml("a") + sysmon_xml("b")},
                           {"folder/", ""},
                           {"folder/b.json", json},
                           {"readme.txt", "words"},
                           {"empty", ""}};
  for (const std::string& packed :
       {zip(members), pack("7zip", "none", members), pack("pax", "none", members),
        pack("pax", "gzip", members), pack("pax", "zstd", members), pack("pax", "bzip2", members),
        pack("pax", "xz", members)}) {
    const Reading log = read_text(packed, {}, "all.pack");
    REQUIRE(log.reports.size() == 4);
    CHECK(log.events.size() == 3);
    const auto report_of = [&](const std::string& path) -> const FileReport& {
      for (const FileReport& report : log.reports) {
        if (report.path == path) return report;
      }
      FAIL("no report of " << path);
      return log.reports.front();
    };
    CHECK(report_of("all.pack!a.xml").format == "winxml");
    CHECK(report_of("all.pack!a.xml").records == 2);
    CHECK(report_of("all.pack!folder/b.json").format == "json/flat");
    CHECK(report_of("all.pack!readme.txt").state == FileReport::State::not_a_log);
    CHECK(report_of("all.pack!empty").format == "empty");
    CHECK(log.damaged() == 0);
    CHECK(log.bytes_read <= packed.size());
    CHECK(log.bytes_read > 0);
  }
}

TEST_CASE("compressed files keep their name") {
  for (const char* filter : {"gzip", "bzip2", "xz", "zstd", "lz4"}) {
    const Reading log = read_text(pack("raw", filter, {{"data", sysmon_xml("a")}}), {}, "a.xml.z");
    CAPTURE(filter);
    REQUIRE(log.reports.size() == 1);
    CHECK(log.report().path == "a.xml.z");
    CHECK(log.report().format == "winxml");
    CHECK(log.events.size() == 1);
    CHECK(log.origins.front() == "a.xml.z");
  }
}

TEST_CASE("archives within archives, up to the limit") {
  std::string packed = zip({{"a.xml", sysmon_xml("a")}});
  packed = gzip(packed);
  packed = pack("pax", "none", {{"inner.zip.gz", packed}, {"b.xml", sysmon_xml("b")}});
  const Reading log = read_text(packed, {}, "outer.tar");
  CHECK(log.events.size() == 2);
  REQUIRE(log.reports.size() == 2);
  CHECK(log.reports[0].path == "outer.tar!inner.zip.gz!a.xml");

  const Reading deeper = read_text(gzip(packed), {}, "outer.tar.gz");
  CHECK(deeper.events.size() == 1);  // b.xml
  REQUIRE(deeper.reports.size() == 2);
  CHECK(deeper.reports[0].state == FileReport::State::unreadable);
  CHECK(deeper.reports[0].path == "outer.tar.gz!inner.zip.gz");
  CHECK_THAT(deeper.reports[0].reasons.at(0), ContainsSubstring("archive_depth"));

  for (const std::string& inner :
       {zip({{"a.xml", sysmon_xml("a")}}), pack("7zip", "none", {{"a.xml", sysmon_xml("a")}})}) {
    CHECK(read_text(zip({{"x", inner}})).events.size() == 1);
    CHECK(read_text(pack("7zip", "none", {{"x", inner}})).events.size() == 1);
  }
}

TEST_CASE("bombs stop at a limit that is named") {
  OpenOptions options;
  SECTION("expansion ratio") {
    options.limits.expansion_ratio = 20;
    const std::string text = sysmon_xml("a") + std::string(80u << 20, '\n') + sysmon_xml("b");
    for (const std::string& packed : {gzip(text), zip({{"a", text}})}) {
      const Reading log = read_text(packed, options, "bomb");
      CHECK(log.events.size() <= 1);
      bool named = false;
      for (const FileReport& report : log.reports) {
        CHECK(report.state != FileReport::State::read);
        for (const std::string& reason : report.reasons) {
          named = named || reason.find("expansion_ratio") != std::string::npos;
        }
      }
      CHECK(named);
    }
  }
  SECTION("expansion ratio, as the table of contents tells it") {
    const Reading log = read_text(zip({{"a", sysmon_xml("a")},
                                       {"zeros", std::string(90u << 20, '\0')},
                                       {"b", sysmon_xml("b")}}),
                                  options, "bomb");
    CHECK(log.events.size() == 2);
    REQUIRE(log.reports.size() == 3);
    CHECK(log.reports[1].path == "bomb!zeros");
    CHECK(log.reports[1].state == FileReport::State::unreadable);
    CHECK_THAT(log.reports[1].reasons.at(0), ContainsSubstring("expansion_ratio"));
  }
  SECTION("bytes, all members together") {
    options.limits.expanded_bytes = 1'000'000;
    Members members;
    for (int i = 0; i < 30; ++i)
      members.push_back({std::to_string(i), sysmon_xml(std::string(100'000, 'x'))});
    const Reading log = read_text(zip(members), options, "bomb.zip");
    CHECK(log.events.size() == 9);
    CHECK(log.reports.back().path == "bomb.zip");
    CHECK(log.reports.back().state == FileReport::State::unreadable);
    CHECK_THAT(log.reports.back().reasons.at(0), ContainsSubstring("expanded_bytes"));
  }
  SECTION("bytes, over nested archives") {
    options.limits.expanded_bytes = 1'000'000;
    std::string inner = zip({{"x", sysmon_xml(std::string(700'000, 'x'))}});
    const Reading log = read_text(zip({{"1.zip", inner}, {"2.zip", inner}}), options);
    CHECK(log.events.size() == 1);
    CHECK(log.reports.back().state == FileReport::State::unreadable);
  }
  SECTION("bytes nobody reads, in the one stream of a 7z") {
    options.limits.expanded_bytes = 1'000'000;
    const Reading log = read_text(
        pack("7zip", "none", {{"movie", std::string(3'000'000, 'x')}, {"z.xml", sysmon_xml("b")}}),
        options);
    CHECK(log.events.empty());
    CHECK_THAT(log.reports.back().reasons.at(0), ContainsSubstring("expanded_bytes"));
  }
  SECTION("members") {
    options.limits.archive_members = 10;
    Members members;
    for (int i = 0; i < 30; ++i) members.push_back({std::to_string(i), sysmon_xml("x")});
    const Reading log = read_text(zip(members), options);
    CHECK(log.events.size() == 10);
    CHECK_THAT(log.reports.back().reasons.at(0), ContainsSubstring("archive_members"));
  }
  SECTION("what has to be kept") {
    options.limits.spool_bytes = 1000;
    const std::string inner = zip({{"x", sysmon_xml("a")}, {"y", sysmon_xml("b")}, {"z", "x"}});
    const Reading log = read_text(gzip(inner), options);
    CHECK(log.events.empty());
    CHECK_THAT(log.report().reasons.at(0), ContainsSubstring("spool_bytes"));
  }
}

TEST_CASE("an encrypted member is unreadable, the others are read") {
  const std::string secret = pack("zip", "none", {{"secret.xml", sysmon_xml("s")}}, "password");
  const Reading log = read_text(secret, {}, "s.zip");
  REQUIRE(log.reports.size() == 1);
  CHECK(log.report().path == "s.zip!secret.xml");
  CHECK(log.report().state == FileReport::State::unreadable);
  CHECK(log.report().reasons.at(0) == "is encrypted");
  CHECK(read_text(zip({{"in.zip", secret}, {"b.xml", sysmon_xml("b")}})).events.size() == 1);
}

TEST_CASE("a damaged archive: what can be read is, the rest is told") {
  Members members;
  for (int i = 0; i < 20; ++i) {
    std::string noise;
    for (int j = 0; j < 4000; ++j) noise += static_cast<char>('a' + (i * 31 + j * j * 7) % 26);
    members.push_back({std::to_string(i), sysmon_xml(noise)});
  }
  for (const std::string& packed :
       {pack("pax", "gzip", members), pack("pax", "none", members), zip(members)}) {
    for (std::size_t cut = 0; cut < packed.size(); cut += packed.size() / 37 + 1) {
      const Reading log = read_text(packed.substr(0, cut), {}, "cut");
      bool told = cut == 0;
      for (const FileReport& report : log.reports) {
        told = told || report.state == FileReport::State::unreadable || report.damaged > 0 ||
               report.state == FileReport::State::not_a_log;
      }
      CAPTURE(cut, packed.size());
      CHECK(told);
      CHECK(log.events.size() <= 20);
    }
  }
}

TEST_CASE("an archive without members") {
  const Reading log = read_text(zip({}), {}, "none.zip");
  REQUIRE(log.reports.size() == 1);
  CHECK(log.report().format == "zip");
  CHECK(log.report().state == FileReport::State::read);
  CHECK(log.report().records == 0);
}
