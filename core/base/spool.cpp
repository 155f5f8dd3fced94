// Tested by tests/unit/base/spool_test.cpp.
#include "base/spool.hpp"

#include <algorithm>
#include <cassert>

namespace escudo::base {

Spool::Place Spool::append(std::string_view bytes) {
  assert(bytes.size() < UINT32_MAX);
  if (chunks_.empty() || chunks_.back().size + bytes.size() > chunk_size_) {
    spill();
    Chunk& fresh = chunks_.emplace_back();
    fresh.memory = std::make_shared<std::string>();
    fresh.memory->reserve(std::max(chunk_size_, bytes.size()));
    in_memory_ += fresh.memory->capacity();
  }
  Chunk& chunk = chunks_.back();
  const Place place = static_cast<Place>(chunks_.size() - 1) << 32 | chunk.size;
  chunk.memory->append(bytes);
  chunk.size += bytes.size();
  bytes_ += bytes.size();
  return place;
}

void Spool::spill() {
  if (!problem_.empty()) return;
  for (; in_memory_ > budget_ && oldest_ < chunks_.size(); ++oldest_) {
    if (!file_) {
      auto made = TemporaryFile::create();
      if (!made) {
        problem_ = made.error() + "; " + what_ + " stay in memory";
        return;
      }
      file_ = std::move(*made);
    }
    Chunk& chunk = chunks_[oldest_];
    file_->stream.clear();
    file_->stream.seekp(static_cast<std::streamoff>(file_end_));
    file_->stream.write(chunk.memory->data(), static_cast<std::streamsize>(chunk.size));
    file_->stream.flush();
    if (!file_->stream) {
      problem_ = "cannot write to the temporary file; " + what_ + " stay in memory";
      return;
    }
    chunk.at = file_end_;
    file_end_ += chunk.size;
    in_memory_ -= chunk.memory->capacity();
    chunk.memory.reset();
  }
}

std::string_view Spool::read(Place place, std::shared_ptr<const void>& hold) {
  const std::size_t number = place >> 32, at = place & UINT32_MAX;
  assert(number < chunks_.size() && at <= chunks_[number].size);
  const Chunk& chunk = chunks_[number];
  if (chunk.memory) {
    hold = chunk.memory;
    return std::string_view(*chunk.memory).substr(at);
  }
  if (!loaded_ || loaded_number_ != number) {
    auto bytes = std::make_shared_for_overwrite<char[]>(chunk.size);
    file_->stream.clear();
    file_->stream.seekg(static_cast<std::streamoff>(chunk.at));
    file_->stream.read(bytes.get(), static_cast<std::streamsize>(chunk.size));
    if (!file_->stream) {
      problem_ = "cannot read the temporary file: " + what_ + " are lost";
      lost_ = true;
      hold.reset();
      return {};
    }
    loaded_ = std::move(bytes);
    loaded_number_ = number;
  }
  hold = loaded_;
  return std::string_view(loaded_.get(), chunk.size).substr(at);
}

}  // namespace escudo::base
