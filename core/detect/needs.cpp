// Tested by tests/unit/detect/needs.cpp, and by scans that must find the same with and without it.
#include "detect/needs.hpp"

#include <algorithm>
#include <set>

#include "spl/flow.hpp"

namespace escudo::detect {
namespace {

void features_of(const match::Condition& condition, const match::PredicateSet& set, std::set<match::FeatureId>& out) {
  if (condition.kind == match::Condition::Kind::predicate) out.insert(set[condition.predicate].feature);
  for (const match::Condition& part : condition.parts) features_of(part, set, out);
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

std::optional<Needs::Columns> Needs::columns(const event::Event& shape) {
  const cim::Maps& maps = book_.maps();
  const cim::Kind& kind = maps.kind_of(shape);
  const event::Schema& schema = *shape.schema;
  scratch_.clear();
  Known recipes;
  std::set<match::FeatureId> features;
  std::vector<event::FieldId> fields;
  bool any = false, everything = false;
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
  return out;
}

}  // namespace escudo::detect
