#pragma once
// A run for sinks: findings by number, the loop of settle and commit.

#include <chrono>
#include <string>
#include <thread>

#include "../scratch.hpp"
#include "catch.hpp"
#include "sinks/live/network.hpp"
#include "support.hpp"

namespace escudo {

inline std::string number_id(int number) {
  std::string out = std::to_string(number);
  return std::string(32 - out.size(), '0') + out;
}

inline findings::Finding numbered(int number) {
  findings::Finding f = wmi_finding();
  f.finding_id = number_id(number);
  return f;
}

inline std::unique_ptr<sinks::LiveSink> open_sink(const std::string& spec, const ScratchFolder& state) {
  auto sink = sinks::make_network_sink(spec, {.state_folder = state.path()});
  if (!sink) FAIL(sink.error());
  REQUIRE(*sink);
  return std::move(*sink);
}

inline std::string refusal(const std::string& spec, const ScratchFolder& state) {
  auto sink = sinks::make_network_sink(spec, {.state_folder = state.path()});
  return sink ? "" : sink.error();
}

// settle() and commit, as a run does; the state that was committed.
inline std::string commit(sinks::LiveSink& sink) {
  for (int i = 0; i < 200; ++i) {
    auto settled = sink.settle(std::chrono::milliseconds(50));
    REQUIRE(settled.ok());
    if (!*settled) continue;
    const std::string state = sink.state();
    sink.committed();
    return state;
  }
  FAIL("never settled");
  return {};
}

template <class Test>
bool within(std::chrono::seconds limit, Test test) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!test()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace escudo
