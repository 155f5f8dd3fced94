#pragma once
// Explain: why an event, or a whole log, gave no finding of a detection: the first stage and term
// that lost it, with the value it saw.
//
// The search is run once for each of its prefixes ("the search up to its third bar"), so that every
// verb counts as it does in a scan. Give an Explainer all events of the input, then ask. With one
// event in question it follows that one; without, it counts, and describes the event that came
// nearest to passing the first filter.
//
// Costs about as many runs as the search has stages. Catalog and maps must outlive it. One thread.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "cim/maps.hpp"
#include "detect/terms.hpp"
#include "event/event.hpp"
#include "event/value.hpp"
#include "rules/rule.hpp"

namespace escudo::detect {

// One base search of the detection, and what became of the event at its filter.
struct FeedAccount {
  std::string reads;          // "Endpoint.Processes", "raw events"
  std::uint64_t events = 0;   // looked at
  std::uint64_t members = 0;  // of them, of this dataset
  std::uint64_t matched = 0;  // of these, that passed the filter
  // The event in question, or the nearest one; `event` is empty when there is none.
  std::string event;  // "record 12 of Security (Security 4688), 2020-…"
  bool member = false;
  std::string members_are;          // which events the dataset has, when this one is none of them
  std::size_t held = 0, terms = 0;  // of the terms joined by AND
  bool passed = false;
  std::vector<LostTerm> lost;
  // Of an event that passed: what the search takes of it, by the names the search uses.
  std::vector<std::pair<std::string, event::Value>> row;
};

// A stage behind the base search.
struct StageAccount {
  std::string stage;       // as the plan prints it
  std::uint64_t rows = 0;  // that came out of it
  bool kept = false;       // rows of the event in question, or any rows at all
  // Of the stage that lost: the row it was given, as far as the stage reads it, and its term.
  std::vector<std::pair<std::string, event::Value>> row;
  std::vector<LostTerm> lost;
};

struct Explanation {
  bool about_event = false;  // else about the whole input
  bool event_seen = false;   // the event in question was in the input
  bool found = false;        // there is a finding (of that event)
  std::vector<FeedAccount> feeds;
  std::vector<StageAccount> stages;  // up to the one that lost
  bool cut = false;                  // more rows matched than are followed
  std::string verdict;               // one sentence: where it was lost
};

class Explainer {
 public:
  // Without a record: about the whole input. A record is an EventRecordID, or, where events have
  // none, the position in the file.
  // `others`: the detections whose risk a correlation reads; only asked for one of those.
  Explainer(rules::RulePtr rule, const catalog::Catalog& catalog, const cim::Maps& maps,
            std::optional<std::uint64_t> record, const std::vector<rules::RulePtr>& others = {});
  ~Explainer();

  void take(const event::Batch& batch);
  Explanation finish();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// For people; every line ends in '\n', all of it harmless.
std::string print(const Explanation& explanation);

}  // namespace escudo::detect
