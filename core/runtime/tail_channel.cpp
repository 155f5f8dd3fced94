// Tested by tests/unit/runtime/tail_test.cpp and tests/tail.
#include "runtime/tail_channel.hpp"

#include <algorithm>

#include "base/pack.hpp"

namespace escudo::runtime {
namespace {
constexpr auto kSilent = std::chrono::minutes(10);
}

std::string TailChannel::pack() const {
  std::string bytes;
  base::Packer out(bytes);
  out.text(position).flag(latest.has_value());
  out.signed_number(latest ? latest->time_since_epoch().count() : 0).signed_number(seen.time_since_epoch().count());
  out.number(last_ids.size());
  for (const auto& [key, id] : last_ids) out.text(key).number(id);
  out.number(parts.size());
  for (const auto& [part, time] : parts) out.signed_number(part).signed_number(time.time_since_epoch().count());
  return bytes;
}

void TailChannel::unpack(std::string_view bytes) {
  base::Unpacker in(bytes);
  position = in.text();
  const bool has = in.flag();
  const base::Time time{base::Duration(in.signed_number())};
  seen = base::Time(base::Duration(in.signed_number()));
  if (has) latest = time;
  for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) {
    std::string key(in.text());
    last_ids[std::move(key)] = in.number();
  }
  for (std::uint64_t n = in.at_end() ? 0 : in.number(); n > 0 && in.ok(); --n) {   // earlier versions had none
    const int part = static_cast<int>(in.signed_number());
    parts[part] = base::Time(base::Duration(in.signed_number()));
  }
}

void TailChannel::heard(std::optional<int> part, base::Time time, base::Time wall) {
  if (part) {
    base::Time& last = parts.try_emplace(*part, time).first->second;
    last = std::max(last, time);
  }
  if (latest && time < *latest) return;
  latest = time;
  seen = wall;
}

std::optional<base::Time> TailChannel::now(base::Time wall) const {
  if (!latest) return {};
  std::optional<base::Time> least;
  for (const int part : behind)
    if (const auto at = parts.find(part); at != parts.end()) least = least ? std::min(*least, at->second) : at->second;
  if (least) return least;
  return caught_up && wall > seen ? *latest + (wall - seen) : *latest;
}

bool TailChannel::unknown() const {
  if (caught_up || ended) return false;
  return !latest || std::ranges::any_of(behind, [&](int part) { return !parts.contains(part); });
}

bool TailChannel::quiet(base::Time wall) const { return ended || (caught_up && wall - seen > kSilent); }

std::optional<base::Time> time_of(const std::vector<TailChannel>& channels, base::Time wall) {
  if (std::ranges::any_of(channels, [](const TailChannel& c) { return c.unknown(); })) return {};
  std::optional<base::Time> behind, ahead;
  for (const TailChannel& channel : channels) {
    const auto t = channel.now(wall);
    if (!t) continue;
    if (channel.quiet(wall)) ahead = ahead ? std::max(*ahead, *t) : *t;
    else behind = behind ? std::min(*behind, *t) : *t;
  }
  return behind ? behind : ahead;
}

}  // namespace escudo::runtime
