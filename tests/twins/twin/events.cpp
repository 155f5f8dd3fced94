#include "events.hpp"

#include <set>
#include <unordered_map>

namespace escudo::twin {
namespace {

// The fields of one kind and schema as one dataset shows them.
struct Shape {
  std::vector<std::pair<std::string, std::unique_ptr<const cim::Recipe>>> fields;
};

constexpr const char* kEverywhere[] = {"source", "sourcetype", "host", "index"};

Shape shape_of(const cim::Maps& maps, const cim::Kind& kind, const event::Schema& schema, cim::DatasetId dataset) {
  std::set<std::string> names;
  if (dataset.is_raw()) {
    for (const event::Column& column : schema.columns()) names.emplace(event::name_of(column.field));
    for (std::string& name : maps.fields_of(kind)) names.insert(std::move(name));
  } else {
    for (const catalog::ModelField& field : maps.datasets()[dataset.index].fields) names.insert(field.name);
    names.insert(std::begin(kEverywhere), std::end(kEverywhere));
  }
  Shape out;
  for (const std::string& name : names)
    if (name != "_time")
      if (auto recipe = maps.recipe(kind, schema, dataset, event::intern(name)))
        out.fields.emplace_back(name, std::move(recipe));
  return out;
}

View view_of(const Shape& shape, const event::Event& event, const event::Origin& origin, base::Arena& scratch) {
  View out;
  for (const auto& [name, recipe] : shape.fields) {
    const cim::FieldValues values = recipe->evaluate(event, origin, scratch);
    if (values.empty()) continue;
    if (values.size() > 1 && recipe->has_aliases()) {
      out.fields[name] = Value(values.front());
      out.spellings[name] = {values.begin(), values.end()};
    } else {
      out.fields[name] = Value::many({values.begin(), values.end()});
    }
  }
  if (event.has_time) out.fields["_time"] = base::to_epoch_seconds(event.time);
  return out;
}

}  // namespace

void decode(const event::Batch& batch, const cim::Maps& maps, std::vector<Event>& out) {
  static const event::Origin nowhere;
  const event::Origin& origin = batch.origin ? *batch.origin : nowhere;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint16_t>, Shape> shapes;
  base::Arena scratch;
  for (const event::Event& event : batch.events) {
    scratch.clear();
    const cim::Kind& kind = maps.kind_of(event);
    const auto view = [&](cim::DatasetId dataset) {
      const auto key = std::tuple(cim::kind_index(kind), event.schema->id(), dataset.index);
      auto at = shapes.find(key);
      if (at == shapes.end()) at = shapes.emplace(key, shape_of(maps, kind, *event.schema, dataset)).first;
      return view_of(at->second, event, origin, scratch);
    };
    Event one;
    one.record = {event.has_time ? event.time : base::Time{}, out.size()};
    one.raw = view(cim::DatasetId::raw());
    for (std::uint16_t d = 0; d < maps.datasets().size(); ++d)
      if (maps.belongs(kind, cim::DatasetId{d}, event, origin, scratch))
        one.datasets[maps.datasets()[d].full_name()] = view(cim::DatasetId{d});
    out.push_back(std::move(one));
  }
}

}  // namespace escudo::twin
