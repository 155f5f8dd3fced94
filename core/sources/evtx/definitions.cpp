// Tested by tests/unit/sources/evtx_native.cpp.

#include "sources/evtx/definitions.hpp"

#include "sources/binxml/little_endian.hpp"
#include "sources/evtx/chunk.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t max_places = 64 * 1024, max_places_of_one = 8;
constexpr int longest_chain = 256;

}  // namespace

bool Definitions::load(std::uint64_t slot) {
  chunk_.resize(layout::chunk);
  const auto got =
      bytes_.read_at(layout::file_header + slot * layout::chunk, chunk_.data(), layout::chunk);
  if (!got || *got < layout::first_record) return false;
  chunk_.resize(*got);
  return true;
}

void Definitions::index() {
  indexed_ = true;
  for (std::uint64_t slot = 0; slot < slots_ && places_.size() < max_places; ++slot) {
    if (!load(slot) || !Chunk(chunk_).has_signature()) continue;
    for (std::size_t at = layout::chunk_templates; at < layout::chunk_tables_end; at += 4) {
      std::uint32_t offset = u32(chunk_.data() + at);
      for (int links = 0; links < longest_chain && offset >= layout::first_record; ++links) {
        if (offset > chunk_.size() - definition_header) break;
        const std::uint32_t id = u32(chunk_.data() + offset + 4);
        std::vector<Place>& places = places_[id];
        if (places.size() < max_places_of_one) places.push_back({slot, offset});
        offset = u32(chunk_.data() + offset);
      }
    }
  }
}

const Template* Definitions::find(std::uint32_t id, std::uint32_t values) {
  if (!indexed_) index();
  const auto places = places_.find(id);
  if (places == places_.end()) return nullptr;
  const Template*& found = found_[id];
  for (const Place& place : places->second) {
    if (found) break;
    if (!load(place.slot)) continue;
    templates_.start_chunk(chunk_);
    found = templates_.at(place.offset, id, values);
  }
  places->second.clear();  // they have been tried
  return found && found->slots <= values ? found : nullptr;
}

}  // namespace escudo::sources
