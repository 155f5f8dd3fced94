// What a feeder tells of its source, and how deliveries of several come to an end of their blocks together.
#include "runtime/feeder.hpp"

#include "catch.hpp"

using namespace escudo;
using namespace std::chrono_literals;
using runtime::Deliveries;
using runtime::Delivery;

namespace {

// Cannot read, can, cannot.
class Flaky final : public sources::LiveSource {
 public:
  explicit Flaky(bool in_trouble) : in_trouble_(in_trouble) {}
  Got poll(event::Batch& batch, std::chrono::milliseconds) override {
    batch.clear();
    std::this_thread::sleep_for(2ms);
    std::lock_guard lock(mutex_);
    ++polls_;
    const bool well = polls_ >= 10 && polls_ <= 20;
    if (in_trouble_) report_.trouble = well ? "" : "away";
    else report_.at_end = well;
    return Got::nothing;
  }
  std::optional<std::string> position() const override { return "p"; }
  sources::LiveReport report() const override {
    std::lock_guard lock(mutex_);
    return report_;
  }
  void stop() override {}

 private:
  const bool in_trouble_;
  mutable std::mutex mutex_;
  int polls_ = 0;
  sources::LiveReport report_;
};

Delivery part(std::size_t source, bool ends, std::uint64_t number) {
  Delivery out;
  out.source = source;
  out.events = number;
  if (ends) out.position = "p";
  return out;
}

}  // namespace

TEST_CASE("a source in trouble, or that has not looked yet, has not caught up, and both turns are told") {
  const bool in_trouble = GENERATE(true, false);
  Deliveries deliveries;
  runtime::KnowledgeOptions options;
  options.content = std::string(ESCUDO_ROOT) + "/content";
  runtime::Feeder feeder(0, std::make_unique<Flaky>(in_trouble), runtime::load_knowledge(options), {}, deliveries);
  feeder.start();
  std::vector<bool> told;
  for (int k = 0; k < 200 && told.size() < 3; ++k)
    for (const Delivery& d : deliveries.take(50ms)) told.push_back(d.caught_up);
  deliveries.close();
  feeder.stop();
  CHECK(told == std::vector<bool>{false, true, false});
}

TEST_CASE("sources that stand at the end of a block wait for those that do not") {
  Deliveries deliveries;
  deliveries.push(part(0, false, 1));
  deliveries.push(part(1, false, 2));
  deliveries.push(part(0, true, 3));
  deliveries.push(part(0, false, 4));   // of the next block
  deliveries.push(part(1, true, 5));
  const auto numbers = [](const std::deque<Delivery>& all) {
    std::vector<std::uint64_t> out;
    for (const Delivery& each : all) out.push_back(each.events);
    return out;
  };
  CHECK(numbers(deliveries.take(0ms, {true, false})) == std::vector<std::uint64_t>{1, 3});
  CHECK(numbers(deliveries.take(0ms, {false, true})) == std::vector<std::uint64_t>{2, 5});
  CHECK(numbers(deliveries.take(0ms)) == std::vector<std::uint64_t>{4});
  // One that is held does not take the others' room.
  for (std::size_t k = 0; k < Deliveries::kMost; ++k) deliveries.push(part(0, true, 0));
  deliveries.push(part(1, true, 6));
  CHECK(numbers(deliveries.take(0ms, {false, true})) == std::vector<std::uint64_t>{6});
}
