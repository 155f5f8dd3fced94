#include "replay/send.hpp"

#include <chrono>

#include "scratch.hpp"

using namespace escudo;
using namespace escudo::replay;
using harness::testing::Scratch;

namespace {

class Collected final : public Destination {
 public:
  struct Got {
    std::string raw;
    Names names;
    std::chrono::steady_clock::time_point at;
  };
  base::Result<void> send(const Names& names, std::string_view raw) override {
    if (got.size() == refuse_after) return base::Error{"full"};
    got.push_back({std::string(raw), names, std::chrono::steady_clock::now()});
    return {};
  }
  base::Result<void> flush() override {
    ++flushed;
    return {};
  }
  std::vector<Got> got;
  std::size_t refuse_after = 1000;
  int flushed = 0;
};

std::string event(const std::string& time, int id) {
  return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider "
         "Name='P'/><EventID>" +
         std::to_string(id) + "</EventID><TimeCreated SystemTime='" + time +
         "'/><Channel>C</Channel></System><EventData/></Event>";
}

const base::Time today = base::parse_time("2030-01-01T00:00:00Z").value();

struct World {
  Scratch scratch;
  std::vector<SendInput> inputs;
  Collected to;
  SendOptions options;
  SendHooks hooks;
  World() {
    hooks.now = [] { return today; };
    // As attack_data has them, the newest first; a second log in between.
    inputs.push_back({scratch.write("a.log", event("2020-01-01T00:00:20Z", 3) + "\n" +
                                                 event("2020-01-01T00:00:00Z", 1) + "\n"),
                      "a",
                      {"source a", "type", "", ""}});
    inputs.push_back({scratch.write("b.log", event("2020-01-01T00:00:10Z", 2) + "\n"),
                      "b",
                      {"source b", "type", "", ""}});
  }
  SendReport send() { return replay::send(inputs, to, options, hooks); }
  std::string time(std::size_t k) const {
    const std::size_t at = to.got.at(k).raw.find("SystemTime='") + 12;
    return to.got.at(k).raw.substr(at, 20);
  }
};

}  // namespace

TEST_CASE("events of several datasets go out in order of time, each with its dataset's names") {
  World w;
  const SendReport report = w.send();
  CHECK(report.sent == 3);
  CHECK(report.failure.empty());
  REQUIRE(w.to.got.size() == 3);
  CHECK(w.to.got[0].names.source == "source a");
  CHECK(w.to.got[1].names.source == "source b");
  CHECK(w.time(0) == "2020-01-01T00:00:00Z");
  CHECK(w.time(2) == "2020-01-01T00:00:20Z");
  CHECK(w.to.flushed == 1);
}

TEST_CASE("at a pace events wait for their turn, and none is held back meanwhile") {
  World w;
  w.options.speed = 50;  // 20 seconds in 0.4
  w.send();
  REQUIRE(w.to.got.size() == 3);
  CHECK(w.to.got[1].at - w.to.got[0].at >= std::chrono::milliseconds(150));
  CHECK(w.to.got[2].at - w.to.got[0].at >= std::chrono::milliseconds(390));
  CHECK(w.to.flushed == 3);
}

TEST_CASE("moved to now, distances stay and nothing lies in the future when it is sent") {
  World w;
  w.options.to_now = true;
  w.send();
  CHECK(w.time(0) == "2029-12-31T23:59:40Z");
  CHECK(w.time(2) == "2030-01-01T00:00:00Z");
  World fast;
  fast.options.to_now = true;
  fast.options.speed = 100;
  fast.send();
  CHECK(fast.time(2) == "2030-01-01T00:00:00Z");  // and 0.2 seconds, when it goes out
  CHECK(fast.time(0) == "2029-12-31T23:59:40Z");
  World by;
  by.options.shift = std::chrono::hours(24);
  by.send();
  CHECK(by.time(1) == "2020-01-02T00:00:10Z");
}

namespace {

const std::size_t bytes_of_event = event("2020-01-01T00:00:00Z", 1).size();

// Delivers two at a time, and not at all once it is told to stop.
class Holding final : public Destination {
 public:
  base::Result<void> send(const Names&, std::string_view) override {
    if (held_ == 2)
      if (auto done = flush(); !done) return done;
    ++held_;
    return {};
  }
  base::Result<void> flush() override {
    if (stop_at_flush == ++flushes_) stop = true;
    if (stop) return base::Error{"interrupted"};
    held_ = 0;
    return {};
  }
  std::uint64_t held() const override { return held_; }
  int stop_at_flush = 0;
  std::atomic<bool> stop = false;

 private:
  std::uint64_t held_ = 0;
  int flushes_ = 0;
};

}  // namespace

TEST_CASE("an event that a destination still holds when it fails is not counted as sent") {
  World w;
  Holding to;
  w.hooks.stop = &to.stop;
  SECTION("in the last flush") {
    to.stop_at_flush = 2;
    const SendReport report = send(w.inputs, to, w.options, w.hooks);
    CHECK(report.events == 3);
    CHECK(report.sent == 2);
    CHECK(report.interrupted);
    CHECK(report.bytes == 2 * bytes_of_event);
  }
  SECTION("on the way") {
    to.stop_at_flush = 1;
    const SendReport report = send(w.inputs, to, w.options, w.hooks);
    CHECK(report.sent == 0);
    CHECK(report.bytes == 0);
    CHECK(report.interrupted);
  }
  SECTION("never") {
    const SendReport report = send(w.inputs, to, w.options, w.hooks);
    CHECK(report.sent == 3);
    CHECK_FALSE(report.interrupted);
  }
}

TEST_CASE("what a full disk did not take is not counted as sent") {
  World w;
  auto to = file_destination("/dev/full");
  REQUIRE(to);
  const SendReport report = send(w.inputs, **to, w.options, w.hooks);
  CHECK(report.sent == 0);
  CHECK_FALSE(report.failure.empty());
}

TEST_CASE("a destination that takes no more ends the run with its reason") {
  World w;
  w.to.refuse_after = 1;
  const SendReport report = w.send();
  CHECK(report.sent == 1);
  CHECK(report.events == 3);
  CHECK(report.failure == "full");
}

TEST_CASE("an input that cannot be read is named, the others are sent") {
  World w;
  w.inputs.push_back({w.scratch.path("none.log"), "c", {}});
  w.inputs.push_back({w.scratch.write("noise.log", "no log at all\n"), "d", {}});
  const SendReport report = w.send();
  CHECK(report.sent == 3);
  REQUIRE(report.problems.size() == 2);
  CHECK(report.problems[0].starts_with("c: "));
  CHECK(report.problems[1] == "d: is in no format Escudo knows");
}
