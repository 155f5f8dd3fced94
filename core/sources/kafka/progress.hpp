#pragma once
// How far each partition of a topic was read, and how far back its state reaches. Private to
// sources/kafka; not thread-safe.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace escudo::sources {

class KafkaProgress {
 public:
  explicit KafkaProgress(std::int64_t rebuild_ms) : rebuild_ms_(rebuild_ms) {}

  // The next offset of a partition; nothing when none was read.
  std::optional<std::int64_t> next(int partition) const;
  // Where a successor must begin: the first message that is not older than `rebuild` before the last.
  std::int64_t rebuild(int partition) const;
  // Reading of a partition begins at `offset` as far as the state of this member goes.
  void begin(int partition, std::int64_t offset);
  void read(int partition, std::int64_t offset, std::int64_t timestamp_ms);

  // {"0":{"next":12,"rebuild":3},…}: a position, and back. False when it is none.
  std::string text() const;
  bool parse(std::string_view text);
  const auto& partitions() const { return partitions_; }

 private:
  struct Mark {
    std::int64_t time = 0, offset = 0;
  };
  struct Partition {
    std::int64_t next = 0;
    std::deque<Mark> marks;  // one a minute of the messages' time, oldest first; never empty
  };
  const std::int64_t rebuild_ms_;
  std::map<int, Partition> partitions_;
};

}  // namespace escudo::sources
