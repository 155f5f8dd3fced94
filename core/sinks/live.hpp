#pragma once
// LiveSink: where a run that never ends sends its findings. Unlike FindingSink it must be able to say
// that all it was given is durable, because only then does the run commit where it has read to.
//
//   resume(state of the last commit), state() -> commit, add() …, settle() until durable,
//   state() -> commit, committed(), add() …
//
// The commit before the first add() matters when there was none before: without it a crash leaves
// findings that no state tells from those of an earlier life.
// What was added after the last commit is added again after a crash, with the same finding_id and
// revision. A sink that can take it back (the JSON-lines file) does so in resume(): there each
// (finding_id, revision) stands exactly once. For the others it is at least once.
//
// Threads: all calls come from one thread; a sink may have threads of its own. Nothing throws.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/timestamp.hpp"
#include "findings/finding.hpp"

namespace escudo::sinks {

// Something the operator must know about the events themselves: a gap in the record ids of a channel,
// a log that was cleared, bytes that were gone before they were read.
struct Notice {
  std::string kind;     // "gap", "cleared", "lost"
  std::string source;   // as the user named it
  std::string channel;  // "" where there is none
  std::string host;
  std::uint64_t first = 0, last = 0;  // record ids that are missing, or bytes, both included
  base::Time time{};                  // of the event that showed it, or of the clock
  std::string text;                   // one sentence
};
// {"type":"notice","kind":…}: one line of JSON without newline.
std::string notice_json(const Notice& notice);

// For metrics and --status.
struct SinkReport {
  // Kind and target of --sink, and its name= where it has one: the same whatever the other options are,
  // and what its state is kept under.
  std::string name;
  std::uint64_t findings = 0;   // taken since the start
  std::uint64_t waiting = 0;    // taken and not yet at their destination (spooled or in flight)
  std::uint64_t spool_bytes = 0;
  std::uint64_t retries = 0;
  std::string trouble;          // one sentence while something is wrong, else ""
};

class LiveSink {
 public:
  virtual ~LiveSink() = default;

  // Once, before the first add(): `state` is what state() gave at the last commit, "" the first time.
  virtual base::Result<void> resume(std::string_view state) = 0;

  virtual void add(const findings::Finding& finding) = 0;
  virtual void add(const Notice& notice) = 0;

  // True: everything added is durable (written and synced, acknowledged, or in the spool). False: not
  // yet, `wait` is over; the run reads no further and asks again, so nothing is ever dropped. An
  // error is the same with a reason to show.
  virtual base::Result<bool> settle(std::chrono::milliseconds wait) = 0;
  // What resume() wants after a crash; asked after settle() said true, committed with the position.
  virtual std::string state() const = 0;
  // The state asked last is committed.
  virtual void committed() {}

  // It can take nothing again, ever: settle() gives the reason, and the run ends.
  virtual bool broken() const { return false; }

  virtual SinkReport report() const = 0;
};

struct LiveSinkOptions {
  std::string state_folder;   // of --state: a spool lies in a folder of its own under it
};

// `spec` is what --sink says: "stdout", "jsonl:FILE[?rotate=BYTES&keep=N]", and what the network sinks add.
// Fails with a sentence.
base::Result<std::unique_ptr<LiveSink>> make_live_sink(const std::string& spec, const LiveSinkOptions& options);

}  // namespace escudo::sinks
