#pragma once
// Tail: live sources through the engine into live sinks, for as long as it is let. What `escudo tail`
// runs. docs/tail.md says what it promises.
//
// Threads: one a source reads and matches; the thread of run() holds the searches, the sinks and the
// state. stop(), reload() and status() may be called from any thread.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "detect/live_run.hpp"
#include "runtime/knowledge.hpp"
#include "sinks/live.hpp"
#include "sources/live.hpp"

namespace escudo::runtime {

struct TailOptions {
  std::vector<std::string> sources, sinks;   // as --source and --sink say
  std::string state;                         // folder; "": nothing outlives the run
  detect::Retention retention;
  KnowledgeOptions knowledge;
  sources::OpenOptions open;
  bool once = false;                         // ends when the sources are read to their present end
  std::chrono::milliseconds between_commits{250};   // at least, while events come: what a crash makes done again
};

struct SourceStatus {
  std::string name;
  sources::LiveReport report;
  double lag_seconds = 0;      // wall clock less the time of the last event, while behind
  bool caught_up = false;
};

struct TailStatus {
  std::vector<SourceStatus> sources;
  std::vector<sinks::SinkReport> sinks;
  detect::LiveCounts counts;
  std::vector<std::pair<std::string, detect::RuleCost>> costs;   // by detection name
  std::uint64_t events = 0, damaged = 0, notices = 0, commits = 0, future = 0;
  std::uint64_t rules_running = 0, rules_not_running = 0, reloads = 0, reloads_failed = 0;
  std::uint64_t state_bytes = 0;
  std::string event_time;      // what time it is in the logs
  std::string trouble;         // of the run itself, "" when all is well
  bool healthy() const;
};

// Prometheus text (version 0.0.4), and one JSON object.
std::string prometheus_text(const TailStatus& status);
std::string status_json(const TailStatus& status);

struct TailHooks {
  std::function<void(const std::string&)> warn;              // one sentence, any thread
  std::function<void(const base::Diagnostic&)> show;         // what did not load
};

class Tail {
 public:
  // Takes the state's lock, opens sinks and sources where the state left them. Fails with a sentence.
  static base::Result<std::unique_ptr<Tail>> open(TailOptions options, std::shared_ptr<const Knowledge> knowledge,
                                                  TailHooks hooks);
  ~Tail();

  // Until stop(), or the end with `once`. An error: what was read last could not be made durable; it
  // is read again next time.
  base::Result<void> run();
  void stop();
  // Loads the rules again. A set that has a rule which does not load or compile is refused and said.
  void reload();
  TailStatus status() const;

 private:
  struct Parts;
  explicit Tail(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// The status that a running or past tail left in its state: JSON, and whether one is running now.
struct StoredStatus {
  std::string json;   // "" when there is none
  bool running = false;
};
base::Result<StoredStatus> stored_status(const std::string& state_folder);

}  // namespace escudo::runtime
