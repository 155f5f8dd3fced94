#pragma once
// What the targets of sources share: reads bytes to their end under small limits, and aborts where
// the promises of sources/source.hpp do not hold.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sources/source.hpp"

namespace escudo::sources {

inline void expect(bool holds) {
  if (!holds) std::abort();
}

inline OpenOptions small_limits() {
  OpenOptions options;
  options.recover = true;
  options.limits.event_bytes = 64 * 1024;
  options.limits.expanded_bytes = 1 << 20;
  options.limits.archive_members = 100;
  options.limits.fields_per_event = 200;
  options.limits.xml_depth = 16;
  options.limits.json_depth = 16;
  options.limits.spool_bytes = 1 << 20;
  return options;
}

// With a demand, batches may be empty and records passed over.
inline void read_to_the_end(const std::uint8_t* data, std::size_t size,
                            const OpenOptions& options = small_limits()) {
  const auto source =
      open_memory(std::string(reinterpret_cast<const char*>(data), size), "fuzz", options);
  event::Batch batch;
  std::uint64_t events = 0, bytes = 0;
  while (source->next(batch)) {
    expect(options.demand || (!batch.events.empty() && batch.origin));
    for (const event::Event& event : batch.events) {
      ++events;
      expect(event.values.size() == event.schema->columns().size());
      expect(event.values.size() <= 201);  // the limit, and a provider told by the channel
      for (std::string_view value : event.values) {
        for (char c : value) bytes += static_cast<unsigned char>(c);  // every view is readable
      }
      for (char c : event.raw) bytes += static_cast<unsigned char>(c);
    }
  }
  expect(batch.events.empty());
  std::uint64_t records = 0;
  for (const FileReport& report : source->reports()) {
    records += report.records;
    expect(report.recovered <= report.records);
    expect(report.reasons.size() <= 8);
    expect(report.damaged == 0 || !report.reasons.empty());
    expect(report.state != FileReport::State::unreadable || !report.reasons.empty());
  }
  expect(options.demand ? records >= events : records == events);
  static volatile std::uint64_t sink;
  sink = bytes;
}

}  // namespace escudo::sources
