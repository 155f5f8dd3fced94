// The table of field names. Writers are rare (a name is new once a process), readers are not:
// name_of() takes no lock, and intern() asks a small cache of its thread before the shared lock.

#include "event/field.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string_view>
#include <unordered_map>

#include "base/arena.hpp"

namespace escudo::event {
namespace {

// Names by index, in segments of doubling size that never move: segment k holds 1024 << k names.
class NameList {
 public:
  std::string_view operator[](std::uint32_t index) const {
    const auto [segment, offset] = place(index);
    const std::string_view* names = segments_[segment].load(std::memory_order_acquire);
    return names ? names[offset] : std::string_view{};
  }

  void set(std::uint32_t index, std::string_view name) {
    const auto [segment, offset] = place(index);
    std::string_view* names = segments_[segment].load(std::memory_order_relaxed);
    if (!names) {
      names = new std::string_view[first_size << segment];
      names[offset] = name;
      segments_[segment].store(names, std::memory_order_release);
      return;
    }
    names[offset] = name;
  }

 private:
  static constexpr std::size_t first_size = 1024;
  struct Place {
    std::size_t segment, offset;
  };
  static Place place(std::uint32_t index) {
    const std::uint64_t n = std::uint64_t{index} + first_size;
    const std::size_t segment = std::bit_width(n) - std::bit_width(first_size);
    return {segment, static_cast<std::size_t>(n - (std::uint64_t{first_size} << segment))};
  }
  std::array<std::atomic<std::string_view*>, 23> segments_{};
};

struct Table {
  std::shared_mutex mutex;
  std::unordered_map<std::string_view, std::uint32_t> ids;  // keys are views into `bytes`
  base::Arena bytes{16 * 1024};
  NameList names;
  std::atomic<std::uint32_t> count{1};  // index 0 is "no field"
};

// Never destroyed: views of names outlive every static object that may hold one.
Table& table() {
  static Table* the_table = new Table;
  return *the_table;
}

struct CacheEntry {
  std::string_view name;
  std::uint32_t index = 0;
};
constexpr std::size_t cache_size = 1024;
thread_local std::array<CacheEntry, cache_size> cache;

CacheEntry& cache_entry(std::string_view name) {
  return cache[std::hash<std::string_view>{}(name) % cache_size];
}

std::uint32_t find_index(std::string_view name) {
  Table& t = table();
  std::shared_lock lock(t.mutex);
  const auto found = t.ids.find(name);
  return found == t.ids.end() ? 0 : found->second;
}

std::uint32_t add(std::string_view name) {
  Table& t = table();
  std::unique_lock lock(t.mutex);
  const auto found = t.ids.find(name);
  if (found != t.ids.end()) return found->second;
  const std::uint32_t index = t.count.load(std::memory_order_relaxed);
  assert(index != UINT32_MAX);
  const std::string_view kept = t.bytes.copy(name);
  t.names.set(index, kept);
  t.ids.emplace(kept, index);
  t.count.store(index + 1, std::memory_order_release);
  return index;
}

void remember(CacheEntry& entry, std::uint32_t index) { entry = {table().names[index], index}; }

}  // namespace

FieldId intern(std::string_view name) {
  if (name.empty()) return {};
  CacheEntry& entry = cache_entry(name);
  if (entry.name == name) return {entry.index};
  std::uint32_t index = find_index(name);
  if (index == 0) index = add(name);
  remember(entry, index);
  return {index};
}

FieldId find_field(std::string_view name) {
  if (name.empty()) return {};
  CacheEntry& entry = cache_entry(name);
  if (entry.name == name) return {entry.index};
  const std::uint32_t index = find_index(name);
  if (index != 0) remember(entry, index);
  return {index};
}

std::string_view name_of(FieldId field) {
  if (field.index >= field_count()) return {};
  return table().names[field.index];
}

std::uint32_t field_count() { return table().count.load(std::memory_order_acquire); }

}  // namespace escudo::event
