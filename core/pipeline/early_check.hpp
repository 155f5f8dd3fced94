#pragma once
// EarlyCheck: an EarlyFilter at work, asked for one event after another. It remembers what it said of
// values it saw; where it drops little it stops asking.
// EarlyMemory: what the checks of one thread remember together, 5 MB at most.
//
// One thread. Filter, plan, context and memory must outlive it.

#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipeline/operator.hpp"
#include "spl/early_filter.hpp"

namespace escudo::pipeline {

class EarlyMemory {
 public:
  struct Answer {
    std::string key;   // of the check and the values; empty where nothing was asked yet
    bool passes = false;
  };
  // The one place for a key: whatever else lies there makes way.
  Answer& place_of(std::string_view key);
  std::uint32_t new_check() { return checks_++; }
  std::size_t bytes() const;

 private:
  std::vector<Answer> answers_;
  std::uint32_t checks_ = 0;
};

class EarlyCheck {
 public:
  // Null where the commands cannot be built. `search`: its name, for what is said of it.
  static std::unique_ptr<EarlyCheck> make(const spl::EarlyFilter& filter, const spl::Plan& plan, const std::string& search,
                                          const catalog::Catalog& catalog, LookupStore& lookups, EarlyMemory& memory);
  ~EarlyCheck();

  // By field of the filter its values, none for null. False: the event can be passed over.
  bool passes(std::span<const std::span<const std::string_view>> values);
  // What the commands had to tell the user since the last call, which the search will not tell of
  // events that are passed over.
  std::vector<std::string> take_said() { return std::exchange(said_, {}); }

 private:
  explicit EarlyCheck(EarlyMemory& memory) : memory_(memory), number_(memory.new_check()) {}
  bool ask(std::span<const std::span<const std::string_view>> values);

  Context context_;
  std::vector<std::string> columns_;
  std::vector<std::unique_ptr<Operator>> operators_;
  std::vector<std::string> said_;
  std::set<std::string> said_before_;
  EarlyMemory& memory_;
  std::uint32_t number_;
  std::string key_;
  std::uint32_t asked_ = 0, dropped_ = 0, remembered_ = 0;   // since the last look at whether it pays
  std::uint32_t rest_ = 0;                 // so many more are not looked up in memory
  bool idle_ = false;
};

}  // namespace escudo::pipeline
