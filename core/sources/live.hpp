#pragma once
// LiveSource: a channel that never ends: a growing file, a journal, a Windows channel, a Kafka topic.
//
// A source lives in one thread: poll(), then position(), poll() … . Only stop() may come from another.
// Nothing throws and nothing prints: what must be told comes out of take_notices().

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "event/event.hpp"
#include "sources/source.hpp"

namespace escudo::sources {

// What happened to the log itself. The run makes it a notice of its own in the sinks.
struct LogNotice {
  std::string kind;     // "gap", "cleared", "lost"
  std::string channel;
  std::string host;
  std::uint64_t first = 0, last = 0;   // missing record ids, or bytes, both included
  std::string text;                    // one sentence
};

struct LiveReport {
  std::uint64_t events = 0, damaged = 0, bytes = 0;   // since the start
  std::uint64_t backlog_bytes = 0;    // known to lie ahead, where the source can tell
  std::uint64_t backlog_records = 0;
  std::string trouble;                // one sentence while it cannot read, else ""
  bool absent = false;                // because there is no such log: nothing in it to wait for
  // False while more may lie there although poll() brings nothing: who reads has not heard yet where
  // the log ends, or has put off reading what came.
  bool at_end = true;
  std::vector<int> behind;            // the parts that are not read to their end
};

class LiveSource {
 public:
  virtual ~LiveSource() = default;

  enum class Got {
    events,    // `batch` has some
    nothing,   // none came within `wait`
    ended,     // never again (only sources that have an end)
  };
  // Clears `batch` and fills it with what came, waiting up to `wait` for the first event. A source
  // that cannot read at present tells so in report() and tries again.
  virtual Got poll(event::Batch& batch, std::chrono::milliseconds wait) = 0;

  // Where a later run goes on behind all that poll() delivered: opaque bytes. Nothing while a block
  // of events is delivered in part: ask again after the next poll().
  virtual std::optional<std::string> position() const = 0;
  // The run has committed this position(): a source that keeps its own bookmark elsewhere moves it.
  // Comes from the thread of poll().
  virtual void committed(const std::string&) {}

  // Of a log whose parts are read one before the other: the part that the last batch is of.
  virtual std::optional<int> part() const { return {}; }

  // Every record of a channel is delivered: a gap in their ids is a loss.
  virtual bool numbers_records() const { return false; }
  virtual std::vector<LogNotice> take_notices() { return {}; }
  virtual LiveReport report() const = 0;
  // Ends a poll() that waits, from any thread.
  virtual void stop() = 0;
};

struct LiveOptions {
  OpenOptions open;
  bool once = false;   // Got::ended at the present end of the log
};

// `spec` is what --source says: "file:PATH", "journald[:MATCH]", "winlog:CHANNEL",
// "kafka:BROKERS/TOPIC?group=G"; `position` what position() gave, "" at first. Fails with a sentence when
// the spec is wrong or this build has no such source; a log that is not there yet is waited for.
base::Result<std::unique_ptr<LiveSource>> open_live(const std::string& spec, const std::string& position,
                                                    const LiveOptions& options);

// The sources that one --source names: each Windows channel is one, with a position and a time of its own.
std::vector<std::string> live_parts(const std::string& spec);
// What the position of such a part is kept under: its identity, without its options, so that one whose
// options change goes on where it stood. A file is its path, a topic its name and group.
std::string live_name(const std::string& part);

}  // namespace escudo::sources
