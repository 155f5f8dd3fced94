// Tested by tests/unit/detect/needs.cpp, and by scans that must find the same with and without it.
#include "detect/needs.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "spl/flow.hpp"

namespace escudo::detect {
namespace {

void features_of(const match::Condition& condition, const match::PredicateSet& set, std::set<match::FeatureId>& out) {
  if (condition.kind == match::Condition::Kind::predicate) out.insert(set[condition.predicate].feature);
  for (const match::Condition& part : condition.parts) features_of(part, set, out);
}

constexpr std::size_t kMostSought = 8;        // of all feeds: each is looked for in turn
constexpr std::size_t kShortestSought = 3;    // shorter ones stand in most values

// How often one of them may be found in a value, as a guess.
double guess(const std::vector<Needs::Sought>& any) {
  double often = 0;
  for (const Needs::Sought& sought : any) often += 1 / static_cast<double>(sought.literal.size() * sought.literal.size());
  return often;
}

}  // namespace

Needs::Needs(const RuleBook& book, event::Origin origin)
    : book_(book), origin_(std::move(origin)), wanted_kinds_(book.maps().kind_count()) {
  // With every name present, a recipe that is constant is so whatever an event has.
  std::set<event::FieldId> names;
  for (const std::string& name : book.maps().known_fields()) names.insert(event::intern(name));
  for (const match::Feature& feature : book.predicates().features()) names.insert(feature.field);
  std::vector<event::Column> columns;
  for (event::FieldId name : names)
    if (name) columns.push_back({name, name, event::Section::event_data});
  every_field_ = event::intern_schema(columns);
}

match::Condition Needs::left_of(const Feed& feed, const cim::Kind& kind, const event::Schema& schema, const event::Event& event, Known& recipes) {
  const auto known = [&](match::PredicateId id) -> std::optional<bool> {
    const match::Predicate& p = book_.predicates()[id];
    auto& recipe = recipes[p.feature];
    if (!recipe) {
      const match::Feature& f = book_.predicates().features()[p.feature];
      recipe = book_.maps().recipe(kind, schema, cim::DatasetId{f.dataset}, f.field);
    }
    if (!recipe->is_constant()) return std::nullopt;
    return p.test.matches(recipe->evaluate(event, origin_, scratch_));
  };
  return feed.condition.simplify(known);
}

bool Needs::wants(const event::Event& header) {
  const cim::Kind& kind = book_.maps().kind_of(header);
  std::optional<bool>& wanted = wanted_kinds_[cim::kind_index(kind)];
  if (wanted) return *wanted;
  scratch_.clear();
  Known recipes;
  event::Event bare;
  bare.schema = every_field_;
  for (const Feed& feed : book_.feeds()) {
    if (!feed.dataset.is_raw() && book_.maps().membership(kind, feed.dataset) == cim::Membership::never) continue;
    if (left_of(feed, kind, *every_field_, bare, recipes).kind == match::Condition::Kind::never) continue;
    wanted = true;
    return true;
  }
  wanted = false;
  return false;
}

std::optional<std::vector<Needs::Sought>> Needs::sought_by(const match::Predicate& predicate, const event::Schema& schema,
                                                           const Known& recipes) const {
  const match::Test::Keys keys = predicate.test.keys();
  const auto recipe = recipes.find(predicate.feature);
  std::vector<std::string_view> others;
  if (!keys.indexed || recipe == recipes.end() || !recipe->second->copies(others)) return std::nullopt;
  std::vector<event::FieldId> fields;
  recipe->second->columns_read(fields);
  std::vector<std::string> literals = keys.literals;
  literals.insert(literals.end(), keys.exact.begin(), keys.exact.end());
  std::vector<Sought> out;
  for (const std::string& literal : literals) {
    const bool ascii = std::all_of(literal.begin(), literal.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (!ascii || literal.size() < kShortestSought) return std::nullopt;
    for (std::string_view other : others)
      if (base::icontains(other, literal)) return std::nullopt;
    for (event::FieldId field : fields)
      for (std::uint16_t slot : schema.slots(field)) out.push_back({slot, base::to_lower(literal)});
  }
  if (out.size() > kMostSought) return std::nullopt;
  return out;
}

// What one of which must be found where the condition holds; nothing when that cannot be told.
std::optional<std::vector<Needs::Sought>> Needs::sought_by(const match::Condition& left, const event::Schema& schema,
                                                           const Known& recipes) const {
  using Kind = match::Condition::Kind;
  if (left.kind == Kind::predicate) return sought_by(book_.predicates()[left.predicate], schema, recipes);
  std::optional<std::vector<Sought>> best;
  if (left.kind == Kind::all_of) {
    for (const match::Condition& part : left.parts) {
      auto sought = sought_by(part, schema, recipes);
      if (sought && (!best || guess(*sought) < guess(*best))) best = std::move(sought);
    }
  } else if (left.kind == Kind::any_of) {
    best.emplace();
    for (const match::Condition& part : left.parts) {
      auto sought = sought_by(part, schema, recipes);
      if (!sought || best->size() + sought->size() > kMostSought) return std::nullopt;
      best->insert(best->end(), sought->begin(), sought->end());
    }
  }
  return best;
}

std::optional<Needs::Columns> Needs::columns(const event::Event& shape) {
  const cim::Maps& maps = book_.maps();
  const cim::Kind& kind = maps.kind_of(shape);
  const event::Schema& schema = *shape.schema;
  scratch_.clear();
  Known recipes;
  std::set<match::FeatureId> features;
  std::vector<event::FieldId> fields;
  bool any = false, everything = false;
  std::optional<std::vector<Sought>> sought{std::in_place};   // of all feeds
  for (const Feed& feed : book_.feeds()) {
    cim::Membership member = cim::Membership::always;
    if (!feed.dataset.is_raw()) {
      member = maps.membership(kind, feed.dataset);
      if (member == cim::Membership::never) continue;
    }
    const match::Condition left = left_of(feed, kind, schema, shape, recipes);
    if (left.kind == match::Condition::Kind::never) continue;
    any = true;
    everything = everything || feed.everything || !feed.patterns.empty();
    features_of(left, book_.predicates(), features);
    features.insert(feed.features.begin(), feed.features.end());
    auto of_feed = sought ? sought_by(left, schema, recipes) : std::nullopt;
    if (of_feed && sought->size() + of_feed->size() <= kMostSought) sought->insert(sought->end(), of_feed->begin(), of_feed->end());
    else sought.reset();
    if (member == cim::Membership::sometimes) maps.condition(kind, schema, feed.dataset)->columns_read(fields);
  }
  if (!any) return std::nullopt;
  for (match::FeatureId id : features) {
    auto& recipe = recipes[id];
    if (!recipe) {
      const match::Feature& f = book_.predicates().features()[id];
      recipe = maps.recipe(kind, schema, cim::DatasetId{f.dataset}, f.field);
    }
    recipe->columns_read(fields);
  }
  static const event::FieldId raw = event::intern("_raw");
  Columns out;
  out.raw = everything || std::find(fields.begin(), fields.end(), raw) != fields.end();
  out.read.assign(schema.columns().size(), out.raw);
  for (event::FieldId field : fields)
    for (std::uint16_t slot : schema.slots(field)) out.read[slot] = true;
  if (sought) out.one_of = std::move(*sought);
  return out;
}

}  // namespace escudo::detect
