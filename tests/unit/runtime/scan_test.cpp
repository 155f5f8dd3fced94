// A scan from files to findings: evidence, filters, order, threads.
#include "runtime/scan.hpp"

#include "catch.hpp"
#include "detect/matcher.hpp"
#include "detect/run.hpp"
#include "scratch.hpp"
#include "temporary_files.hpp"

using namespace escudo;

namespace {

const runtime::Knowledge& knowledge() {
  static const auto loaded = [] {
    runtime::KnowledgeOptions options;
    options.content = std::string(ESCUDO_ROOT) + "/content";
    return runtime::load_knowledge(options);
  }();
  return *loaded;
}

std::string process_creation(int second, const std::string& host, const std::string& command) {
  const std::string time = "2024-05-01T10:00:" + std::string(second < 10 ? "0" : "") + std::to_string(second) + "Z";
  return R"({"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":")" + host + R"(","TimeCreated":")" + time +
         R"(","RecordNumber":)" + std::to_string(100 + second) + R"(,"Image":"C:\\Windows\\System32\\wbem\\WMIC.exe","User":"CORP\\amy","ProcessGuid":"{)" +
         host + std::to_string(second) + R"(}","CommandLine":")" + command + "\"}\n";
}

std::vector<std::string> lines(const runtime::ScanResult& result) {
  std::vector<std::string> out;
  for (const findings::Finding& f : result.findings) out.push_back(sinks::finding_json(f));
  return out;
}

runtime::ScanResult scan(const std::string& path, unsigned threads = 1, runtime::EventFilter filter = {}) {
  runtime::ScanOptions options;
  options.paths = {path};
  options.threads = threads;
  options.filter = std::move(filter);
  return runtime::scan(knowledge(), options, {});
}

}  // namespace

TEST_CASE("a match becomes a finding with score, objects and the record behind it") {
  ScratchFolder folder;
  const std::string path = folder.write("a.json", process_creation(1, "h1", "wmic process call create calc") + process_creation(2, "h1", "wmic os get name"));
  const auto result = scan(path);
  REQUIRE(result.findings.size() == 1);
  const findings::Finding& f = result.findings.front();
  CHECK(f.risk->score == 25);
  CHECK(f.risk->objects.size() == 2);
  REQUIRE(f.evidence.events.size() == 1);
  CHECK(f.evidence.events[0].record_id == 101);
  CHECK(f.evidence.events[0].origin->path == path);
  CHECK(result.summary.records == 2);
  CHECK(result.summary.damaged == 0);
}

TEST_CASE("the output is the same at any number of threads, in order of time") {
  ScratchFolder folder;
  for (int file = 0; file < 12; ++file) {
    std::string text;
    for (int k = 0; k < 5; ++k) text += process_creation((file * 7 + k * 11) % 60, "h" + std::to_string(file), "wmic process call create x");
    folder.write("f" + std::to_string(file) + ".json", text);
  }
  const auto one = lines(scan(folder.path()));
  CHECK(one.size() == 60);
  CHECK(one == lines(scan(folder.path(), 2)));
  CHECK(one == lines(scan(folder.path(), 7)));
}

TEST_CASE("all files of a scan are one index: equal rows of two files are one finding") {
  ScratchFolder folder;
  const std::string event = process_creation(3, "h1", "wmic process call create calc");
  folder.write("a.json", event);
  folder.write("b.json", event);
  const auto result = scan(folder.path(), 2);
  REQUIRE(result.findings.size() == 1);
  CHECK(result.findings[0].count == 2);
  CHECK(result.findings[0].evidence.total == 2);
}

TEST_CASE("filters drop events before any rule sees them") {
  ScratchFolder folder;
  std::string text;
  for (int k = 0; k < 10; ++k) text += process_creation(k, "h", "wmic process call create x");
  const std::string path = folder.write("a.json", text);
  runtime::EventFilter filter;
  filter.from = base::parse_time("2024-05-01T10:00:02Z");
  filter.to = base::parse_time("2024-05-01T10:00:05Z");
  CHECK(scan(path, 1, filter).findings.size() == 3);
  runtime::EventFilter id;
  id.event_ids = {4688};
  CHECK(scan(path, 1, id).findings.empty());
  runtime::EventFilter channel;
  channel.channels = {"*sysmon*"};
  CHECK(scan(path, 1, channel).findings.size() == 10);
}

TEST_CASE("a stray file in a folder is passed over; the same file named is a complaint") {
  ScratchFolder folder;
  folder.write("a.json", process_creation(1, "h", "wmic process call create x"));
  const std::string stray = folder.write("README", "just words\n");
  const auto whole = scan(folder.path());
  CHECK(whole.summary.files_unreadable == 0);
  CHECK(whole.summary.files_skipped == 1);
  CHECK(scan(stray).summary.files_unreadable == 1);
}

TEST_CASE("a run whose matched rows cannot be read back says that findings are missing") {
  ScratchFolder folder;
  std::string log;
  for (int k = 0; k < 3000; ++k)
    log += process_creation(k % 60, "h" + std::to_string(k), "wmic process call create " + std::string(1000, 'x'));
  const std::string path = folder.write("a.json", log);
  for (const bool lose : {false, true}) {
    detect::Matcher matcher(*knowledge().book);
    detect::Run run(*knowledge().book, std::nullopt, 0);
    const auto source = sources::open(path, {});
    event::Batch batch;
    while (source->next(batch)) run.feed(matcher.match(batch));
    if (lose && !empty_temporary_files()) {
      SUCCEED("skipped: no /proc/self/fd");
      continue;
    }
    const auto found = run.finish();
    CHECK(run.rows_lost() == lose);
    if (lose) CHECK(found.size() < 3000);
    else CHECK(found.size() == 3000);
  }
}

TEST_CASE("a field that every event names anew does not make rows without end") {
  ScratchFolder folder;
  std::string log;
  for (int k = 0; k < 600; ++k)
    log += "{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"foo\":\"x\",\"k" + std::to_string(k) + "\":\"1\"}\n";
  runtime::KnowledgeOptions options;
  options.rules = {folder.write("r.yml",
                                "name: T\nid: 11111111-2222-3333-4444-555555555555\ntype: TTP\nstatus: production\n"
                                "search: foo=* | rename zz as y\n")};
  options.content = std::string(ESCUDO_ROOT) + "/content";
  const auto knows = runtime::load_knowledge(options);
  const auto scanned = [&](const std::string& more, std::vector<std::string>& warnings) {
    runtime::ScanOptions scan;
    scan.paths = {folder.write("a.json", more)};
    return runtime::scan(*knows, scan, {{}, [&](const std::string& text) { warnings.push_back(text); }, nullptr});
  };
  std::vector<std::string> few, many;
  CHECK(scanned(log, few).findings.size() == 600);
  CHECK(few.empty());   // 600 rows of 600 columns are no trouble
  std::string flood;
  for (int k = 0; k < 9000; ++k)
    flood += "{\"EventID\":1,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"foo\":\"x\",\"k" + std::to_string(k) + "\":\"1\"}\n";
  CHECK(scanned(flood, many).findings.size() == 9000);
  REQUIRE(many.size() == 1);
  CHECK(many.front().starts_with("T: its events have more than "));
}
