#pragma once
// TailChannel: what a tail knows of one source between commits. Of the thread of Tail::run().
//
// Where a log has parts (the partitions of a topic), each has a time of its own: of a backlog one part
// may come long before another, and the time is that of the one furthest behind.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.hpp"
#include "runtime/feeder.hpp"

namespace escudo::runtime {

struct TailChannel {
  std::string spec, name;      // one part of a --source (sources::live_parts), and what its state is kept under
  std::unique_ptr<Feeder> feeder;
  std::string position;
  bool mid_block = false;      // delivered in part: position is of before
  bool caught_up = false, ended = false;
  std::optional<base::Time> latest;   // of its events
  base::Time seen{};           // on the wall, when that was read
  std::map<int, base::Time> parts;    // the same by part, where it has parts
  std::vector<int> behind;     // parts that are not read to their end
  std::map<std::string, std::uint64_t> last_ids;

  // The latest time of what was read at `wall`.
  void heard(std::optional<int> part, base::Time time, base::Time wall);
  // What of it outlives the process.
  std::string pack() const;
  void unpack(std::string_view bytes);
  // What time it is in this log. While nothing comes, it passes as it does on the wall.
  std::optional<base::Time> now(base::Time wall) const;
  // Nobody knows what time it is there: it holds the others back.
  bool unknown() const;
  // Read to its end and silent for long, or for ever: it holds nobody back, however old its last event.
  bool quiet(base::Time wall) const;
};

// What time it is: what it is in the log that is furthest behind; where all are quiet, in the one furthest
// ahead. Nothing while nobody knows.
std::optional<base::Time> time_of(const std::vector<TailChannel>& channels, base::Time wall);

}  // namespace escudo::runtime
