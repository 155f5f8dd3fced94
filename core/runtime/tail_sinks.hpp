#pragma once
// TailSinks: all sinks of a run as one. Of the thread of Tail::run(); the store must outlive it.
//
// State is kept by what a sink is, not by how its options are set today. What versions before kept under
// the whole of --sink is taken over.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sinks/live.hpp"
#include "store/store.hpp"

namespace escudo::runtime {

class TailSinks {
 public:
  using Steady = std::chrono::steady_clock;
  using Warn = std::function<void(const std::string&)>;

  // Opens what the --sinks say where the store left it. Fails with a sentence.
  base::Result<void> open(const std::vector<std::string>& specs, const std::string& state_folder, store::Store& store, Warn warn);

  void add(const findings::Finding& finding);
  void add(const sinks::Notice& notice);
  // All have what they were given; false or an error when one takes no more yet, which is warned of once.
  base::Result<bool> settle(bool final);
  void save();        // into the store, for its next commit
  void committed();

  bool blocked() const { return blocked_; }   // by the last settle(): a sink takes no more
  bool broken() const { return broken_; }     // a sink will never take anything again
  const std::string& trouble() const { return trouble_; }   // "" when all is well
  Steady::time_point last_settle() const { return last_settle_; }
  std::vector<sinks::SinkReport> reports() const;

 private:
  std::vector<std::unique_ptr<sinks::LiveSink>> sinks_;
  store::Store* store_ = nullptr;
  std::int64_t space_ = 0;
  Warn warn_;
  bool blocked_ = false, broken_ = false;
  std::string trouble_;
  Steady::time_point last_settle_{};
};

}  // namespace escudo::runtime
