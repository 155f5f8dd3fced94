#pragma once
// Fetch: datasets into a store. First what has no known size is asked for its pointer, then the
// total is told, then contents come, several at once, each resumed where it stopped, tried again
// with back-off, and hashed before it gets its name.
//
// Threads: fetch() makes its own; hooks are called from the calling thread. Nothing throws.

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "replay/catalogue.hpp"
#include "replay/store.hpp"

namespace escudo::replay {

struct FetchOptions {
  std::string mirror;                      // replaces GitHub's two hosts, replay/reference.hpp
  bool offline = false;                    // say what is missing, ask nobody
  bool plan_only = false;                  // pointers and the total, no contents
  std::optional<std::uint64_t> max_bytes;  // larger datasets are left out
  unsigned parallel = 4;
  unsigned retries = 5;  // after the first attempt, one after another without new bytes
  double first_wait_seconds =
      1;                // doubled each time, at most 60; a server's Retry-After wins, up to 300
  std::string ca_file;  // certificates to trust instead of the system's
  long connect_seconds = 20;
  long stall_seconds = 30;
};

enum class FetchState {
  present,    // was in the store
  fetched,    // is now: downloaded, or copied from a checkout
  planned,    // would be downloaded
  too_large,  // left out by max_bytes
  dead,       // 404 or 410: upstream has it no more
  failed,     // anything else; `reason` says what
  missing,    // not there, and nobody was asked (offline)
  interrupted,
};

struct Fetched {
  std::string name;
  FetchState state = FetchState::missing;
  std::string reason;                  // a sentence for all but present and fetched
  std::optional<std::uint64_t> bytes;  // when known
  std::string path;                    // the file, when it is there
};

struct FetchPlan {
  std::uint64_t datasets = 0, bytes = 0,
                held = 0;  // to download; of these already in partial files
  std::uint64_t of_unknown_size = 0;
};

struct FetchProgress {
  std::uint64_t bytes_done = 0, bytes_total = 0, done = 0, total = 0;
};

struct FetchHooks {
  std::function<void(const FetchPlan&)> plan;          // once, before the first content
  std::function<void(const FetchProgress&)> progress;  // about ten times a second
  std::function<void(const std::string&)> warn;        // one sentence
  const std::atomic<bool>* stop = nullptr;
};

// One answer a dataset, in order.
std::vector<Fetched> fetch(const Store& store, const std::vector<const Dataset*>& datasets,
                           const FetchOptions& options, const FetchHooks& hooks);

}  // namespace escudo::replay
