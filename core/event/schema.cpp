#include "event/schema.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

namespace escudo::event {
namespace {

// Which of two equal names an event shows. Lower wins; equal ranks are several values of one field.
int rank(Section section) {
  switch (section) {
    case Section::event_data:
    case Section::user_data: return 0;
    case Section::system: return 1;
    case Section::rendering: return 2;
    case Section::envelope: return 3;
  }
  return 3;
}

std::size_t hash(std::span<const Column> columns) {
  std::uint64_t h = 0xcbf29ce484222325ull ^ columns.size();
  for (const Column& column : columns) {
    std::uint64_t x = (std::uint64_t{column.field.index} << 32 | column.written.index) ^
                      static_cast<std::uint64_t>(column.section) << 60;
    h = (h ^ x) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 32;
  }
  return static_cast<std::size_t>(h);
}

struct Table {
  std::shared_mutex mutex;
  std::unordered_multimap<std::size_t, std::unique_ptr<const Schema>> by_hash;
};

// Never destroyed, as the names of fields are not: events may outlive main's statics.
Table& table() {
  static Table* the_table = new Table;
  return *the_table;
}

const Schema* find(const Table& t, std::size_t h, std::span<const Column> columns) {
  const auto [first, last] = t.by_hash.equal_range(h);
  for (auto it = first; it != last; ++it) {
    if (std::ranges::equal(it->second->columns(), columns)) return it->second.get();
  }
  return nullptr;
}

}  // namespace

Schema::Schema(std::vector<Column> columns, std::uint32_t id)
    : id_(id), columns_(std::move(columns)) {
  assert(columns_.size() <= UINT16_MAX);
  std::vector<std::uint16_t> order(columns_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint16_t>(i);
  std::ranges::stable_sort(order, {}, [&](std::uint16_t i) {
    return std::pair(columns_[i].field, rank(columns_[i].section));
  });
  for (std::size_t i = 0; i < order.size();) {
    const FieldId field = columns_[order[i]].field;
    const int best = rank(columns_[order[i]].section);
    const auto begin = static_cast<std::uint32_t>(slots_.size());
    for (; i < order.size() && columns_[order[i]].field == field; ++i) {
      if (rank(columns_[order[i]].section) == best) slots_.push_back(order[i]);
    }
    const auto count = static_cast<std::uint32_t>(slots_.size()) - begin;
    if (field) entries_.push_back({field, begin, count});
  }
}

std::span<const std::uint16_t> Schema::slots(FieldId field) const {
  const auto found = std::ranges::lower_bound(entries_, field, {}, &Entry::field);
  if (found == entries_.end() || found->field != field) return {};
  return {slots_.data() + found->begin, found->count};
}

const Schema* intern_schema(std::span<const Column> columns) {
  Table& t = table();
  const std::size_t h = hash(columns);
  {
    std::shared_lock lock(t.mutex);
    if (const Schema* found = find(t, h, columns)) return found;
  }
  std::unique_lock lock(t.mutex);
  if (const Schema* found = find(t, h, columns)) return found;
  const auto id = static_cast<std::uint32_t>(t.by_hash.size());
  std::vector<Column> kept(columns.begin(), columns.end());
  return t.by_hash.emplace(h, std::make_unique<const Schema>(std::move(kept), id))->second.get();
}

}  // namespace escudo::event
