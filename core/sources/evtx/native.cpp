// Tested by tests/unit/sources/evtx_native.cpp and tests/twins; fuzzed by
// tests/fuzz/evtx_native.cpp.

#include "sources/evtx/native.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "sources/evtx/carve.hpp"
#include "sources/evtx/chunk.hpp"
#include "sources/evtx/definitions.hpp"
#include "sources/evtx/file_map.hpp"
#include "sources/evtx/record_reader.hpp"

namespace escudo::sources {
namespace {

// Reading into a small buffer again and again beats mapping the file: page faults decide.
constexpr std::size_t buffer_chunks = 4;
// What is made of so much fits into the one block that a batch's arena keeps.
constexpr std::size_t batch_bytes = 160 * 1024;
// Records of sound logs become a few times as large as they are.
constexpr std::size_t max_arena_bytes = 16u << 20;

class NativeReader final : public Reader {
 public:
  NativeReader(const Job& job, std::unique_ptr<Bytes> owned, FileMap map)
      : Reader(job, "evtx"),
        outermost_(job.depth == 0),
        bytes_(std::move(owned)),
        map_(std::move(map)),
        reader_(options_),
        definitions_(*bytes_->random(), map_.slots, options_.limits.xml_depth) {
    reader_.templates().elsewhere = [this](std::uint32_t id, std::uint32_t values) {
      return definitions_.find(id, values);
    };
    begin(options_.part);
  }

  bool restart(const FilePart& part) override {
    if (options_.recover) return false;
    begin_anew();
    begin(part);
    return true;
  }

  std::optional<base::Time> latest_passed_over() const override {
    return reader_.latest_passed_over();
  }

 private:
  void begin(const FilePart& part) {
    end_slot_ = std::min(part.end, map_.live);
    next_slot_ = std::min(part.begin, map_.live);
    buffered_begin_ = buffered_end_ = 0;
    ordinal_ = 0;
    if (next_slot_ > 0) return;  // the first part speaks for the file
    report().bytes = map_.bytes;
    for (const std::string& note : map_.notes) report().add_note(note);
  }

  bool fill(event::Batch& batch) override {
    reader_.start(batch);
    while (!full(batch) && taken() < batch_bytes && !reader_.has_enough() &&
           batch.arena.bytes_reserved() < max_arena_bytes) {
      if (walk_) {
        EvtxRecordPlace where;
        if (walk_->next(where)) {
          live(where, batch);
        } else {
          end_chunk();
        }
      } else if (carver_) {
        const bool more = carver_->next(batch);
        report().recovered = carver_->recovered();
        if (!more) return finish();
      } else if (next_slot_ < end_slot_) {
        if (!next_chunk()) return false;
      } else if (options_.recover && end_slot_ == map_.live) {
        carver_.emplace(*bytes_->random(), map_, reader_, ordinal_, known_);
      } else {
        return finish();
      }
    }
    return true;
  }

  // False when the file cannot be read any more.
  bool next_chunk() {
    if (next_slot_ >= buffered_end_) {
      buffered_begin_ = next_slot_;
      buffered_end_ = std::min<std::uint64_t>(next_slot_ + buffer_chunks, end_slot_);
      buffer_.resize((buffered_end_ - buffered_begin_) * layout::chunk);
      const auto got =
          bytes_->random()->read_at(offset_of(buffered_begin_), buffer_.data(), buffer_.size());
      if (!got) {
        give_up(got.error());
        return false;
      }
      buffered_ = {buffer_.data(), *got};
    }
    passed(next_slot_, next_slot_ + 1);
    const std::size_t at =
        std::min<std::size_t>((next_slot_ - buffered_begin_) * layout::chunk, buffered_.size());
    slot_ = next_slot_++;
    chunk_.emplace(buffered_.substr(at, layout::chunk));
    begin_chunk();
    return true;
  }

  void begin_chunk() {
    const bool expected = slot_ < map_.expected;
    if (chunk_->bytes().size() < layout::first_record) {
      report().add_damage(name() + " is cut within its header");
      return;
    }
    const bool has_records = chunk_->used() > layout::first_record;
    if (!has_records && !chunk_->has_signature()) {
      if (!expected) return;  // never was a chunk of this log
      const char* what = chunk_->is_zero() ? " is empty, but should not be"
                                           : " has lost its signature, and its records";
      report().add_damage(name() + what);
      return;
    }
    if (!chunk_->has_signature()) {
      report().add_note(name() + " has lost its signature; its records are read all the same");
    } else if (has_records && chunk_->says_empty()) {
      report().add_note(name() + " says that it is empty, but has a wrong checksum; its records " +
                        "are read all the same");
    }
    if (options_.verify && !chunk_->checksums_good()) {
      report().add_note(name() + " has a wrong checksum");
    }
    if (!has_records) return;
    walk_.emplace(*chunk_);
    reader_.start_chunk(chunk_->bytes());
  }

  void end_chunk() {
    const std::uint64_t declared = chunk_->declared();
    if (chunk_->has_signature() && walk_->met() < declared) {
      const std::uint64_t lost = declared - walk_->met();
      report().add_damage(name() + " is torn: " + std::to_string(lost) + " of its " +
                          std::to_string(declared) + " records cannot be reached");
      report().damaged += lost - 1;
    } else if (walk_->torn() > 0) {
      report().add_damage(name() + " is torn");
    }
    walk_.reset();
  }

  void live(const EvtxRecordPlace& where, event::Batch& batch) {
    took(where.size);
    const RecordPlace place{++ordinal_, where.header_id, false};
    auto outcome = reader_.read(where, place, batch);
    if (!outcome) {
      add_damage(place, outcome.error());
    } else if (*outcome == RecordReader::Outcome::passed_over) {
      pass_over();
    } else if (options_.recover) {
      add_fingerprints(batch.events.back(), known_);
    }
    // It is given, but what it says may be of other values than it should.
    if (outcome && reader_.was_cut()) add_damage(place, "has values that cannot be read whole");
  }

  void add_damage(const RecordPlace& place, const std::string& what) {
    report().add_damage(record_name(place) + " " + what);
  }
  std::string record_name(const RecordPlace& place) const {
    return name() + ", record with header id " + std::to_string(place.header_id);
  }

  // For progress: these slots are done.
  void passed(std::uint64_t first, std::uint64_t end) {
    if (!outermost_) return;
    const std::uint64_t from = first == 0 ? 0 : std::min(map_.bytes, offset_of(first));
    progress_->add(std::min(map_.bytes, offset_of(end)) - from);
  }

  std::string name() const { return "chunk " + std::to_string(slot_); }
  static std::uint64_t offset_of(std::uint64_t slot) {
    return layout::file_header + slot * layout::chunk;
  }

  bool finish() {
    if (map_.bytes < layout::file_header) report().add_damage("the file is cut within its header");
    if (end_slot_ == map_.live && map_.missing > 0) {
      report().add_damage("the file is cut: " + std::to_string(map_.missing) + " of " +
                          std::to_string(map_.missing + map_.slots) + " chunks are missing");
    }
    if (end_slot_ == map_.live) passed(map_.live, map_.slots);
    return false;
  }

  const bool outermost_;
  std::unique_ptr<Bytes> bytes_;
  FileMap map_;
  std::uint64_t next_slot_ = 0, end_slot_ = 0, slot_ = 0;
  std::vector<char> buffer_;
  std::string_view buffered_;
  std::uint64_t buffered_begin_ = 0, buffered_end_ = 0;
  std::optional<Chunk> chunk_;
  std::optional<ChunkWalk> walk_;
  RecordReader reader_;
  Definitions definitions_;
  std::optional<Carver> carver_;
  Fingerprints known_;
  std::uint64_t ordinal_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_evtx_native(Job job) {
  auto bytes = spool(std::move(job.bytes), job.options.limits.spool_bytes);
  if (!bytes) return unreadable(job.path, bytes.error(), job.progress);
  std::unique_ptr<Bytes> owned = std::move(bytes).value();
  auto map = FileMap::read(*owned->random());
  if (!map) return unreadable(job.path, map.error(), job.progress);
  return std::make_unique<NativeReader>(job, std::move(owned), std::move(map).value());
}

}  // namespace escudo::sources
