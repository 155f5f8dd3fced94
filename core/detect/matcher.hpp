#pragma once
// Matcher: batches of events in, the rows of those that some rule wants out. Everything a rule asks of
// an event is decided here; what follows (run.hpp) sees matches only.
//
// Events of one shape (kind of event × schema) share one analysis: which feeds can concern them at all,
// what of their conditions is left to ask, and where each field comes from. Per event each predicate is
// evaluated at most once, each field fetched at most once, and only when asked for.
//
// One Matcher a thread; the RuleBook is shared.

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "detect/record_fields.hpp"
#include "detect/rule_book.hpp"
#include "event/event.hpp"
#include "event/value.hpp"
#include "match/probe.hpp"
#include "pipeline/early_check.hpp"

namespace escudo::detect {

// A record that some rule matched.
struct MatchedRecord {
  std::uint64_t record_id = 0;
  std::string channel;
  std::int32_t event_id = -1;
  base::Time time{};
  bool has_time = false;
  bool recovered = false;
  std::size_t fields = 0;   // where its fields begin in Matches::fields; they end where the next begin
  bool in_question = false; // explain asks which rows rest on it
};

// One matched event for one feed.
struct MatchedRow {
  std::uint32_t feed = 0;       // index into RuleBook::feeds()
  std::uint32_t record = 0;     // index into Matches::records
  const Layout* layout = nullptr;
};

// The matches of one batch, owned: they outlive it. In order of reading.
struct Matches {
  std::shared_ptr<const event::Origin> origin;
  std::vector<MatchedRecord> records;
  std::vector<MatchedRow> rows;
  std::string fields;              // of all records, one after another (record_fields.hpp)
  std::vector<LayoutPtr> layouts;  // those of the rows
  base::Time last_time{};       // the latest time of any event of the batch, matched or not
  bool has_time = false;
  std::vector<std::string> said;   // for the user, once a text
};

class Matcher {
 public:
  // `early`: events are passed over whose rows the search would drop before it counts them. Without,
  // there is a row for each event that a base search admits.
  explicit Matcher(const RuleBook& book, bool early = true);
  ~Matcher();

  Matches match(const event::Batch& batch);

 private:
  struct Shape;
  struct Candidate;
  Shape& shape_of(const event::Event& event, const event::Origin& origin);
  void plan(Shape& shape);
  void add_raw_columns(Shape& shape, const Feed& feed, Candidate& candidate) const;
  void match_event(const event::Event& event, const event::Origin& origin, Matches& out);
  void try_candidate(const Shape& shape, Candidate& candidate, std::int64_t& record, Matches& out);
  void probe(const Shape& shape, match::FeatureId id);
  cim::FieldValues feature(const Shape& shape, match::FeatureId id);
  bool predicate(const Shape& shape, match::PredicateId id);
  const cim::Recipe& recipe(const Shape& shape, match::FeatureId id);
  void add_row(const Shape& shape, Candidate& candidate, std::uint32_t record, Matches& out);
  bool passes_early(const Shape& shape, std::uint32_t feed, Matches& out);

  const RuleBook& book_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Shape>> shapes_;
  std::string overrides_;       // source, sourcetype, host of the origin the shapes were made for
  base::Arena scratch_{32 * 1024};
  match::Probe probe_;
  const event::Event* event_ = nullptr;
  const event::Origin* origin_ = nullptr;
  // Memo of the current event: valid where the stamp equals epoch_.
  std::uint32_t epoch_ = 0;
  std::vector<std::uint32_t> feature_stamp_, predicate_stamp_, probe_stamp_, kept_stamp_;
  std::vector<cim::FieldValues> feature_value_;
  struct Early {
    bool made = false;
    std::unique_ptr<pipeline::EarlyCheck> check;   // null: nothing to ask
  };
  bool early_;
  pipeline::EarlyMemory early_memory_;
  std::vector<Early> checks_;                // by feed, made when first asked for
  std::vector<cim::FieldValues> early_values_;
  std::vector<std::uint32_t> extra_stamp_;   // by FieldId: raw columns kept of this event
  std::uint64_t batch_ = 0;            // number of the batch in hand
  std::vector<std::uint8_t> predicate_value_;
  std::vector<std::uint32_t> awake_;   // candidates whose predicates turned up
};

}  // namespace escudo::detect
