// A writer appends while tail is killed at random moments and its log is rotated: nothing is lost,
// nothing stands twice. With `hec` an HTTP Event Collector takes the findings too, and is away half of the
// time: it has all of them in the end, and of each kill at most one batch twice.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <thread>

#include "hec_server.hpp"
#include "world.hpp"

using namespace tail_test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

namespace {

using Ids = std::map<std::pair<std::string, std::uint64_t>, std::string>;   // a finding's identity and its text

Ids ids_of_file(const std::string& found) {
  Ids out;
  for (const Json& f : read_lines(found)) out[{f.at("finding_id"), f.at("revision")}] = f.dump();
  return out;
}

// Every answer takes some hundred milliseconds, so that kills strike batches in flight.
class Collector {
 public:
  Collector() : server_({.ack = true, .acks_late = 4}) {
    toggles_ = std::thread([this] {
      std::mt19937_64 random(13);
      for (bool down = false; !over_; down = !down) {
        server_.set_down(down);
        for (auto left = 200 + static_cast<int>(random() % 800); left > 0 && !over_; left -= 20) std::this_thread::sleep_for(20ms);
      }
      server_.set_down(false);
    });
  }
  ~Collector() { stay(); }
  void stay() {
    over_ = true;
    if (toggles_.joinable()) toggles_.join();
  }
  std::string spec() const { return "hec:" + server_.url() + "?retry=100&batch=64K"; }

  // What comes twice comes in the same words.
  Ids taken() const {
    Ids out;
    for (const std::string& text : server_.events()) {
      const Json f = Json::parse(text).at("event");
      const auto [known, fresh] = out.try_emplace({f.at("finding_id"), f.at("revision")}, f.dump());
      if (!fresh && known->second != f.dump()) fail("the collector has two texts of one finding and revision: " + known->second + " and " + f.dump());
    }
    return out;
  }
  // Each end of a run, a kill or not, may strike a batch that was taken and not acknowledged.
  void check_duplicates(int ends) const {
    const auto events = server_.events();
    const auto batches = server_.batch_of_events();
    std::map<std::pair<std::string, std::uint64_t>, std::size_t> first;   // the batch it came in first
    std::map<std::size_t, std::size_t> twice;   // by that batch: several may be sent again as one
    for (std::size_t k = 0; k < events.size(); ++k) {
      const Json f = Json::parse(events[k]).at("event");
      const auto [known, fresh] = first.try_emplace({f.at("finding_id"), f.at("revision")}, batches[k]);
      if (!fresh) ++twice[known->second];
    }
    std::size_t sum = 0;
    for (const auto& [batch, n] : twice) sum += n;
    std::printf("HEC: %zu events in %zu batches, %zu of them twice in %zu batches over %d ends\n", events.size(),
                server_.batches(), sum, twice.size(), ends);
    if (twice.size() > static_cast<std::size_t>(ends)) fail("more batches came twice than runs ended");
  }

 private:
  escudo::test::HecServer server_;
  std::atomic<bool> over_{false};
  std::thread toggles_;
};

}  // namespace

// usage: kill PROGRAM CONTENT RULES WORK EVENTS RATE KILLS ROTATIONS [hec]
int main(int argc, char** argv) {
  if (argc != 9 && argc != 10) fail("usage: kill PROGRAM CONTENT RULES WORK EVENTS RATE KILLS ROTATIONS [hec]");
  const Program program{argv[1], {argv[3], std::string(argv[2]) + "/detections"}, argv[2]};
  const fs::path work = argv[4];
  const std::uint64_t events = std::strtoull(argv[5], nullptr, 10), rate = std::strtoull(argv[6], nullptr, 10);
  const int kills = std::atoi(argv[7]), rotations = std::atoi(argv[8]);
  fs::remove_all(work);
  fs::create_directories(work);
  const std::string log = (work / "live.jsonl").string(), all = (work / "all.jsonl").string(), found = (work / "found.jsonl").string();
  std::vector<std::string> arguments{"tail", "-q", "--source", "file:" + log, "--state", (work / "state").string(), "--sink", "jsonl:" + found + "?rotate=1000000000"};
  const std::string messages = (work / "messages").string();
  std::unique_ptr<Collector> collector;
  if (argc == 10) {
    collector = std::make_unique<Collector>();
    arguments.insert(arguments.end(), {"--sink", collector->spec()});
    setenv("ESCUDO_HEC_TOKEN", "secret", 1);
  }

  std::atomic<bool> writing{true};
  std::thread writer([&] {
    std::mt19937_64 random(7);
    std::ofstream out(log, std::ios::app), copy(all, std::ios::app);
    const auto begin = Steady::now();
    std::uint64_t n = 0;
    int rotated = 0;
    std::string rest;
    while (n < events) {
      std::this_thread::sleep_for(10ms);
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin).count();
      std::string text = std::move(rest);
      rest.clear();
      for (; n < events && n < static_cast<std::uint64_t>(ms) * rate / 1000; ++n) {
        const std::string line = event_line(n);
        text += line;
        copy << line;
      }
      const bool rotate = rotated < rotations && n > events * static_cast<std::uint64_t>(rotated + 1) / static_cast<std::uint64_t>(rotations + 1);
      if (!rotate && n < events) {   // the last line in two writes
        const std::size_t keep = text.empty() ? 0 : random() % std::min<std::size_t>(text.size(), 200);
        rest = text.substr(text.size() - keep);
        text.resize(text.size() - keep);
      }
      out << text << std::flush;
      if (!rotate) continue;
      ++rotated;
      out.close();
      fs::rename(log, log + "." + std::to_string(rotated));
      out.open(log, std::ios::app);
    }
    out << rest << closing_line(n) << std::flush;
    copy << closing_line(n);
    writing = false;
  });

  std::mt19937_64 random(11);
  pid_t child = start(program, arguments, messages);
  const auto span = std::chrono::milliseconds(events * 1000 / rate);
  for (int k = 0; k < kills; ++k) {
    std::this_thread::sleep_for(std::chrono::milliseconds(static_cast<long>(random() % static_cast<std::uint64_t>(2 * span.count() / kills + 1))));
    kill(child, SIGKILL);
    if (const int code = wait_for(child); code != 128 + SIGKILL) fail("tail ended by itself with " + std::to_string(code) + "; see " + messages);
    child = start(program, arguments, messages);
  }
  writer.join();
  if (collector) collector->stay();
  std::this_thread::sleep_for(1500ms);
  kill(child, SIGTERM);
  if (const int code = wait_for(child); code != 0) fail("tail was asked to end and ended with " + std::to_string(code));
  std::vector<std::string> once = arguments;
  once.push_back("--once");
  if (const int code = wait_for(start(program, once, messages)); code != 0 && code != 3) fail("tail --once ended with " + std::to_string(code));
  if (collector) {
    // The last batches had some seconds at each end; whoever waits longer goes with the next run.
    int ends = kills + 2;
    for (; ends < kills + 22 && collector->taken().size() < ids_of_file(found).size(); ++ends)
      if (const int code = wait_for(start(program, once, messages)); code != 3) fail("tail --once over nothing new ended with " + std::to_string(code));
    if (collector->taken() != ids_of_file(found))
      fail("the collector has " + std::to_string(collector->taken().size()) + " findings and revisions, or others than the " +
           std::to_string(ids_of_file(found).size()) + " of the file");
    collector->check_duplicates(ends);
  }
  check_equals_scan(program, found, all, events);
}
