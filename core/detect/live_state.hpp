#pragma once
// LiveState: where a run that never ends keeps what it must not forget, as bytes under names. What was
// put since the last commit becomes durable together with the position in the log, or not at all;
// when that is, the owner decides. One thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/timestamp.hpp"

namespace escudo::detect {

class LiveState {
 public:
  virtual ~LiveState() = default;
  virtual std::int64_t space(std::string_view name) = 0;
  // Values by key.
  virtual std::optional<std::string> get(std::int64_t space, std::string_view key) = 0;
  virtual void put(std::int64_t space, std::string_view key, std::string_view bytes) = 0;
  virtual void erase(std::int64_t space, std::string_view key) = 0;
  virtual void each(std::int64_t space,
                    const std::function<bool(std::string_view key, std::string_view bytes)>& see) = 0;
  // In the order of the keys, byte by byte, those behind `key`. `see` returns false to end; it must not write.
  virtual void each_after(std::int64_t space, std::string_view key,
                          const std::function<bool(std::string_view key, std::string_view bytes)>& see) = 0;
  // Rows by time, read in the order they came.
  virtual void append(std::int64_t space, base::Time time, std::string_view bytes) = 0;
  virtual void read(std::int64_t space, base::Time from, base::Time to,
                    const std::function<void(std::string_view bytes)>& see) = 0;
  virtual void erase_before(std::int64_t space, base::Time time) = 0;
  // The earliest from `from` on.
  virtual std::optional<base::Time> first_time(std::int64_t space, base::Time from) = 0;
  virtual void drop(std::int64_t space) = 0;
};

}  // namespace escudo::detect
