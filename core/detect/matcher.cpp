// Tested by tests/unit/detect, by every case, and by the twins.
#include "detect/matcher.hpp"

#include <algorithm>

#include "event/number.hpp"
#include "match/access.hpp"
#include "spl/field_names.hpp"

namespace escudo::detect {
namespace {

// Hostile input can invent schemas without end; a shape costs some 20 KB, so the cache stays below
// some 50 MB and starts anew when full.
constexpr std::size_t kMaxShapes = 2048;

}  // namespace

struct Matcher::Candidate {
  std::uint32_t feed = 0;
  match::Condition condition;                       // what is left to ask
  const cim::Recipe* member = nullptr;              // set when membership depends on the event
  LayoutPtr layout;
  std::vector<match::FeatureId> features;           // of the columns that the rule names
  std::vector<std::pair<event::FieldId, const cim::Recipe*>> extra;   // of the event's own columns
  std::uint64_t batch = 0;                          // the last batch with a row of it
};

struct Matcher::Shape {
  const cim::Kind* kind = nullptr;
  const event::Schema* schema = nullptr;
  std::vector<Candidate> candidates;
  mutable std::vector<std::unique_ptr<const cim::Recipe>> recipes;   // by feature, made when first asked for
  std::vector<std::unique_ptr<const cim::Recipe>> owned;
  // The plan: candidates that every event must try, and those that wait for a predicate. Made anew
  // at some counts of events, with what was learnt about how often predicates hold.
  std::uint64_t events = 0, plan_at = 0;
  std::vector<std::uint32_t> always;                // indexes into candidates
  std::vector<match::FeatureId> probes;             // features of awaited predicates
  std::vector<std::uint32_t> waiting_at;            // by predicate, its list: 0 is none
  std::vector<std::vector<std::uint32_t>> waiting{{}};
  std::vector<std::uint64_t> tried;                 // by candidate: number of the last event that did
};

Matcher::Matcher(const RuleBook& book, bool early)
    : book_(book), probe_(book.predicates(), book.index()), early_(early), checks_(book.feeds().size()) {
  const std::size_t features = book.predicates().features().size();
  feature_stamp_.resize(features);
  feature_value_.resize(features);
  probe_stamp_.resize(features);
  kept_stamp_.resize(features);
  predicate_stamp_.resize(book.predicates().size());
  predicate_value_.resize(book.predicates().size());
}

Matcher::~Matcher() = default;

const cim::Recipe& Matcher::recipe(const Shape& shape, match::FeatureId id) {
  std::unique_ptr<const cim::Recipe>& slot = shape.recipes[id];
  if (!slot) {
    const match::Feature& f = book_.predicates().features()[id];
    slot = book_.maps().recipe(*shape.kind, *shape.schema, cim::DatasetId{f.dataset}, f.field);
  }
  return *slot;
}

Matcher::Shape& Matcher::shape_of(const event::Event& event, const event::Origin& origin) {
  const cim::Maps& maps = book_.maps();
  const cim::Kind& kind = maps.kind_of(event);
  const std::uint64_t key = static_cast<std::uint64_t>(cim::kind_index(kind)) << 32 | event.schema->id();
  if (auto at = shapes_.find(key); at != shapes_.end()) return *at->second;
  if (shapes_.size() >= kMaxShapes) shapes_.clear();

  auto shape = std::make_unique<Shape>();
  shape->kind = &kind;
  shape->schema = event.schema;
  shape->recipes.resize(book_.predicates().features().size());
  auto known = [&](match::PredicateId id) -> std::optional<bool> {
    const match::Predicate& p = book_.predicates()[id];
    const cim::Recipe& r = recipe(*shape, p.feature);
    if (!r.is_constant()) return std::nullopt;
    return p.test.matches(r.evaluate(event, origin, scratch_));
  };
  for (std::uint32_t k = 0; k < book_.feeds().size(); ++k) {
    const Feed& feed = book_.feeds()[k];
    cim::Membership member = cim::Membership::always;
    if (!feed.dataset.is_raw()) {
      member = maps.membership(kind, feed.dataset);
      if (member == cim::Membership::never) continue;
    }
    Candidate c;
    c.feed = k;
    c.condition = feed.condition.simplify(known);
    if (c.condition.kind == match::Condition::Kind::never) continue;
    if (member == cim::Membership::sometimes) {
      shape->owned.push_back(maps.condition(kind, *event.schema, feed.dataset));
      c.member = shape->owned.back().get();
    }
    c.layout = feed.layout;
    c.features = feed.features;
    if (feed.wants_raw_columns()) add_raw_columns(*shape, feed, c);
    shape->candidates.push_back(std::move(c));
  }
  shape->tried.resize(shape->candidates.size());
  return *(shapes_[key] = std::move(shape));
}

// Every field of the record and of the add-on that a raw search asks for.
void Matcher::add_raw_columns(Shape& shape, const Feed& feed, Candidate& c) const {
  Layout layout = *feed.layout;
  std::vector<event::FieldId> all;
  for (const event::Column& column : shape.schema->columns()) all.push_back(column.field);
  for (const std::string& name : book_.maps().fields_of(*shape.kind)) all.push_back(event::intern(name));
  const auto first = static_cast<FieldKey>(book_.predicates().features().size());
  for (const event::FieldId field : all) {
    const std::string name(event::name_of(field));
    if (std::find(layout.columns.begin(), layout.columns.end(), name) != layout.columns.end()) continue;
    const bool wanted = feed.everything || std::any_of(feed.patterns.begin(), feed.patterns.end(),
                                                       [&](const std::string& p) { return spl::match_name(p, name); });
    if (!wanted) continue;
    layout.columns.push_back(name);
    layout.keys.push_back(first + field.index);
    shape.owned.push_back(book_.maps().recipe(*shape.kind, *shape.schema, feed.dataset, field));
    c.extra.emplace_back(field, shape.owned.back().get());
  }
  c.layout = std::make_shared<const Layout>(std::move(layout));
}

void Matcher::plan(Shape& shape) {
  // Early, because guesses may be far off, then ever more rarely.
  shape.plan_at = shape.events == 0 ? 256 : shape.plan_at * 16;
  shape.always.clear();
  shape.probes.clear();
  shape.waiting_at.assign(book_.predicates().size(), 0);
  shape.waiting.assign(1, {});
  const auto frequency = [this](match::PredicateId id) { return probe_.frequency(id); };
  for (std::uint32_t k = 0; k < shape.candidates.size(); ++k) {
    const auto access = match::rarest_access(shape.candidates[k].condition, book_.index(), frequency);
    if (!access) {
      shape.always.push_back(k);
      continue;
    }
    for (const match::PredicateId id : access->any) {
      std::uint32_t& at = shape.waiting_at[id];
      if (at == 0) {
        at = static_cast<std::uint32_t>(shape.waiting.size());
        shape.waiting.emplace_back();
        shape.probes.push_back(book_.predicates()[id].feature);
      }
      shape.waiting[at].push_back(k);
    }
  }
  std::sort(shape.probes.begin(), shape.probes.end());
  shape.probes.erase(std::unique(shape.probes.begin(), shape.probes.end()), shape.probes.end());
}

cim::FieldValues Matcher::feature(const Shape& shape, match::FeatureId id) {
  if (feature_stamp_[id] != epoch_) {
    feature_stamp_[id] = epoch_;
    feature_value_[id] = recipe(shape, id).evaluate(*event_, *origin_, scratch_);
  }
  return feature_value_[id];
}

bool Matcher::predicate(const Shape& shape, match::PredicateId id) {
  if (predicate_stamp_[id] != epoch_) {
    const match::Predicate& p = book_.predicates()[id];
    if (book_.index().covers(id)) {
      probe(shape, p.feature);
      return predicate_stamp_[id] == epoch_ && predicate_value_[id] != 0;
    }
    predicate_stamp_[id] = epoch_;
    predicate_value_[id] = p.test.matches(feature(shape, p.feature));
  }
  return predicate_value_[id] != 0;
}

// Marks the covered predicates over a feature that hold; of the others it is known that they do not.
void Matcher::probe(const Shape& shape, match::FeatureId id) {
  if (probe_stamp_[id] == epoch_) return;
  probe_stamp_[id] = epoch_;
  for (const std::string_view value : feature(shape, id))
    for (const match::PredicateId held : probe_.accepted(id, value)) {
      predicate_stamp_[held] = epoch_;
      predicate_value_[held] = 1;
    }
}

namespace {

// What a row shows of a field: of spellings that are one value, the first.
cim::FieldValues shown(cim::FieldValues values, const cim::Recipe& recipe) {
  return recipe.has_aliases() && values.size() > 1 ? values.first(1) : values;
}

}  // namespace

// Several rules want the same field of one event: it is kept once.
void Matcher::add_row(const Shape& shape, Candidate& candidate, std::uint32_t record, Matches& out) {
  if (candidate.batch != batch_) {
    candidate.batch = batch_;
    out.layouts.push_back(candidate.layout);
  }
  out.rows.push_back({candidate.feed, record, candidate.layout.get()});
  for (const match::FeatureId id : candidate.features) {
    if (kept_stamp_[id] == epoch_) continue;
    kept_stamp_[id] = epoch_;
    put_field(out.fields, id, shown(feature(shape, id), recipe(shape, id)));
  }
  for (const auto& [field, recipe] : candidate.extra) {
    if (field.index >= extra_stamp_.size()) extra_stamp_.resize(field.index + 1);
    if (extra_stamp_[field.index] == epoch_) continue;
    extra_stamp_[field.index] = epoch_;
    const auto first = static_cast<FieldKey>(book_.predicates().features().size());
    put_field(out.fields, first + field.index, shown(recipe->evaluate(*event_, *origin_, scratch_), *recipe));
  }
}

bool Matcher::passes_early(const Shape& shape, std::uint32_t number, Matches& out) {
  const Feed& feed = book_.feeds()[number];
  if (!feed.early) return true;
  Early& early = checks_[number];
  if (!early.made) {
    early.made = true;
    const CompiledRule& rule = book_.rules()[feed.rule];
    early.check = pipeline::EarlyCheck::make(*feed.early, *rule.plan, rule.rule->name, book_.catalog(), book_.lookups(), early_memory_);
  }
  if (!early.check) return true;
  early_values_.clear();
  for (const match::FeatureId id : feed.early_features)
    early_values_.push_back(shown(feature(shape, id), recipe(shape, id)));
  const bool passed = early.check->passes(early_values_);
  for (std::string& text : early.check->take_said()) out.said.push_back(std::move(text));
  return passed;
}

void Matcher::match_event(const event::Event& event, const event::Origin& origin, Matches& out) {
  if (event.has_time && (!out.has_time || event.time > out.last_time)) {
    out.last_time = event.time;
    out.has_time = true;
  }
  event_ = &event;
  origin_ = &origin;
  scratch_.clear();
  Shape& shape = shape_of(event, origin);
  if (shape.candidates.empty()) return;
  if (++epoch_ == 0) {   // the stamps of four billion events ago would look fresh
    std::fill(feature_stamp_.begin(), feature_stamp_.end(), 0);
    std::fill(predicate_stamp_.begin(), predicate_stamp_.end(), 0);
    std::fill(probe_stamp_.begin(), probe_stamp_.end(), 0);
    std::fill(kept_stamp_.begin(), kept_stamp_.end(), 0);
    std::fill(extra_stamp_.begin(), extra_stamp_.end(), 0);
    epoch_ = 1;
  }
  if (shape.events == shape.plan_at) plan(shape);
  ++shape.events;
  std::int64_t record = -1;
  for (const std::uint32_t k : shape.always) try_candidate(shape, shape.candidates[k], record, out);
  for (const match::FeatureId id : shape.probes) {
    probe_stamp_[id] = epoch_;
    for (const std::string_view value : feature(shape, id)) {
      for (const match::PredicateId held : probe_.accepted(id, value)) {
        predicate_stamp_[held] = epoch_;
        predicate_value_[held] = 1;
        for (const std::uint32_t k : shape.waiting[shape.waiting_at[held]]) {
          if (shape.tried[k] == shape.events) continue;
          shape.tried[k] = shape.events;
          awake_.push_back(k);
        }
      }
    }
  }
  for (const std::uint32_t k : awake_) try_candidate(shape, shape.candidates[k], record, out);
  awake_.clear();
}

void Matcher::try_candidate(const Shape& shape, Candidate& candidate, std::int64_t& record, Matches& out) {
  if (!candidate.condition.evaluate([&](match::PredicateId id) { return predicate(shape, id); })) return;
  if (candidate.member && candidate.member->evaluate(*event_, *origin_, scratch_).empty()) return;
  if (early_ && !passes_early(shape, candidate.feed, out)) return;
  if (record < 0) {
    record = static_cast<std::int64_t>(out.records.size());
    out.records.push_back({event::number_of(*event_), std::string(event_->channel), event_->event_id,
                           event_->time, event_->has_time, event_->recovered, out.fields.size()});
  }
  add_row(shape, candidate, static_cast<std::uint32_t>(record), out);
}

Matches Matcher::match(const event::Batch& batch) {
  static const event::Origin nowhere;
  const event::Origin& origin = batch.origin ? *batch.origin : nowhere;
  Matches out;
  ++batch_;
  out.origin = batch.origin;
  std::string overrides = origin.source + '\0' + origin.sourcetype + '\0' + origin.host;
  if (overrides != overrides_) {
    shapes_.clear();
    overrides_ = std::move(overrides);
  }
  for (const event::Event& event : batch.events) match_event(event, origin, out);
  return out;
}

}  // namespace escudo::detect
