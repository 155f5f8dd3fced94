#pragma once
// RuleDemand: what the rules of a book, and the filter of a run, want of a source's events. One a thread.

#include "detect/needs.hpp"
#include "runtime/input.hpp"
#include "sources/demand.hpp"

namespace escudo::runtime {

class RuleDemand final : public sources::Demand {
 public:
  // Both must outlive it.
  RuleDemand(const detect::RuleBook& book, const EventFilter& filter, const sources::OpenOptions& open)
      : needs_(book, event::Origin{{}, open.source, open.sourcetype, open.host}), filter_(filter) {}

  Interest interest(const event::Event& header) override {
    if (!filter_.passes_kind(header)) return Interest::none;
    // now() is the time of the last event, whether a rule looks at it or not.
    return needs_.wants(header) ? Interest::event : Interest::time;
  }

  Columns columns(const event::Event& shape) override {
    auto wanted = needs_.columns(shape);
    Columns out;
    if (!wanted) {
      out.interest = Interest::time;
      return out;
    }
    out.read = std::move(wanted->read);
    out.raw = wanted->raw;
    for (detect::Needs::Sought& sought : wanted->one_of) out.one_of.push_back({sought.slot, std::move(sought.literal)});
    return out;
  }

 private:
  detect::Needs needs_;
  const EventFilter& filter_;
};

}  // namespace escudo::runtime
