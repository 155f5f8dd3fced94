// Tested by tests/unit/sources/kafka.cpp.

#include "sources/kafka/progress.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"

namespace escudo::sources {
namespace {

constexpr std::int64_t mark_ms = 60'000;

// Reads what text() wrote and nothing else.
struct Scanner {
  std::string_view rest;
  bool literal(std::string_view text) {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
  }
  bool number(std::int64_t& out) {
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), out);
    if (error != std::errc() || out < 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    return true;
  }
};

}  // namespace

std::optional<std::int64_t> KafkaProgress::next(int partition) const {
  const auto it = partitions_.find(partition);
  if (it == partitions_.end()) return {};
  return it->second.next;
}

std::int64_t KafkaProgress::rebuild(int partition) const {
  const auto it = partitions_.find(partition);
  return it == partitions_.end() ? 0 : it->second.marks.front().offset;
}

void KafkaProgress::begin(int partition, std::int64_t offset) {
  Partition& p = partitions_[partition];
  p.next = offset;
  p.marks.assign(1, {INT64_MIN, offset});
}

void KafkaProgress::read(int partition, std::int64_t offset, std::int64_t timestamp_ms) {
  if (!partitions_.contains(partition)) begin(partition, offset);
  Partition& p = partitions_[partition];
  p.next = offset + 1;
  Mark& last = p.marks.back();
  if (last.time == INT64_MIN) {
    last.time = timestamp_ms;
  } else if (timestamp_ms >= last.time + mark_ms) {
    p.marks.push_back({timestamp_ms, offset});
  }
  while (p.marks.size() > 1 && p.marks[1].time <= timestamp_ms - rebuild_ms_) p.marks.pop_front();
}

std::string KafkaProgress::text() const {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object();
  for (const auto& [number, p] : partitions_) {
    json.key(std::to_string(number)).begin_object().member("next", p.next);
    json.member("rebuild", p.marks.front().offset).end_object();
  }
  json.end_object();
  return out;
}

bool KafkaProgress::parse(std::string_view text) {
  Scanner scan{text};
  if (scan.literal("{}")) return scan.rest.empty();
  partitions_.clear();
  if (!scan.literal("{")) return false;
  do {
    std::int64_t number = 0, next = 0, rebuild = 0;
    if (!scan.literal("\"") || !scan.number(number) || !scan.literal("\":{\"next\":") || !scan.number(next) ||
        !scan.literal(",\"rebuild\":") || !scan.number(rebuild) || !scan.literal("}") || number > INT32_MAX) {
      return false;
    }
    begin(static_cast<int>(number), rebuild);
    partitions_[static_cast<int>(number)].next = next;
  } while (scan.literal(","));
  return scan.literal("}") && scan.rest.empty();
}

}  // namespace escudo::sources
