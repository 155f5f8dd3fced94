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
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "event/event.hpp"

namespace escudo::sources {

class Demand;  // demand.hpp

enum class EvtxReader { native, libevtx };

// What event::Event::raw holds, of formats that have a choice (EVTX through the native reader).
enum class RawText {
  none,
  xml,   // as Windows writes it, on one line
  json,  // the object of `evtx_dump -o jsonl`
};

// A stretch of one file that can be read by itself: from parts_of(), for open().
struct FilePart {
  std::uint64_t begin = 0, end = UINT64_MAX;
};

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
  std::uint32_t kept_reasons = 8;           // of the damage of one file
  std::uint64_t spool_bytes = 8ull << 30;  // EVTX from a stream goes through a temporary file
};

struct OpenOptions {
  EvtxReader evtx = EvtxReader::native;
  bool recover = false;  // also deliver records found outside the live ones, marked recovered
  bool verify = false;   // check every checksum, and tell which are wrong
  RawText raw = RawText::xml;
  // Hints: a source may leave out what they exclude. It need not.
  std::optional<base::Time> from, to;  // [from, to)
  std::shared_ptr<Demand> demand;
  FilePart part;
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
  std::uint64_t records = 0;  // read, recovered ones and those that no demand wanted included
  std::uint64_t recovered = 0;
  std::uint64_t damaged = 0;            // torn or undecodable records
  std::uint64_t bytes = 0;              // of the file itself (expanded, for archive members)
  std::vector<std::string> reasons;     // the first few, one sentence each, "record 12 is torn: …"
  void add_damage(std::string reason);  // counts, keeps the first reasons
  void add_note(std::string reason);    // what is odd and cost no record
  void join(FileReport part);           // of the next part of the same file
  std::uint32_t kept_reasons = Limits{}.kept_reasons;
};

class Source {
 public:
  virtual ~Source() = default;
  // Clears `batch` and fills it with the next events (a few hundred, or about a megabyte).
  // False when there is nothing more; batch is then empty. Events of one batch share one origin.
  // With a demand a batch may be empty before the end: much was passed over.
  virtual bool next(event::Batch& batch) = 0;
  // Begins anew with another part of the same file, keeping what was learnt; false when it cannot.
  virtual bool restart(const FilePart&) { return false; }
  // One entry a file or member, complete once next() has returned false.
  virtual const std::vector<FileReport>& reports() const = 0;
  // The latest time of events that were passed over, where the demand asked for times.
  virtual std::optional<base::Time> latest_passed_over() const { return std::nullopt; }
  // Bytes of the outermost file consumed so far, for progress.
  virtual std::uint64_t bytes_read() const = 0;
};

// Opens a file or archive, or standard input for "-". Never fails: what cannot be opened is a
// Source that yields nothing and reports `unreadable` with one clear sentence.
std::unique_ptr<Source> open(const std::string& path, const OpenOptions& options);

// How a large file can be divided for several readers, in order; one part when it cannot. The
// reports of the parts, joined in order, are that of the file.
std::vector<FilePart> parts_of(const std::string& path, const OpenOptions& options,
                               unsigned most_parts);

// The same for bytes already in memory (tests, fuzzers); `name` is what reports call it.
std::unique_ptr<Source> open_memory(std::string bytes, const std::string& name,
                                    const OpenOptions& options);

}  // namespace escudo::sources
