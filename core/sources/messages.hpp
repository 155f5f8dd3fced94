#pragma once
// Messages: events that come one by one as text (from a topic, a channel) -> batches. Each text may be
// of another format; what is none of them is damage. Private to sources. Threads: one.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sources/source.hpp"

namespace escudo::sources {

class Messages {
 public:
  Messages(std::string name, OpenOptions options) : name_(std::move(name)), options_(std::move(options)) {}

  // Takes the next texts; only when drained().
  void take(std::vector<std::string> texts);
  // Fills the batch with events of the texts taken. False when there are no more; batch is then empty.
  bool next(event::Batch& batch);
  // Nothing is left of the texts taken.
  bool drained() const { return !ahead_; }
  std::uint64_t damaged() const { return damaged_; }

 private:
  bool read(event::Batch& batch);

  const std::string name_;
  const OpenOptions options_;
  std::vector<std::string> texts_;
  std::size_t at_ = 0;
  std::unique_ptr<Source> reader_;
  bool ahead_ = false;  // next_ is filled: so the last batch knows that it is the last
  event::Batch next_;
  std::uint64_t damaged_ = 0;
};

}  // namespace escudo::sources
