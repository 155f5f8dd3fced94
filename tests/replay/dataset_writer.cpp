#include "replay/dataset_writer.hpp"

#include <set>

#include "base/yaml.hpp"
#include "scratch.hpp"
#include "sources/source.hpp"

using namespace escudo;
using namespace escudo::replay;
using harness::testing::Scratch;

namespace {

void add_all(DatasetWriter& writer, const std::string& path) {
  auto source = sources::open(path, {});
  event::Batch batch;
  while (source->next(batch)) {
    for (const event::Event& e : batch.events) writer.add(e);
  }
}

CaptureInfo info_of(const std::string& folder) {
  CaptureInfo info;
  info.folder = folder;
  return info;
}

}  // namespace

TEST_CASE("a capture of several channels becomes a log each, and a YAML that names them") {
  Scratch scratch;
  CaptureInfo info =
      info_of(scratch.path("attack_data/datasets/attack_techniques/T1003.001/my capture"));
  info.author = "A: Person";
  info.description = "What was done:\n\"it\" # and more";
  info.environment = "yes";
  auto writer = DatasetWriter::create(info);
  REQUIRE(writer);
  add_all(**writer, ESCUDO_ROOT "/fixtures/logs/evtx/workstation.evtx");
  add_all(**writer, ESCUDO_ROOT "/fixtures/logs/syslog/linux_sysmon.log");
  add_all(**writer, ESCUDO_ROOT "/fixtures/logs/auditd/audit.log");
  REQUIRE((*writer)->write());

  const auto yaml = base::Yaml::read_file((*writer)->yaml_path());
  REQUIRE(yaml);
  CHECK((*yaml)["author"].text() == "A: Person");
  CHECK((*yaml)["description"].text() == info.description);
  CHECK((*yaml)["environment"].text() == "yes");
  CHECK((*yaml)["environment"].quoted());  // it would be a boolean
  CHECK((*yaml)["directory"].text() == "my capture");
  CHECK((*yaml)["mitre_technique"].strings() == std::vector<std::string>{"T1003.001"});
  CHECK((*yaml)["id"].text().size() == 36);
  CHECK((*yaml)["id"].text()[14] == '5');
  std::uint64_t events = 0;
  std::set<std::string> sourcetypes;
  for (const base::Yaml& item : (*yaml)["datasets"].items()) {
    const std::string path = item["path"].text();
    REQUIRE(path.starts_with("/datasets/attack_techniques/T1003.001/my capture/"));
    auto source = sources::open(scratch.path("attack_data") + path, {});
    event::Batch batch;
    while (source->next(batch)) {
      for (const event::Event& e : batch.events) {
        ++events;
        if (item["sourcetype"].text() == "XmlWinEventLog")
          CHECK(item["source"].text() == "XmlWinEventLog:" + std::string(e.channel));
      }
    }
    sourcetypes.insert(item["sourcetype"].text());
  }
  std::uint64_t written = 0;
  for (const CaptureLog& log : (*writer)->logs()) written += log.events;
  CHECK(events == written);
  CHECK(sourcetypes == std::set<std::string>{"XmlWinEventLog", "linux:audit", "sysmon:linux"});
  const auto tests = base::Yaml::parse((*writer)->tests_yaml(), "tests");
  REQUIRE(tests);
  CHECK((*tests)["tests"].items().front()["attack_data"].items().size() ==
        (*writer)->logs().size());

  const auto again = DatasetWriter::create(info);
  REQUIRE_FALSE(again);
  CHECK(again.error().ends_with("is there already"));
}

TEST_CASE("a folder that is none of attack_data's, or names no technique, is refused") {
  Scratch scratch;
  CHECK_FALSE(DatasetWriter::create(info_of(scratch.path("my_capture"))));
  CHECK_FALSE(DatasetWriter::create(info_of(scratch.path("datasets/malware/x"))));
  CHECK_FALSE(DatasetWriter::create(info_of("datasets/T1047/../x")));
  CaptureInfo info = info_of(scratch.path("datasets/malware/x/"));
  info.techniques = {"T1047", "1003"};
  CHECK_FALSE(DatasetWriter::create(info));
  info.techniques = {"T1047", "T1003.001"};
  auto writer = DatasetWriter::create(info);
  REQUIRE(writer);
  CHECK_FALSE((*writer)->write());  // without an event
  CHECK_FALSE(base::exists(scratch.path("datasets")));
}
