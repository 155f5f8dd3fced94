#pragma once
// Source: bytes on disk, in an archive or on standard input -> batches of events.
//
// open() looks at content, never at the extension alone. One torn record never ends a file: it is
// counted, its reason kept, and reading goes on. Readers never throw and never print.
//
// Threads: one Source belongs to one thread at a time; bytes_read() may be asked from another.

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "event/event.hpp"

namespace escudo::sources {

enum class EvtxReader { libevtx };  // the native reader joins here

struct Limits {
  std::uint64_t event_bytes = 32ull << 20;  // one record; a larger one is damage, the rest is read
  std::uint64_t expanded_bytes = 64ull << 30;  // one archive, all members together
  std::uint32_t expansion_ratio = 500;  // expanded : packed, once past 64 MiB; logs reach 100,
                                        // zeros in a zip 1,000
  std::uint32_t archive_members = 1'000'000;
  std::uint32_t archive_depth = 3;  // zip in gz in tar is 3
  std::uint32_t fields_per_event = 4096;
  std::uint32_t xml_depth = 64;
  std::uint32_t json_depth = 64;
  std::uint64_t spool_bytes = 8ull << 30;  // EVTX from a stream goes through a temporary file
};

struct OpenOptions {
  EvtxReader evtx = EvtxReader::libevtx;
  bool recover = false;  // also deliver records found outside the live ones, marked recovered
  Limits limits;
  // Overrides for Splunk's source, sourcetype and host (the harness sets them); empty: from the
  // event.
  std::string source, sourcetype, host;
};

// What became of one file (or one member of an archive).
struct FileReport {
  enum class State {
    read,       // read to its end; `damaged` may still be > 0
    not_a_log,  // none of the formats we know: skipped without complaint inside a folder or archive
    unreadable,  // could not be opened or had to be given up; reasons.front() says why
  };
  std::string path;
  std::string format;  // "evtx", "winxml", "json/nxlog", "json/flat", "json/winlogbeat",
                       // "json/splunk", "json/evtx_dump", "syslog-sysmon", …
  State state = State::read;
  std::uint64_t records = 0;  // delivered, recovered ones included
  std::uint64_t recovered = 0;
  std::uint64_t damaged = 0;            // torn or undecodable records
  std::uint64_t bytes = 0;              // of the file itself (expanded, for archive members)
  std::vector<std::string> reasons;     // the first few, one sentence each, "record 12 is torn: …"
  void add_damage(std::string reason);  // counts, keeps at most 8 reasons
};

class Source {
 public:
  virtual ~Source() = default;
  // Clears `batch` and fills it with the next events (a few hundred, or about a megabyte).
  // False when there is nothing more; batch is then empty. Events of one batch share one origin.
  virtual bool next(event::Batch& batch) = 0;
  // One entry a file or member, complete once next() has returned false.
  virtual const std::vector<FileReport>& reports() const = 0;
  // Bytes of the outermost file consumed so far, for progress.
  virtual std::uint64_t bytes_read() const = 0;
};

// Opens a file or archive, or standard input for "-". Never fails: what cannot be opened is a
// Source that yields nothing and reports `unreadable` with one clear sentence.
std::unique_ptr<Source> open(const std::string& path, const OpenOptions& options);

// The same for bytes already in memory (tests, fuzzers); `name` is what reports call it.
std::unique_ptr<Source> open_memory(std::string bytes, const std::string& name,
                                    const OpenOptions& options);

}  // namespace escudo::sources
