// The spooled sink itself, before a destination of the test's own.
#include "sinks/live/spooled.hpp"

#include "live_support.hpp"

using namespace escudo;
using sinks::Delivery;

namespace {

// Takes everything at once, or nothing of more bytes than it likes.
class Greedy final : public Delivery {
 public:
  explicit Greedy(std::size_t largest = SIZE_MAX) : largest_(largest) {}
  std::vector<std::string> encode(const findings::Finding& finding) override { return {finding.finding_id}; }
  std::vector<std::string> encode(const sinks::Notice&) override { return {}; }
  Outcome deliver(const std::vector<std::string_view>& records, const std::atomic<bool>&) override {
    Outcome out;
    std::size_t bytes = 0;
    for (const std::string_view record : records) bytes += record.size();
    ++requests;
    out.too_large = bytes > largest_;
    if (out.too_large) out.trouble = "too large";
    else out.delivered = records.size();
    return out;
  }
  static inline std::atomic<int> requests = 0;

 private:
  const std::size_t largest_;
};

std::unique_ptr<sinks::LiveSink> make(const ScratchFolder& folder, std::size_t largest = SIZE_MAX) {
  sinks::SpooledOptions options;
  options.name = "test";
  options.folder = folder.path("spool");
  options.batch_bytes = 64 << 10;
  auto sink = sinks::make_spooled(std::make_unique<Greedy>(largest), options);
  if (!sink) FAIL(sink.error());
  return std::move(*sink);
}

}  // namespace

TEST_CASE("a sink that ends while its sender goes to sleep does not wait for ever") {
  const ScratchFolder folder;
  for (int k = 0; k < 500; ++k) {
    auto sink = make(folder);
    REQUIRE(sink->resume("").ok());
    // The moment is some nanoseconds long, and a sleep is not that exact.
    const auto until = std::chrono::steady_clock::now() + std::chrono::nanoseconds(k * 100);
    while (std::chrono::steady_clock::now() < until) {
    }
  }
}

TEST_CASE("a limit that stays costs one batch in four, not every other one") {
  const ScratchFolder folder;
  auto sink = make(folder, 20 << 10);
  REQUIRE(sink->resume("").ok());
  for (int k = 0; k < 20'000; ++k) sink->add(numbered(k));   // 640 KB
  Greedy::requests = 0;
  commit(*sink);
  REQUIRE(within(std::chrono::seconds(20), [&] { return sink->report().waiting == 0; }));
  CHECK(Greedy::requests < 70);
}
