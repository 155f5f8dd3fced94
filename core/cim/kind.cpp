// The table hashes a channel by its length and two windows of eight bytes: channels differ there,
// and a full comparison follows anyway. Letter case is folded by the 0x20 bit, enough for a hash.

#include "cim/kind.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"

namespace escudo::cim {
namespace {

std::uint64_t window(const char* at, std::size_t size) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, size);
  return bytes | 0x2020202020202020ull;
}

std::uint64_t hash_name(std::string_view name) {
  std::uint64_t first, last;
  if (name.size() >= 8) {
    first = window(name.data() + name.size() / 2 - 4, 8);
    last = window(name.data() + name.size() - 8, 8);
  } else {
    first = 0;
    last = name.empty() ? 0 : window(name.data(), name.size());
  }
  std::uint64_t h = (first ^ name.size()) * 0x9E3779B97F4A7C15ull;
  h = (h ^ (h >> 29) ^ last) * 0xBF58476D1CE4E5B9ull;
  return h ^ (h >> 32);
}

}  // namespace

const Formula* Kind::find(event::FieldId field) const {
  auto it = std::lower_bound(fields.begin(), fields.end(), field,
                             [](const auto& entry, event::FieldId id) { return entry.first < id; });
  return it != fields.end() && it->first == field ? it->second : nullptr;
}

const Kind::Member* Kind::find(DatasetId dataset) const {
  for (const Member& member : members) {
    if (member.dataset == dataset) return &member;
  }
  return nullptr;
}

const Kind& KindTable::Group::of(const event::Event& event) const {
  auto it = std::lower_bound(exact.begin(), exact.end(), event.event_id,
                             [](const auto& entry, std::int32_t id) { return entry.first < id; });
  for (; it != exact.end() && it->first == event.event_id; ++it) {
    const Kind& kind = *it->second;
    // Some exporters leave the provider out; the channel has to do then.
    if (kind.provider.empty() || event.provider.empty() ||
        base::iequals(kind.provider, event.provider)) {
      return kind;
    }
  }
  return *other;
}

bool KindTable::Index::add(std::string_view name, Group group) {
  if (find(name)) return false;
  if ((used + 1) * 2 > slots.size()) {
    std::vector<std::unique_ptr<Entry>> old(std::max<std::size_t>(16, slots.size() * 2));
    old.swap(slots);
    for (auto& entry : old) {
      if (!entry) continue;
      std::size_t at = hash_name(entry->name) & (slots.size() - 1);
      while (slots[at]) at = (at + 1) & (slots.size() - 1);
      slots[at] = std::move(entry);
    }
  }
  std::size_t at = hash_name(name) & (slots.size() - 1);
  while (slots[at]) at = (at + 1) & (slots.size() - 1);
  slots[at] = std::make_unique<Entry>(Entry{std::string(name), std::move(group)});
  ++used;
  return true;
}

const KindTable::Group* KindTable::Index::find(std::string_view name) const {
  if (slots.empty()) return nullptr;
  for (std::size_t at = hash_name(name) & (slots.size() - 1); slots[at];
       at = (at + 1) & (slots.size() - 1)) {
    const Entry& entry = *slots[at];
    if (entry.name == name || base::iequals(entry.name, name)) return &entry.group;
  }
  return nullptr;
}

bool KindTable::add_channel(std::string_view channel, Group group) {
  return channels_.add(channel, std::move(group));
}

bool KindTable::add_provider(std::string_view provider, Group group) {
  return providers_.add(provider, std::move(group));
}

const Kind& KindTable::find(const event::Event& event) const {
  if (!event.channel.empty()) {
    if (const Group* group = channels_.find(event.channel)) return group->of(event);
    // Some exporters put the collector's channel in place of the event's own.
    if (!base::iequals(event.channel, "ForwardedEvents")) return *any_windows_;
  }
  if (const Group* group = providers_.find(event.provider)) return group->of(event);
  return event.channel.empty() && event.provider.empty() ? *nothing_known_ : *any_windows_;
}

}  // namespace escudo::cim
