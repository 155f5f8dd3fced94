// Lanes: the order of pieces is kept, and nobody gets far ahead of the one who takes.
#include "runtime/lanes.hpp"

#include <thread>

#include "catch.hpp"

using namespace escudo;

namespace {

constexpr std::size_t kItems = 1000, kMost = 40;

// Puts items of cost 1 until they are all put.
std::thread producer(runtime::Lanes<int>& lanes, std::atomic<std::size_t>& put) {
  return std::thread([&] {
    while (const auto k = lanes.take()) {
      for (std::size_t i = 0; i < kItems; ++i) {
        lanes.put(*k, static_cast<int>(*k), 1);
        ++put;
      }
      lanes.close(*k);
    }
  });
}

void settle(const std::atomic<std::size_t>& put) {
  for (std::size_t before = SIZE_MAX; before != put;) {
    before = put;
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
  }
}

}  // namespace

TEST_CASE("lanes: a slow consumer bounds also the piece whose turn it is") {
  runtime::Lanes<int> lanes(2, 4, kMost, nullptr);
  std::atomic<std::size_t> put{0};
  std::vector<int> items;
  std::vector<std::thread> threads;
  threads.push_back(producer(lanes, put));
  lanes.get(0, items);
  std::size_t got = items.size();
  settle(put);
  CHECK(put - got <= kMost);
  threads.push_back(producer(lanes, put));
  settle(put);
  CHECK(put - got <= 2 * kMost);
  for (int k : {0, 1}) {
    if (k == 1) got = 0;
    while (lanes.get(static_cast<std::size_t>(k), items)) {
      got += items.size();
      for (int item : items) CHECK(item == k);
    }
    CHECK(got == kItems);
  }
  for (std::thread& t : threads) t.join();
}

TEST_CASE("lanes: an item that costs more than may wait goes through alone") {
  runtime::Lanes<int> lanes(1, 4, kMost, nullptr);
  std::thread worker([&] {
    lanes.take();
    for (int i = 0; i < 3; ++i) lanes.put(0, i, 10 * kMost);
    lanes.close(0);
  });
  std::vector<int> items, all;
  while (lanes.get(0, items)) all.insert(all.end(), items.begin(), items.end());
  CHECK(all == std::vector<int>{0, 1, 2});
  worker.join();
}
