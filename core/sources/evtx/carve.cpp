// Tested by tests/unit/sources/evtx_native.cpp.

#include "sources/evtx/carve.hpp"

#include <algorithm>
#include <functional>

#include "sources/evtx/intact.hpp"

namespace escudo::sources {
namespace {

std::uint64_t mixed(std::uint64_t h, std::uint64_t with) {
  h = (h ^ with) * 0x9E3779B97F4A7C15ull;
  return h ^ h >> 29;
}

}  // namespace

bool add_fingerprints(const event::Event& event, Fingerprints& known) {
  const auto time = static_cast<std::uint64_t>(event.time.time_since_epoch().count());
  const std::uint64_t identity = mixed(mixed(1, event.record_id), time);
  std::uint64_t content = mixed(2, event.schema->id());
  for (std::string_view value : event.values) {
    content = mixed(content, std::hash<std::string_view>{}(value));
  }
  const bool same_content = !known.insert(content).second;
  const bool same_identity = !known.insert(identity).second;
  return !same_content && !(same_identity && event.record_id != 0);
}

Carver::Carver(RandomBytes& bytes, const FileMap& map, RecordReader& reader, std::uint64_t& ordinal,
               Fingerprints& known)
    : bytes_(bytes), map_(map), reader_(reader), ordinal_(ordinal), known_(known) {
  reader_.templates().elsewhere = nullptr;
}

bool Carver::next_slot() {
  if (slot_ >= map_.slots) return false;
  buffer_.resize(layout::chunk);
  const auto got =
      bytes_.read_at(layout::file_header + slot_ * layout::chunk, buffer_.data(), buffer_.size());
  if (!got) return false;  // the live records were read all the same
  chunk_ = Chunk(std::string_view(buffer_).substr(0, *got));
  at_ = layout::first_record;
  if (slot_ < map_.live) {
    ChunkWalk walk(chunk_);
    for (EvtxRecordPlace met; walk.next(met);) {
    }
    at_ = walk.at();
  }
  reader_.start_chunk(chunk_.bytes());
  ++slot_;
  return true;
}

bool Carver::next(event::Batch& batch) {
  at_ = chunk_.find_signature(at_, chunk_.bytes().size());
  if (at_ == std::string_view::npos) return next_slot();
  EvtxRecordPlace where;
  if (!chunk_.record_at(at_, where)) {
    ++at_;
    return true;
  }
  at_ = where.at + where.size;
  const std::size_t before = batch.events.size();
  const auto outcome = reader_.read(where, {ordinal_ + 1, where.header_id, true}, batch);
  if (!outcome || batch.events.size() == before) {
    at_ = where.at + 1;
    return true;
  }
  if (reader_.was_cut() || !is_intact(batch.events.back()) ||
      !add_fingerprints(batch.events.back(), known_)) {
    batch.events.pop_back();
    return true;
  }
  ++ordinal_;
  ++recovered_;
  return true;
}

}  // namespace escudo::sources
