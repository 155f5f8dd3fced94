// The same events in every format, and real logs where they are at hand.

#include <algorithm>
#include <set>

#include "base/files.hpp"
#include "catch.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

std::string fixture_path(const std::string& name) {
  return std::string(ESCUDO_ROOT) + "/fixtures/logs/" + name;
}

struct Totals {
  std::size_t files = 0;
  std::uint64_t records = 0, damaged = 0, without_time = 0;
  std::set<std::string> others;  // paths that are no logs
};

Totals read_folder(const std::string& folder, const OpenOptions& options = {}) {
  Totals totals;
  std::vector<std::string> problems;
  for (const std::string& path : base::files_under(folder, problems)) {
    auto source = open(path, options);
    event::Batch batch;
    while (source->next(batch)) {
      for (const event::Event& event : batch.events) totals.without_time += !event.has_time;
    }
    for (const FileReport& report : source->reports()) {
      if (report.state == FileReport::State::read) {
        ++totals.files;
      } else {
        totals.others.insert(base::file_name(report.path));
      }
      totals.records += report.records;
      totals.damaged += report.damaged;
    }
  }
  CHECK(problems.empty());
  return totals;
}

bool at_hand(const std::string& name) {
  if (base::is_folder(shared_path(name))) return true;
  WARN("skipped: there is no " << shared_path(name));
  return false;
}

}  // namespace

TEST_CASE("one log in every format gives the same raw values") {
  const Reading expected = read_path(fixture_path("evtx/wmi_process_call_create.evtx"));
  const struct {
    const char* path;
    const char* format;
  } formats[] = {
      {"xml/wmi_process_call_create.log", "winxml"},
      {"xml/wmi_process_call_create_utf16.xml", "winxml"},
      {"xml/wmi_process_call_create_viewer.xml", "winxml"},
      {"json/wmi_process_call_create_nxlog.jsonl", "json/nxlog"},
      {"json/wmi_process_call_create_flat.jsonl", "json/flat"},
      {"json/wmi_process_call_create_winlogbeat.jsonl", "json/winlogbeat"},
      {"json/wmi_process_call_create_splunk.json", "json/splunk"},
      {"json/wmi_process_call_create_evtx_dump.jsonl", "json/evtx_dump"},
      {"json/wmi_process_call_create_array.json", "json/evtx_dump"},
  };
  for (const auto& format : formats) {
    CAPTURE(format.path);
    const Reading log = read_path(fixture_path(format.path));
    CHECK(log.report().format == format.format);
    CHECK(log.damaged() == 0);
    REQUIRE(log.events.size() == expected.events.size());
    for (std::size_t i = 0; i < log.events.size(); ++i) {
      const ReadEvent& event = log.events[i];
      const ReadEvent& same = expected.events[i];
      CAPTURE(i);
      CHECK(event.event_id == same.event_id);
      CHECK(event.channel == same.channel);
      CHECK(event.provider == same.provider);
      CHECK(event.time.substr(0, 19) == same.time.substr(0, 19));
      for (const char* name :
           {"Computer", "EventID", "CommandLine", "Image", "NewProcessName", "User", "ParentImage",
            "OriginalFileName", "ProcessId", "SubjectUserName"}) {
        CAPTURE(name);
        CHECK(event[name] == same[name]);
      }
    }
  }
}

TEST_CASE("packed fixtures give what is in them") {
  for (const auto& [path, records] :
       std::vector<std::pair<std::string, std::size_t>>{{"archive/evtx.gz", 14},
                                                        {"archive/flat.jsonl.zst", 14},
                                                        {"archive/logs.tar.gz", 37},
                                                        {"archive/nxlog.7z", 14},
                                                        {"archive/two_formats.zip", 37}}) {
    const Reading log = read_path(fixture_path(path));
    CAPTURE(path);
    CHECK(log.events.size() == records);
    CHECK(log.damaged() == 0);
  }
}

TEST_CASE("real EVTX files") {
  if (!at_hand("evtx/attack_samples")) return;
  const Totals totals = read_folder(shared_path("evtx/attack_samples"));
  CHECK(totals.files == 277);
  CHECK(totals.records == 8255);
  CHECK(totals.damaged == 0);
  CHECK(totals.without_time == 0);
  CHECK(totals.others == std::set<std::string>{"LICENSE.GPL"});
}

TEST_CASE("odd EVTX files") {
  if (!at_hand("evtx/oddities")) return;
  OpenOptions recover, libevtx;
  recover.recover = true;
  libevtx.evtx = EvtxReader::libevtx;
  const Totals live = read_folder(shared_path("evtx/oddities"));
  const Totals all = read_folder(shared_path("evtx/oddities"), recover);
  const Totals others = read_folder(shared_path("evtx/oddities"), libevtx);
  CHECK(live.files == 6);
  CHECK(live.records + live.damaged >= 6800);
  CHECK(live.records > others.records);
  CHECK(live.damaged < others.damaged);
  CHECK(all.records > live.records);
}

TEST_CASE("real JSON logs") {
  if (!at_hand("otrf")) return;
  const Totals totals = read_folder(shared_path("otrf"));
  CHECK(totals.files == 10);
  CHECK(totals.records == 21'970);
  CHECK(totals.damaged == 0);
  CHECK(totals.without_time == 0);

  const Reading log = read_path(shared_path("otrf/empire_wmic_add_user_backdoor.zip"));
  std::vector<std::string> created;
  for (const ReadEvent& event : log.events) {
    if (event["CommandLine"].find(" process call create ") == std::string::npos) continue;
    if (event.event_id == 1 || event.event_id == 4688) {
      created.push_back(std::to_string(event.event_id) + " " + event.time.substr(0, 19) + " " +
                        event["Computer"]);
    }
  }
  CHECK(created ==
        std::vector<std::string>{"1 2020-09-14T12:06:01 WORKSTATION5.theshire.local",
                                 "4688 2020-09-14T12:06:01 WORKSTATION5.theshire.local"});
}

TEST_CASE("real logs in the flat shape: time is Sysmon's UtcTime where it is there") {
  if (!at_hand("otrf")) return;
  const Reading log = read_path(shared_path("otrf/cmd_bitsadmin_download_psh_script.zip"));
  const auto found = std::ranges::find_if(log.events, [](const ReadEvent& event) {
    return event["UtcTime"] == "2020-10-23 06:36:43.542" && event.event_id == 1;
  });
  REQUIRE(found != log.events.end());
  CHECK(found->time == "2020-10-23T06:36:43.542000Z");
}
