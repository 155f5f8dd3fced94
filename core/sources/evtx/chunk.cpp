// Tested by tests/unit/sources/evtx_chunk.cpp.

#include "sources/evtx/chunk.hpp"

#include <algorithm>
#include <cstring>

#include "sources/binxml/little_endian.hpp"
#include "sources/evtx/crc32.hpp"

namespace escudo::sources {
namespace {

using namespace std::string_view_literals;
constexpr std::string_view record_signature = "**\0\0"sv;

}  // namespace

Chunk::Chunk(std::string_view bytes) : bytes_(bytes) {
  used_ = bytes.size();
  if (bytes.size() < layout::first_record) return;
  const char* header = bytes.data();
  signature_ = bytes.starts_with("ElfChnk\0"sv);
  EvtxRecordPlace record;
  const bool has_record = record_at(layout::first_record, record);
  const bool no_header =
      !signature_ &&
      std::ranges::all_of(bytes.substr(0, layout::first_record), [](char c) { return c == 0; });
  zero_ = no_header && !has_record;
  if (no_header || (!signature_ && !has_record)) {
    used_ = end_of_chain();
    return;
  }
  first_number_ = u64(header + layout::chunk_first_number);
  last_number_ = u64(header + layout::chunk_last_number);
  first_id_ = u64(header + layout::chunk_first_id);
  const std::uint64_t span = u64(header + layout::chunk_last_id) - first_id_;
  const bool sane = first_id_ != UINT64_MAX && span < layout::chunk / layout::smallest_record;
  declared_ = sane ? span + 1 : 0;
  says_empty_ =
      first_id_ == UINT64_MAX || (last_number_ == UINT64_MAX && first_number_ == UINT64_MAX);
  const std::uint32_t last = u32(header + layout::chunk_last_record);
  const std::uint32_t free = u32(header + layout::chunk_free);
  const bool has_free = free >= layout::first_record && free <= bytes.size();
  if (says_empty_) {
    used_ = signature_ && header_checksum_good() ? layout::first_record : end_of_chain();
  } else if (last >= layout::first_record && record_at(last, record)) {
    used_ = record.at + record.size;
    knows_end_ = true;
    // It may be an earlier one that the header names: what follows with ids it promises is live.
    for (std::uint64_t id = record.header_id + 1; declared_ != 0 && promises(id); ++id) {
      if (!record_at(used_, record) || record.header_id != id) break;
      used_ = record.at + record.size;
    }
  } else if (has_free) {
    used_ = free;
    // A damaged record is the last all the same.
    if (last > used_ && find_signature(last, bytes.size()) == last) used_ = last;
  }
}

std::size_t Chunk::end_of_chain() const {
  std::size_t end = layout::first_record;
  for (EvtxRecordPlace record; record_at(end, record);) end = record.at + record.size;
  return end;
}

bool Chunk::header_checksum_good() const {
  if (bytes_.size() < layout::chunk_tables_end) return false;
  const char* header = bytes_.data();
  if ((u32(header + layout::chunk_flags) & layout::flag_no_checksums) != 0) return true;
  const std::uint32_t head = crc32(bytes_.substr(0, layout::chunk_flags));
  const std::string_view tables =
      bytes_.substr(layout::chunk_names, layout::chunk_tables_end - layout::chunk_names);
  return crc32(tables, head) == u32(header + layout::chunk_checksum);
}

bool Chunk::checksums_good() const {
  if (bytes_.size() < layout::chunk || !header_checksum_good()) return false;
  const char* header = bytes_.data();
  if ((u32(header + layout::chunk_flags) & layout::flag_no_checksums) != 0) return true;
  const std::uint32_t free = u32(header + layout::chunk_free);
  if (free < layout::first_record || free > bytes_.size()) return false;
  const std::string_view records = bytes_.substr(layout::first_record, free - layout::first_record);
  return crc32(records) == u32(header + layout::chunk_data_checksum);
}

bool Chunk::record_at(std::size_t at, EvtxRecordPlace& record) const {
  if (bytes_.size() < layout::smallest_record || at > bytes_.size() - layout::smallest_record) {
    return false;
  }
  const char* p = bytes_.data() + at;
  if (std::memcmp(p, record_signature.data(), record_signature.size()) != 0) return false;
  const std::uint32_t size = u32(p + 4);
  if (size < layout::smallest_record || size > bytes_.size() - at) return false;
  if (u32(p + size - layout::record_tail) != size) return false;
  record = {at + layout::record_header,
            at + size - layout::record_tail,
            at,
            size,
            u64(p + 8)};
  return true;
}

std::size_t Chunk::find_signature(std::size_t at, std::size_t end) const {
  const std::size_t found = bytes_.find(record_signature, at);
  return found < end ? found : std::string_view::npos;
}

bool ChunkWalk::next(EvtxRecordPlace& record) {
  const std::size_t end = std::min(end_, chunk_->used());
  if (at_ + layout::smallest_record > end) return false;
  if (chunk_->record_at(at_, record)) {
    at_ = record.at + record.size;
    ++met_;
    return true;
  }
  ++torn_;
  if (chunk_->declared() == 0 && !chunk_->knows_end()) {
    end_ = at_;
    return false;
  }
  for (std::size_t at = at_ + 1; (at = chunk_->find_signature(at, end)) != std::string_view::npos;
       ++at) {
    if (!chunk_->record_at(at, record) || !chunk_->promises(record.header_id)) continue;
    at_ = record.at + record.size;
    ++met_;
    return true;
  }
  at_ = end;
  return false;
}

}  // namespace escudo::sources
