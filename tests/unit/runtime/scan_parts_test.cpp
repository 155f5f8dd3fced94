// One large EVTX file, read in parts: the same findings, reports and records at any number of threads,
// and with either reader.
#include "base/files.hpp"
#include "catch.hpp"
#include "runtime/scan.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

constexpr std::size_t kHeader = 4096, kChunk = 65536;

// The chunks of a fixture again and again, and one of them torn.
std::string large_log(std::size_t chunks) {
  const auto small = base::read_file(std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx/wmi_process_call_create.evtx");
  REQUIRE(small);
  const std::size_t there = (small->size() - kHeader) / kChunk;
  std::string out = small->substr(0, kHeader);
  for (std::size_t k = 0; k < chunks; ++k) out += small->substr(kHeader + k % there * kChunk, kChunk);
  out[42] = static_cast<char>(chunks & 0xFF);
  out[43] = static_cast<char>(chunks >> 8);
  out[120] = 4;   // no checksums: the header has changed
  const std::size_t torn = kHeader + chunks / 2 * kChunk + 512;
  out[torn + 4] = out[torn + 5] = 0;
  return out;
}

struct Outcome {
  std::vector<std::string> findings, reasons;
  std::uint64_t records = 0, damaged = 0, bytes = 0;
  bool operator==(const Outcome&) const = default;
};

Outcome scan(const std::string& path, unsigned threads, sources::EvtxReader reader = sources::EvtxReader::native) {
  static const auto knowledge = [] {
    runtime::KnowledgeOptions options;
    options.content = std::string(ESCUDO_ROOT) + "/content";
    return runtime::load_knowledge(options);
  }();
  runtime::ScanOptions options;
  options.paths = {path};
  options.threads = threads;
  options.open.evtx = reader;
  const runtime::ScanResult result = runtime::scan(*knowledge, options, {});
  Outcome out;
  for (const findings::Finding& f : result.findings) out.findings.push_back(sinks::finding_json(f));
  REQUIRE(result.summary.files.size() == 1);
  out.reasons = result.summary.files[0].reasons;
  out.records = result.summary.records;
  out.damaged = result.summary.damaged;
  out.bytes = result.summary.bytes;
  return out;
}

}  // namespace

TEST_CASE("parts of one large EVTX file give what the whole gives") {
  ScratchFolder folder;
  const std::string bytes = large_log(520);
  const std::string path = folder.write("large.evtx", bytes);
  sources::OpenOptions open;
  CHECK(sources::parts_of(path, open, 4).size() == 4);
  const Outcome one = scan(path, 1);
  CHECK(one.findings.size() > 3);
  CHECK(one.damaged == 1);
  CHECK(one.reasons == std::vector<std::string>{"chunk 260 is torn: 1 of its 14 records cannot be reached"});
  CHECK(one.records == 520 * 14 - 1);
  CHECK(one.bytes == bytes.size());
  CHECK(scan(path, 2) == one);
  CHECK(scan(path, 7) == one);
}

TEST_CASE("both EVTX readers lead to the same findings") {
  for (const char* name : {"wmi_process_call_create", "wmi_near_misses", "workstation", "wmi_repeated_4688"}) {
    const std::string path = std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx/" + name + ".evtx";
    CAPTURE(name);
    CHECK(scan(path, 1) == scan(path, 1, sources::EvtxReader::libevtx));
  }
}
