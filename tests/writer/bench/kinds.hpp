#pragma once
// The event kinds a benchmark log mixes, as data. Fields are "Name=generator", see values.hpp.

#include <cstdint>
#include <span>

namespace escudo::writer {

struct BenchProvider {
  const char* name;
  const char* guid;
  const char* channel;
  std::uint64_t keywords;
  const char* user_sid;  // "" for none
};

struct BenchKind {
  int provider;  // index into bench_providers()
  std::uint16_t event_id;
  std::uint8_t version;
  std::uint8_t level;
  std::uint16_t task;
  int weight;  // how often, relative to the others
  const char* fields;
};

std::span<const BenchProvider> bench_providers();
std::span<const BenchKind> bench_kinds();

// Kinds that are process creations; they get a twentieth of an ordinary log whatever their weight.
constexpr int sysmon_1 = 0, security_4688 = 1;

}  // namespace escudo::writer
