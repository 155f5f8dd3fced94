#pragma once
// Send: the events of datasets to where a real SIEM, or `escudo tail`, picks them up; at their own
// pace, a multiple of it, or at once; with their times as they are, moved, or moved to now.
//
// The events are held in memory and sent in order of time (attack_data's files begin with the
// newest). Threads: one. Nothing throws.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/timestamp.hpp"
#include "sources/source.hpp"

namespace escudo::replay {

// What Splunk calls the events of one dataset.
struct Names {
  std::string source, sourcetype, host, index;
};

class Destination {
 public:
  virtual ~Destination() = default;
  // Takes one event; it may be held until flush().
  virtual base::Result<void> send(const Names& names, std::string_view raw) = 0;
  virtual base::Result<void> flush() = 0;
  // How many of the events taken, the last ones, are not known to have arrived.
  virtual std::uint64_t held() const { return 0; }
};

struct HecOptions {
  std::string url;  // https://splunk:8088; the path is added when there is none
  std::string token;
  std::string ca_file;  // "" the system's
  unsigned retries = 5;
  double first_wait_seconds = 1;
  long stall_seconds = 30;
  const std::atomic<bool>* stop = nullptr;
};
// Splunk's HTTP Event Collector, its raw endpoint, as attack_data's own replay uses it: Splunk
// breaks lines and reads times as its props for the sourcetype say.
std::unique_ptr<Destination> hec_destination(const HecOptions& options);
// Appends to a file, an event a line (or several, when the event has several). Fails when it cannot
// be opened.
base::Result<std::unique_ptr<Destination>> file_destination(const std::string& path);
// systemd's journal, by its native protocol. `socket` "" is /run/systemd/journal/socket.
base::Result<std::unique_ptr<Destination>> journal_destination(const std::string& socket);

struct SendInput {
  std::string path, name;
  Names names;
};

struct SendOptions {
  sources::OpenOptions open;
  double speed = 0;  // 0: at once; 1: the events' own pace
  bool to_now = false;
  std::optional<base::Duration> shift;  // instead of to_now
};

struct SendReport {
  std::uint64_t events = 0, sent = 0, bytes = 0, damaged = 0;  // sent: that arrived
  std::vector<std::string> problems;  // inputs that could not be read whole
  std::string failure;                // why the destination takes no more; "" when all was taken
  bool interrupted = false;
};

struct SendHooks {
  std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total)> progress;
  std::function<base::Time()> now;               // the wall clock
  std::function<void(const std::string&)> tell;  // one sentence, before the first event
  const std::atomic<bool>* stop = nullptr;
};

SendReport send(const std::vector<SendInput>& inputs, Destination& destination,
                const SendOptions& options, const SendHooks& hooks);

}  // namespace escudo::replay
