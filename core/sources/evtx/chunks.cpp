// Tested by tests/unit/sources/evtx.cpp.

#include "sources/evtx/chunks.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "sources/binxml/little_endian.hpp"
#include "sources/evtx/layout.hpp"

namespace escudo::sources {
namespace {

using namespace std::string_view_literals;

std::string chunk_name(std::uint64_t slot) { return "chunk " + std::to_string(slot); }

}  // namespace

base::Result<EvtxPromises> EvtxPromises::read(RandomBytes& bytes) {
  EvtxPromises promises;
  std::array<char, 512> header{};
  auto got = bytes.read_at(0, header.data(), header.size());
  if (!got) return base::Error{got.error()};
  const std::string_view file(header.data(), *got);
  if (file.size() < 128) return promises;
  const bool dirty = (u32(file.data() + layout::file_flags) & layout::flag_dirty) != 0;
  const std::uint64_t size = bytes.size();
  const std::uint64_t there =
      size <= layout::file_header
          ? 0
          : (size - layout::file_header + layout::chunk - 1) / layout::chunk;
  const std::uint64_t counted = u16(file.data() + layout::file_chunks);
  // The count has two bytes: a file of 4 GiB or more starts again at zero.
  const bool trusted = !dirty && there <= UINT16_MAX;
  const std::uint64_t slots = trusted ? counted : std::max(counted, there);

  std::vector<std::uint64_t> empty;
  std::uint64_t used = trusted ? counted : 0;  // slots before this one should hold a chunk
  for (std::uint64_t slot = 0; slot < std::min(slots, there); ++slot) {
    EvtxChunk& chunk = promises.chunks_.emplace_back();
    got = bytes.read_at(layout::file_header + slot * layout::chunk, header.data(), 128);
    if (!got) return base::Error{got.error()};
    if (*got < 128) {
      promises.broken_.push_back(chunk_name(slot) + " is cut within its header");
      continue;
    }
    const std::string_view head(header.data(), 128);
    if (std::ranges::all_of(head, [](char c) { return c == 0; })) {
      empty.push_back(slot);
      continue;
    }
    used = std::max(used, slot + 1);
    if (!head.starts_with("ElfChnk\0"sv)) {
      promises.broken_.push_back(chunk_name(slot) + " has lost its signature, and its records");
      continue;
    }
    chunk.first_id = u64(head.data() + layout::chunk_first_id);
    chunk.last_id = u64(head.data() + layout::chunk_last_id);
    const bool has_records = chunk.first_id != UINT64_MAX && chunk.last_id != UINT64_MAX &&
                             chunk.last_id >= chunk.first_id;
    if (!has_records) continue;
    const std::uint64_t span = chunk.last_id - chunk.first_id;
    if (span >= layout::chunk / layout::smallest_record) continue;
    chunk.declared = span + 1;
    promises.by_first_id_.push_back(slot);
  }
  for (const std::uint64_t slot : empty) {
    if (slot < used) promises.broken_.push_back(chunk_name(slot) + " is empty, but should not be");
  }
  std::ranges::sort(promises.by_first_id_, {},
                    [&](std::size_t slot) { return promises.chunks_[slot].first_id; });
  if (slots > there) {
    promises.broken_.push_back("the file is cut: " + std::to_string(slots - there) + " of " +
                               std::to_string(slots) + " chunks are missing");
  }
  return promises;
}

bool EvtxPromises::met(std::uint64_t header_id) {
  auto behind = std::ranges::upper_bound(by_first_id_, header_id, {},
                                         [&](std::size_t slot) { return chunks_[slot].first_id; });
  if (behind == by_first_id_.begin()) return false;
  EvtxChunk& chunk = chunks_[*--behind];
  if (header_id > chunk.last_id || chunk.met >= chunk.declared) return false;
  ++chunk.met;
  return true;
}

std::vector<EvtxPromises::Loss> EvtxPromises::losses() const {
  std::vector<Loss> losses;
  for (const std::string& reason : broken_) losses.push_back({1, reason});
  std::uint64_t unknown = unknown_;  // each was reported already
  for (std::size_t slot = 0; slot < chunks_.size(); ++slot) {
    const EvtxChunk& chunk = chunks_[slot];
    std::uint64_t lost = chunk.declared - chunk.met;
    const std::uint64_t known = std::min(lost, unknown);
    unknown -= known;
    lost -= known;
    if (lost == 0) continue;
    losses.push_back({lost, chunk_name(slot) + " is torn: " + std::to_string(lost) + " of its " +
                                std::to_string(chunk.declared) + " records cannot be reached"});
  }
  return losses;
}

WholeChunks::WholeChunks(RandomBytes& bytes) : bytes_(bytes), size_(bytes.size()) {
  if (size_ > layout::file_header) {
    const std::uint64_t body = size_ - layout::file_header;
    size_ += (layout::chunk - body % layout::chunk) % layout::chunk;
  }
}

base::Result<std::size_t> WholeChunks::read_at(std::uint64_t offset, char* to, std::size_t size) {
  auto got = bytes_.read_at(offset, to, size);
  if (!got || *got == size || offset + *got >= size_) return got;
  const std::size_t zeros = std::min<std::uint64_t>(size - *got, size_ - offset - *got);
  std::memset(to + *got, 0, zeros);
  return *got + zeros;
}

}  // namespace escudo::sources
