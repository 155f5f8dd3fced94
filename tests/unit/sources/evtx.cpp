#include <cctype>
#include <map>

#include "base/files.hpp"
#include "catch.hpp"
#include "packing.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string fixture(const std::string& name) {
  const auto bytes = base::read_file(std::string(ESCUDO_ROOT) + "/fixtures/logs/" + name);
  REQUIRE(bytes);
  return *bytes;
}

OpenOptions with_libevtx(bool recover = false) {
  OpenOptions options;
  options.evtx = EvtxReader::libevtx;
  options.recover = recover;
  return options;
}

Reading read_odd(const std::string& name, const OpenOptions& options = {}) {
  return read_text(fixture("evtx/odd/" + name + ".evtx"), options, name);
}

using Fields = std::vector<std::pair<std::string, std::string>>;

// Fields without those that have no value: what only one of two writers mentions.
Fields with_values(const ReadEvent& event) {
  Fields fields;
  for (const auto& field : event.fields) {
    if (!field.second.empty()) fields.push_back(field);
  }
  return fields;
}

std::uint64_t reported(const Reading& log) { return log.report().records + log.report().damaged; }

}  // namespace

TEST_CASE("EVTX gives what the same events give as Windows XML") {
  for (const std::string name : {"wmi_process_call_create", "wmi_near_misses", "workstation"}) {
    const Reading evtx = read_text(fixture("evtx/" + name + ".evtx"));
    const Reading xml = read_text(fixture("xml/" + name + ".log"));
    REQUIRE(evtx.events.size() == xml.events.size());
    CHECK(evtx.report().format == "evtx");
    CHECK(evtx.damaged() == 0);
    for (std::size_t i = 0; i < evtx.events.size(); ++i) {
      const ReadEvent& a = evtx.events[i];
      const ReadEvent& b = xml.events[i];
      CAPTURE(name, i);
      CHECK(a.event_id == b.event_id);
      CHECK(a.record_id == b.record_id);
      CHECK(a.channel == b.channel);
      CHECK(a.provider == b.provider);
      CHECK(a.time == b.time);
      CHECK(a.ordinal == i + 1);
      // libevtx prints the time with nine decimals and GUIDs in one case.
      Fields left = with_values(a), right = with_values(b);
      REQUIRE(left.size() == right.size());
      for (std::size_t k = 0; k < left.size(); ++k) {
        CHECK(left[k].first == right[k].first);
        if (left[k].first == "SystemTime") continue;
        if (right[k].second.starts_with('{')) {
          for (auto* text : {&left[k].second, &right[k].second}) {
            for (char& c : *text) c = static_cast<char>(std::tolower(c));
          }
        }
        CHECK(left[k].second == right[k].second);
      }
    }
  }
}

TEST_CASE("EVTX: raw is XML on one line that reads as the same event") {
  const Reading evtx = read_text(fixture("evtx/wmi_process_call_create.evtx"));
  std::string dumped;
  for (const ReadEvent& event : evtx.events) {
    CHECK(event.raw.starts_with("<Event "));
    CHECK(event.raw.ends_with("</Event>"));
    dumped += event.raw + "\n";
  }
  const Reading again = read_text(dumped);
  REQUIRE(again.events.size() == evtx.events.size());
  for (std::size_t i = 0; i < again.events.size(); ++i) {
    CHECK(again.events[i].fields == evtx.events[i].fields);
    CHECK(again.events[i].raw == evtx.events[i].raw);
  }
}

TEST_CASE("EVTX within archives and behind a pipe") {
  const std::string bytes = fixture("evtx/wmi_process_call_create.evtx");
  const std::size_t events = read_text(bytes).events.size();
  CHECK(read_text(gzip(bytes)).events.size() == events);
  CHECK(read_text(zip({{"a.evtx", bytes}, {"b.evtx", bytes}})).events.size() == 2 * events);
  OpenOptions options;
  options.limits.spool_bytes = 1000;
  const Reading refused = read_text(gzip(bytes), options);
  CHECK(refused.report().state == FileReport::State::unreadable);
  CHECK_THAT(refused.report().reasons.at(0), ContainsSubstring("spool_bytes"));
}

TEST_CASE("EVTX: record ids are the events', header ids are kept beside them") {
  const Reading log = read_odd("wrapped");
  std::map<std::uint64_t, int> ids;
  for (const ReadEvent& event : log.events) {
    CHECK(event.record_id > 0);
    CHECK(event.header_id > 0);
    ++ids[event.record_id];
  }
  CHECK(ids.size() == log.events.size());
  CHECK(log.damaged() == 0);
}

TEST_CASE("libevtx: what is missing is counted and told") {
  const Reading torn = read_odd("torn_record", with_libevtx());
  CHECK(torn.events.size() == 17);
  CHECK(torn.damaged() == 7);
  CHECK(torn.report().reasons.at(0) == "chunk 0 is torn: 7 of its 12 records cannot be reached");
  CHECK(torn.report().state == FileReport::State::read);

  const Reading chunks = read_odd("bad_chunks", with_libevtx());
  CHECK(chunks.events.size() == 6);
  CHECK(chunks.damaged() == 2);

  CHECK(read_odd("bad_checksums", with_libevtx()).damaged() == 0);
  CHECK(read_odd("dirty_understated", with_libevtx()).events.size() == 16);
}

TEST_CASE("libevtx: records it cannot read are damage, and reading goes on") {
  // Which they are depends on its version; none may vanish.
  CHECK(reported(read_odd("direct_records", with_libevtx())) == 5);
  CHECK(reported(read_odd("structures", with_libevtx())) == 18);
  CHECK(reported(read_odd("arrays", with_libevtx())) == 25);
  for (const std::string name : {"structures", "arrays"}) {
    const Reading log = read_odd(name, with_libevtx());
    CHECK(log.events.size() > 5);
    for (const std::string& reason : log.report().reasons) {
      CHECK_THAT(reason, Catch::Matchers::StartsWith("record "));
    }
  }
}

TEST_CASE("EVTX: recovered records only when asked for, and marked") {
  OpenOptions recover;
  recover.recover = true;
  const Reading live = read_odd("forgotten_records");
  const Reading all = read_odd("forgotten_records", recover);
  CHECK(live.report().recovered == 0);
  REQUIRE(all.events.size() > live.events.size());
  CHECK(all.report().recovered == all.events.size() - live.events.size());
  for (std::size_t i = 0; i < all.events.size(); ++i) {
    CHECK(all.events[i].recovered == (i >= live.events.size()));
    CHECK(all.events[i].ordinal == i + 1);
  }
}

TEST_CASE("libevtx: recovered records of a torn chunk are no longer missing") {
  const Reading log = read_odd("torn_size", with_libevtx(true));
  CHECK(log.report().recovered > 0);
  CHECK(reported(log) == 12);
}

TEST_CASE("EVTX cut anywhere: what is left is read, what is gone is told") {
  const std::string whole = fixture("evtx/odd/wrapped.evtx");
  const std::size_t all = read_text(whole).events.size();
  std::size_t before = 0;
  for (std::size_t cut = 4096; cut < whole.size(); cut += 4096) {
    const Reading log = read_text(whole.substr(0, cut));
    CAPTURE(cut);
    CHECK(log.events.size() >= before);
    CHECK(log.events.size() <= all);
    CHECK((log.events.size() == all || log.damaged() > 0));
    before = log.events.size();
  }
  // What is cut off within a chunk does not take the whole records before it along.
  CHECK(read_text(whole.substr(0, 4096 + 4096)).events.size() > 0);
  for (std::size_t cut = 0; cut < 4096; cut += 97) {
    const Reading log = read_text(whole.substr(0, cut));
    CHECK(log.events.empty());
    CHECK((cut < 8 || log.report().state == FileReport::State::unreadable || log.damaged() > 0));
  }
}

TEST_CASE("EVTX with bytes overwritten does no harm") {
  const std::string whole = fixture("evtx/wmi_process_call_create.evtx");
  OpenOptions recover;
  recover.recover = true;
  for (std::size_t at = 0; at < 30'000; at += 23) {
    std::string bytes = whole;
    for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(0xFF - at % 251 * i);
    const Reading log = read_text(bytes, recover);
    CHECK(log.reports.size() == 1);
  }
}

TEST_CASE("EVTX: the limit for one event") {
  OpenOptions options;
  options.limits.event_bytes = 500;
  const Reading log = read_text(fixture("evtx/wmi_process_call_create.evtx"), options);
  CHECK(log.events.empty());
  CHECK_THAT(log.report().reasons.at(0), ContainsSubstring("event_bytes"));
}
