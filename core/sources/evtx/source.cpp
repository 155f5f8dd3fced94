// Tested by tests/unit/sources/evtx.cpp; fuzzed by tests/fuzz/evtx.cpp.

#include "sources/evtx/source.hpp"

#include <functional>
#include <string>
#include <unordered_set>

#include "base/text.hpp"
#include "sources/evtx/chunks.hpp"
#include "sources/evtx/intact.hpp"
#include "sources/evtx/library.hpp"
#include "sources/evtx/tidy.hpp"
#include "sources/winxml/decoder.hpp"

namespace escudo::sources {
namespace {

class EvtxSource final : public Reader {
 public:
  EvtxSource(Job job, std::unique_ptr<Bytes> owned, EvtxPromises promises)
      : Reader(job, "evtx"),
        outermost_(job.depth == 0),
        bytes_(std::move(owned)),
        whole_(*bytes_->random()),
        promises_(std::move(promises)),
        decoder_(job.options.limits) {
    report().bytes = bytes_->random()->size();
  }

  base::Result<void> start() {
    auto file = EvtxFile::open(whole_);
    if (!file) return base::Error{file.error()};
    file_ = std::move(file).value();
    return {};
  }

 private:
  bool fill(event::Batch& batch) override {
    while (!full(batch)) {
      if (live_done_ < file_->live_records()) {
        live(batch);
      } else if (options_.recover && recovered_done_ < file_->recovered_records()) {
        recovered(batch);
      } else {
        finish();
        return false;
      }
    }
    return true;
  }

  void live(event::Batch& batch) {
    const EvtxRecord record = file_->live_record(live_done_++);
    const auto total = static_cast<std::uint64_t>(file_->live_records());
    if (outermost_) {
      progress_->at_least(report().bytes * static_cast<std::uint64_t>(live_done_) / total);
    }
    RecordPlace place{++ordinal_, record.header_id, false};
    if (record.header_id == 0) {
      promises_.met_unknown();
    } else if (promises_.met(record.header_id) && options_.recover) {
      live_ids_.insert(record.header_id);
    }
    if (record.xml.empty()) {
      add_damage(place, "cannot be read by libevtx: " + record.error);
      return;
    }
    took(record.xml.size());
    if (const auto decoded = decode(record.xml, batch, place); !decoded) {
      add_damage(place, decoded.error());
    }
    if (options_.recover) live_texts_.insert(std::hash<std::string>{}(tidy_));
  }

  // Most of what libevtx recovers is debris: names and templates overwritten by the records that
  // live. What cannot be read, or has lost the parts every event has, was no record of this file
  // and is not counted; so are copies of live records.
  void recovered(event::Batch& batch) {
    const EvtxRecord record = file_->recovered_record(recovered_done_++);
    if (record.xml.empty()) return;
    took(record.xml.size());
    tidy_evtx_xml(record.xml, tidy_);
    if (!live_texts_.insert(std::hash<std::string>{}(tidy_)).second) return;
    const RecordPlace place{ordinal_ + 1, record.header_id, true};
    const std::size_t before = batch.events.size();
    if (!decode(record.xml, batch, place) || batch.events.size() == before) return;
    if (!is_intact(batch.events.back())) {
      batch.events.pop_back();
      return;
    }
    ++ordinal_;
    ++report().recovered;
    // Part of a torn chunk: what its header promised is here after all.
    if (live_ids_.insert(record.header_id).second) promises_.met(record.header_id);
  }

  base::Result<void> decode(std::string_view printed, event::Batch& batch,
                            const RecordPlace& place) {
    if (printed.size() > options_.limits.event_bytes) {
      return base::Error{"is larger than " + std::to_string(options_.limits.event_bytes) +
                         " bytes, the limit for one event (event_bytes)"};
    }
    tidy_evtx_xml(printed, tidy_);
    auto decoded = decoder_.decode(tidy_, batch, place);
    if (decoded) return decoded;
    const std::string repaired = repair_evtx_xml(printed);
    if (repaired == printed) return decoded;
    tidy_evtx_xml(repaired, tidy_);
    return decoder_.decode(tidy_, batch, place);
  }

  void add_damage(const RecordPlace& place, const std::string& what) {
    const std::string id =
        place.header_id == 0 ? "" : "(header id " + std::to_string(place.header_id) + ") ";
    Reader::add_damage(place.ordinal, id + what);
  }

  void finish() {
    for (const EvtxPromises::Loss& loss : promises_.losses()) {
      report().add_damage(loss.reason);
      report().damaged += loss.records - 1;
    }
    if (outermost_) progress_->at_least(report().bytes);
  }

  const bool outermost_;
  std::unique_ptr<Bytes> bytes_;
  WholeChunks whole_;
  EvtxPromises promises_;
  std::unique_ptr<EvtxFile> file_;  // after what it reads from
  XmlDecoder decoder_;
  std::string tidy_;
  int live_done_ = 0, recovered_done_ = 0;
  std::uint64_t ordinal_ = 0;
  std::unordered_set<std::uint64_t> live_ids_;
  std::unordered_set<std::size_t> live_texts_;
};

}  // namespace

std::unique_ptr<Source> open_evtx(Job job) {
  auto bytes = spool(std::move(job.bytes), job.options.limits.spool_bytes);
  if (!bytes) return unreadable(job.path, bytes.error(), job.progress);
  const std::string path = job.path;
  const auto progress = job.progress;
  std::unique_ptr<Bytes> owned = std::move(bytes).value();
  auto promises = EvtxPromises::read(*owned->random());
  if (!promises) return unreadable(path, promises.error(), progress);
  auto reader =
      std::make_unique<EvtxSource>(std::move(job), std::move(owned), std::move(promises).value());
  if (auto started = reader->start(); !started) return unreadable(path, started.error(), progress);
  return reader;
}

}  // namespace escudo::sources
