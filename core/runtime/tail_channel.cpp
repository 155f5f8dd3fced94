// Tested by tests/unit/runtime/tail_test.cpp and tests/tail.
#include "runtime/tail_channel.hpp"

#include <algorithm>

#include "base/pack.hpp"

namespace escudo::runtime {

std::string TailChannel::pack(const std::string& name) const {
  std::string bytes;
  base::Packer out(bytes);
  out.text(sources::part_of_position(position, name)).flag(latest.has_value());
  out.signed_number(latest ? latest->time_since_epoch().count() : 0).signed_number(seen.time_since_epoch().count());
  out.number(static_cast<std::uint64_t>(
      std::ranges::count_if(last_ids, [&](const auto& each) { return !belongs_elsewhere(each.first, name); })));
  for (const auto& [key, id] : last_ids)
    if (!belongs_elsewhere(key, name)) out.text(key).number(id);
  return bytes;
}

// The record ids of a channel are kept with its own position: what another's value says of it is old.
bool TailChannel::belongs_elsewhere(const std::string& key, const std::string& name) const {
  const std::string channel = ":" + key.substr(0, key.find('\n'));
  return names.size() > 1 && !name.ends_with(channel) &&
         std::ranges::any_of(names, [&](const std::string& each) { return each.ends_with(channel); });
}

void TailChannel::unpack(const std::string& name, std::string_view bytes) {
  base::Unpacker in(bytes);
  const std::string part(in.text());
  position = position.empty() ? part : sources::joined_position({position, part});
  const bool has = in.flag();
  const base::Time time{base::Duration(in.signed_number())}, when{base::Duration(in.signed_number())};
  if (has && (!latest || time > *latest)) {
    latest = time;
    seen = when;
  }
  for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) {
    std::string key(in.text());
    const std::uint64_t id = in.number();
    if (!belongs_elsewhere(key, name)) last_ids[std::move(key)] = id;
  }
}

std::optional<base::Time> TailChannel::now(base::Time wall) const {
  if (!latest) return {};
  return caught_up && wall > seen ? *latest + (wall - seen) : *latest;
}

}  // namespace escudo::runtime
