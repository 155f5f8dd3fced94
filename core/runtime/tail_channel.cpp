// Tested by tests/unit/runtime/tail_test.cpp and tests/tail.
#include "runtime/tail_channel.hpp"

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
}

std::optional<base::Time> TailChannel::now(base::Time wall) const {
  if (!latest) return {};
  return caught_up && wall > seen ? *latest + (wall - seen) : *latest;
}

bool TailChannel::quiet(base::Time wall) const { return ended || (caught_up && wall - seen > kSilent); }

}  // namespace escudo::runtime
