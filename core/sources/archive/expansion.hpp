#pragma once
// Expansion: how much one outermost archive may grow while it is read, nested archives included.
// Threads: none.

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "sources/source.hpp"

namespace escudo::sources {

class Expansion {
 public:
  // `packed_bytes`: the size of the outermost file, 0 when it is not known.
  Expansion(const Limits& limits, std::uint64_t packed_bytes)
      : limits_(limits), packed_size_(packed_bytes) {}

  void read_packed(std::uint64_t bytes) { packed_ += bytes; }
  void expanded(std::uint64_t bytes) { expanded_ += bytes; }
  // A member that by the table of contents alone is too much for the whole archive: told before it
  // is expanded, so that the other members can be read.
  bool is_bomb(std::uint64_t declared) const {
    return packed_size_ > 0 && too_much(declared, packed_size_);
  }
  std::string ratio_exceeded() const {
    return "expands to more than " + std::to_string(limits_.expansion_ratio) +
           " times its size, the limit for one archive (expansion_ratio)";
  }
  void one_more_member() { ++members_; }

  // Why reading has to stop, naming the limit; nothing while all is well.
  std::optional<std::string> exceeded() const {
    if (members_ > limits_.archive_members) {
      return "has more than " + std::to_string(limits_.archive_members) +
             " members, the limit for one archive (archive_members)";
    }
    if (expanded_ > limits_.expanded_bytes) {
      return "expands to more than " + std::to_string(limits_.expanded_bytes) +
             " bytes, the limit for one archive (expanded_bytes)";
    }
    // Members that share their packed bytes are read more than once: no more was packed than there
    // is.
    const std::uint64_t packed = packed_size_ > 0 ? std::min(packed_, packed_size_) : packed_;
    if (too_much(expanded_, packed)) return ratio_exceeded();
    return std::nullopt;
  }

 private:
  static constexpr std::uint64_t ratio_counts_from = 64ull << 20;

  bool too_much(std::uint64_t bytes, std::uint64_t packed) const {
    return bytes > ratio_counts_from && bytes / limits_.expansion_ratio > packed;
  }

  Limits limits_;
  std::uint64_t packed_size_;
  std::uint64_t packed_ = 0;
  std::uint64_t expanded_ = 0;
  std::uint64_t members_ = 0;
};

}  // namespace escudo::sources
