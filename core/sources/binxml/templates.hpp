#pragma once
// Templates: the compiled definitions one reader meets, found by their place in the current chunk.
//
// A definition is compiled once a process: by GUID and size it is looked for among the known ones,
// and taken when every byte agrees, names looked up (a chunk repeats a definition byte by byte, but
// for the offsets of names). A hostile file can give one GUID many contents: each is kept apart.
//
// Lifetime: a Template lives as long as the process, or, once those that are kept reach
// max_kept_bytes, until between_batches(), and until max_own_bytes are reached at all: definitions
// may overlap, so a small file can have many large ones. Threads: one Templates a thread; what they
// share locks.

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "sources/binxml/template.hpp"

namespace escudo::sources {

// Of a definition: next in chain, GUID, size of what follows.
inline constexpr std::size_t definition_header = 24;

// A compiled definition with what it takes to recognise it.
struct Definition {
  std::string bytes;                 // behind the header
  std::string fixed;                 // of each of its bits, whether it is the same in every chunk
  std::vector<NameReference> names;  // `units` are views into `name_units`
  std::string name_units;
  std::uint32_t values = 0;
  Template compiled;
};

class Templates {
 public:
  // Definitions of any file, together; about 3 KB each.
  static constexpr std::size_t max_kept_bytes = 64u << 20;
  // Those of one reader behind them: past the first the batch should end, past the second a
  // definition is refused.
  static constexpr std::size_t enough_own_bytes = 8u << 20, max_own_bytes = 16u << 20;
  // Definitions that are compiled in one chunk, together: sound ones do not overlap.
  static constexpr std::size_t max_compiled_of_chunk = 256 * 1024;

  explicit Templates(std::uint32_t depth_limit) : depth_limit_(depth_limit) {}

  void start_chunk(std::string_view chunk);
  // The definition at this offset of the chunk, or null; then why() tells. The instance says `id`,
  // the beginning of the GUID, and has so many values.
  const Template* at(std::uint32_t offset, std::uint32_t id, std::uint32_t values);
  const char* why() const { return why_; }
  // Asked for a definition that the chunk has lost.
  std::function<const Template*(std::uint32_t id, std::uint32_t values)> elsewhere;

  // No view into a template is in use any more. What is remembered of templates is void once
  // generation() has changed.
  void between_batches();
  std::uint32_t generation() const { return generation_; }
  bool has_enough() const { return own_bytes_ >= enough_own_bytes; }

 private:
  struct Slot {
    std::uint32_t offset = 0, id = 0, stamp = 0;
    const Template* found = nullptr;
    const char* why = "";
  };
  const Template* find_or_compile(std::uint32_t offset, std::uint32_t id);
  const Template* remember(std::uint32_t offset, std::uint32_t id, const Template* found);

  const std::uint32_t depth_limit_;
  std::string_view chunk_;
  std::uint32_t stamp_ = 0;
  std::array<Slot, 512> slots_;  // by offset and id, of the chunk with this stamp
  std::unordered_map<std::uint64_t, std::vector<const Definition*>> known_;  // by GUID and size
  std::vector<std::unique_ptr<const Definition>> own_;  // those past max_kept_bytes
  std::size_t own_bytes_ = 0;
  std::size_t compiled_ = 0;  // bytes of definitions of this chunk
  std::uint32_t generation_ = 0;
  const char* why_ = "";
};

}  // namespace escudo::sources
