#pragma once
// Columns: the names one reader has met, as small ids, and the schema of each sequence of ids.
//
// Events of a log repeat a few shapes: a name is usually found by one comparison with the name that
// followed the previous one last time, and a schema by a hash over ids. Both tables are bounded,
// since the intern tables behind them live as long as the process. Threads: none; one reader owns
// one.

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "event/schema.hpp"

namespace escudo::sources {

// What else an event needs a value for, besides its columns.
enum class Role : std::uint8_t {
  none,
  event_id,
  record_id,
  channel,
  provider,  // members of event::Event
  system_time,
  utc_time,
  event_time,
  timestamp,  // see event_time.hpp
};
inline constexpr std::size_t role_count = 9;

class Columns {
 public:
  static constexpr std::uint32_t no_column = UINT32_MAX;
  static constexpr std::size_t max_names = 64 * 1024;
  static constexpr std::size_t max_schemas = 64 * 1024;
  static constexpr std::size_t max_name_bytes = 256, max_text_bytes = 16u << 20;

  // The id of a column. `field` is what rules call it, empty: the same as `written`; characters
  // outside [A-Za-z0-9_] become '_'. no_column when the name is empty or one too many.
  std::uint32_t id(event::Section section, std::string_view written, std::string_view field = {});

  Role role(std::uint32_t id) const { return columns_[id].role; }
  // Null when there is one shape too many.
  const event::Schema* schema(std::span<const std::uint32_t> ids);
  // The next event begins: predictions start from its first column again.
  void restart() { previous_ = 0; }

 private:
  struct Known {
    event::Column column;
    Role role = Role::none;
    std::string_view written;  // as asked for, which may be longer than what was interned
    std::string_view field;
    std::uint32_t next = 0;  // 1 + the id that came after this one last time
  };
  struct Key {
    event::Section section;
    std::string_view written, field;
    bool operator==(const Key&) const = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };
  struct Shape {
    std::vector<std::uint32_t> ids;
    const event::Schema* schema;
  };

  std::uint32_t find_or_add(const Key& key);

  std::vector<Known> columns_;
  std::deque<std::string> texts_;  // what keys point into
  std::size_t text_bytes_ = 0;
  std::unordered_map<Key, std::uint32_t, KeyHash> by_name_;
  std::unordered_multimap<std::uint64_t, Shape> shapes_;
  std::uint32_t previous_ = 0;  // 1 + id of the column before, 0 at an event's start
  std::uint32_t first_ = 0;     // what `next` is for that start
};

}  // namespace escudo::sources
