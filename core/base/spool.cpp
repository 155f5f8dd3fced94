// Tested by tests/unit/base/spool_test.cpp.
#include "base/spool.hpp"

#include <algorithm>
#include <cassert>

#include "base/pack.hpp"

namespace escudo::base {
namespace {

// What is read to reach one entry in the file: little, since most readers want few entries. Twice as
// much each time where they go on.
constexpr std::size_t kLeast = 4u << 10;
constexpr std::size_t kLongestSize = 10;   // of an entry's size as Packer writes it

}  // namespace

Spool::Place Spool::append(std::string_view bytes) {
  assert(bytes.size() < UINT32_MAX);
  entry_size_.clear();
  Packer(entry_size_).number(bytes.size());
  const std::size_t size = entry_size_.size() + bytes.size();
  if (chunks_.empty() || chunks_.back().size + size > chunk_size_) {
    spill();
    Chunk& fresh = chunks_.emplace_back();
    fresh.memory = std::make_shared<std::string>();
    fresh.memory->reserve(std::max(chunk_size_, size));
    in_memory_ += fresh.memory->capacity();
  }
  Chunk& chunk = chunks_.back();
  const Place place = static_cast<Place>(chunks_.size() - 1) << 32 | chunk.size;
  chunk.memory->append(entry_size_).append(bytes);
  chunk.size += size;
  bytes_ += size;
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

// Makes these bytes of the chunk in hand valid.
bool Spool::load(const Chunk& chunk, std::size_t from, std::size_t to) {
  if (from >= loaded_from_ && to <= loaded_to_) return true;
  const bool goes_on = from >= loaded_from_ && from <= loaded_to_ && loaded_to_ > 0;
  step_ = goes_on ? std::min(2 * step_, chunk.size) : kLeast;
  const std::size_t begin = goes_on ? loaded_to_ : from;
  const std::size_t end = std::min(chunk.size, std::max(to, begin + step_));
  file_->stream.clear();
  file_->stream.seekg(static_cast<std::streamoff>(chunk.at + begin));
  file_->stream.read(loaded_.get() + begin, static_cast<std::streamsize>(end - begin));
  if (!file_->stream) {
    problem_ = "cannot read the temporary file: " + what_ + " are lost";
    lost_ = true;
    loaded_.reset();
    return false;
  }
  if (!goes_on) loaded_from_ = from;
  loaded_to_ = end;
  return true;
}

std::string_view Spool::read(Place place, std::shared_ptr<const void>& hold) {
  const std::size_t number = place >> 32, at = place & UINT32_MAX;
  assert(number < chunks_.size() && at < chunks_[number].size);
  const Chunk& chunk = chunks_[number];
  if (!chunk.memory) {
    if (!loaded_ || loaded_number_ != number) {
      loaded_ = std::make_shared_for_overwrite<char[]>(chunk.size);
      loaded_number_ = number;
      loaded_from_ = loaded_to_ = 0;
    }
    if (!load(chunk, at, std::min(at + kLongestSize, chunk.size))) {
      hold.reset();
      return {};
    }
  }
  const char* bytes = chunk.memory ? chunk.memory->data() : loaded_.get();
  Unpacker rest(std::string_view(bytes, chunk.size).substr(at));
  const std::size_t size = rest.number();
  const std::size_t start = chunk.size - rest.rest();
  if (chunk.memory) {
    hold = chunk.memory;
  } else if (load(chunk, start, start + size)) {
    hold = loaded_;
  } else {
    hold.reset();
    return {};
  }
  return {bytes + start, size};
}

}  // namespace escudo::base
