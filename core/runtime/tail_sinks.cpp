// Tested by tests/unit/runtime/tail_test.cpp and tests/tail.
#include "runtime/tail_sinks.hpp"

#include <set>
#include <utility>

namespace escudo::runtime {

using namespace std::chrono_literals;

base::Result<void> TailSinks::open(const std::vector<std::string>& specs, const std::string& state_folder, store::Store& store, Warn warn) {
  store_ = &store;
  space_ = store.space("sinks");
  warn_ = std::move(warn);
  std::set<std::string> names;
  for (const std::string& spec : specs) {
    auto sink = sinks::make_live_sink(spec, {state_folder});
    if (!sink) return base::Error{sink.error()};
    const std::string name = sink.value()->report().name;
    if (!names.insert(name).second)
      return base::Error{"two sinks are `" + name + "`; over a network, name=NAME among the options tells them apart"};
    sinks_.push_back(std::move(sink).value());
  }
  for (std::size_t k = 0; k < sinks_.size(); ++k) {
    auto saved = store.get(space_, sinks_[k]->report().name);
    if (!saved) saved = store.get(space_, specs[k]);
    if (auto resumed = sinks_[k]->resume(saved.value_or("")); !resumed) return resumed;
  }
  // What they hold by now is good: a crash before the first commit must not add to it.
  for (const auto& sink : sinks_)
    if (auto settled = sink->settle(0ms); !settled) return base::Error{settled.error()};
  return {};
}

void TailSinks::add(const findings::Finding& finding) {
  for (const auto& sink : sinks_) sink->add(finding);
}

void TailSinks::add(const sinks::Notice& notice) {
  for (const auto& sink : sinks_) sink->add(notice);
}

base::Result<bool> TailSinks::settle(bool final) {
  last_settle_ = Steady::now();
  for (const auto& sink : sinks_) {
    auto done = sink->settle(final ? 500ms : 100ms);
    blocked_ = !done || !*done;
    if (!blocked_) continue;
    broken_ = sink->broken();
    const sinks::SinkReport report = sink->report();
    const std::string before = std::exchange(trouble_, done ? report.trouble : done.error());
    // Once: it is asked again ten times a second.
    if (!trouble_.empty() && !broken_ && trouble_ != before) warn_(report.name + ": " + trouble_);
    return done;
  }
  if (!std::exchange(trouble_, "").empty()) warn_("the sinks take findings again");
  return true;
}

void TailSinks::save() {
  for (const auto& sink : sinks_) store_->put(space_, sink->report().name, sink->state());
}

void TailSinks::committed() {
  for (const auto& sink : sinks_) sink->committed();
}

std::vector<sinks::SinkReport> TailSinks::reports() const {
  std::vector<sinks::SinkReport> out;
  for (const auto& sink : sinks_) out.push_back(sink->report());
  return out;
}

}  // namespace escudo::runtime
