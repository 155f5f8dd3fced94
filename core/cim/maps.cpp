#include "cim/maps.hpp"

#include <algorithm>
#include <mutex>
#include <set>

#include "base/files.hpp"
#include "cim/bind.hpp"
#include "cim/state.hpp"
#include "cim/synthesised.hpp"

namespace escudo::cim {
namespace {

class NodeRecipe : public Recipe {
 public:
  explicit NodeRecipe(NodePtr node) : node_(std::move(node)) {}
  FieldValues evaluate(const event::Event& event, const event::Origin& origin,
                       base::Arena& scratch) const override {
    return node_->evaluate({event, origin, scratch});
  }
  bool is_constant() const override { return node_->known() != Known::never; }
  bool has_aliases() const override { return node_->has_aliases(); }
  void columns_read(std::vector<event::FieldId>& out) const override { node_->columns_read(out); }
  bool copies(std::vector<std::string_view>& others) const override {
    return node_->copies(others);
  }

 private:
  NodePtr node_;
};

void add_models(const catalog::Catalog& catalog, Maps::State& state, base::Diagnostics& problems) {
  state.datasets = catalog.datasets();
  state.models.resize(state.datasets.size());
  for (std::size_t i = 0; i < state.datasets.size(); ++i) {
    const catalog::Dataset& dataset = state.datasets[i];
    state.dataset_index.emplace(dataset.full_name(), static_cast<std::uint16_t>(i));
    for (const catalog::ModelField& field : dataset.fields) {
      ModelRule rule;
      rule.fallback = field.fallback;
      if (!field.expression.empty()) {
        auto formula = parse_formula(field.expression, {});
        if (!formula) {
          base::Diagnostic d;
          d.code = "bad-datamodel";
          d.message = dataset.full_name() + "." + field.name + ": " + formula.error();
          problems.push_back(std::move(d));
          continue;
        }
        rule.calculate = std::move(*formula);
      }
      state.models[i].fields.insert_or_assign(event::intern(field.name), std::move(rule));
    }
  }
}

NodePtr bind_model_field(const Maps::State& state, const Kind& kind, const event::Schema& schema,
                         DatasetId dataset, event::FieldId field) {
  const Model& model = state.models[dataset.index];
  auto found = model.fields.find(field);
  if (found == model.fields.end()) {
    auto names = synthesised_names();
    bool everywhere = std::find(names.begin(), names.end(), event::name_of(field)) != names.end();
    return everywhere ? bind_field(kind, schema, field) : null_node();
  }
  const ModelRule& rule = found->second;
  NodePtr node = rule.calculate ? bind_formula(kind, schema, *rule.calculate)
                                : bind_field(kind, schema, field);
  return with_fallback(std::move(node), rule.fallback);
}

NodePtr bind_condition(const Kind& kind, const event::Schema& schema, DatasetId dataset) {
  static const Formula holds{Form::constant, {}, "true", nullptr, nullptr, {}};
  if (dataset.is_raw()) return bind_formula(kind, schema, holds);
  const Kind::Member* member = kind.find(dataset);
  if (!member) return null_node();
  return bind_formula(kind, schema, member->when ? *member->when : holds);
}

}  // namespace

Maps::Maps(std::unique_ptr<State> state) : state_(std::move(state)) {}
Maps::Maps(Maps&&) noexcept = default;
Maps& Maps::operator=(Maps&&) noexcept = default;
Maps::~Maps() = default;

Maps Maps::load(const std::string& folder, const catalog::Catalog& catalog,
                base::Diagnostics& problems, const std::vector<std::string>& switches) {
  auto state = std::make_unique<State>();
  state->switches = switches;
  add_models(catalog, *state, problems);
  std::vector<std::string> unreadable;
  std::vector<base::Yaml> documents;
  for (const std::string& path : base::files_under(folder, unreadable)) {
    if (!path.ends_with(".yml")) continue;
    auto document = base::Yaml::read_file(path);
    if (document)
      documents.push_back(*document);
    else
      unreadable.push_back(document.error());
  }
  for (std::string& reason : unreadable) {
    base::Diagnostic d;
    d.code = "bad-map";
    d.message = std::move(reason);
    d.file = folder;
    problems.push_back(std::move(d));
  }
  build_kinds(std::move(documents), *state, problems);
  return Maps(std::move(state));
}

std::span<const catalog::Dataset> Maps::datasets() const { return state_->datasets; }

DatasetId Maps::dataset(std::string_view full_name) const {
  auto it = state_->dataset_index.find(std::string(full_name));
  return it == state_->dataset_index.end() ? DatasetId::raw() : DatasetId{it->second};
}

bool Maps::feeds(std::string_view full_name) const {
  DatasetId id = dataset(full_name);
  return !id.is_raw() && state_->models[id.index].fed;
}

const Kind& Maps::kind_of(const event::Event& event) const { return state_->table.find(event); }

std::uint32_t Maps::kind_count() const { return static_cast<std::uint32_t>(state_->kinds.size()); }

const Kind& Maps::kind(std::uint32_t index) const { return state_->kinds[index]; }

Membership Maps::membership(const Kind& kind, DatasetId dataset) const {
  if (dataset.is_raw()) return Membership::always;
  const Kind::Member* member = kind.find(dataset);
  if (!member) return Membership::never;
  return member->when ? Membership::sometimes : Membership::always;
}

bool Maps::belongs(const Kind& kind, DatasetId dataset, const event::Event& event,
                   const event::Origin& origin, base::Arena& scratch) const {
  switch (membership(kind, dataset)) {
    case Membership::never:
      return false;
    case Membership::always:
      return true;
    case Membership::sometimes:
      break;
  }
  std::uint64_t key =
      (std::uint64_t{kind.index} << 48) | (std::uint64_t{dataset.index} << 32) | event.schema->id();
  const Node* node = nullptr;
  {
    std::shared_lock lock(state_->conditions_lock);
    auto it = state_->conditions.find(key);
    if (it != state_->conditions.end()) node = it->second.get();
  }
  if (!node) {
    NodePtr made = bind_condition(kind, *event.schema, dataset);
    std::unique_lock lock(state_->conditions_lock);
    node = state_->conditions.try_emplace(key, std::move(made)).first->second.get();
  }
  return !node->evaluate({event, origin, scratch}).empty();
}

std::unique_ptr<const Recipe> Maps::condition(const Kind& kind, const event::Schema& schema,
                                              DatasetId dataset) const {
  return std::make_unique<NodeRecipe>(bind_condition(kind, schema, dataset));
}

std::unique_ptr<const Recipe> Maps::recipe(const Kind& kind, const event::Schema& schema,
                                           DatasetId dataset, event::FieldId field) const {
  return std::make_unique<NodeRecipe>(
      dataset.is_raw() ? bind_field(kind, schema, field)
                       : bind_model_field(*state_, kind, schema, dataset, field));
}

std::vector<std::string> Maps::fields_of(const Kind& kind) const {
  std::set<std::string> names;
  for (const auto& [field, formula] : kind.fields) names.emplace(event::name_of(field));
  for (std::string_view name : synthesised_names()) names.emplace(name);
  return {names.begin(), names.end()};
}

std::vector<std::string> Maps::known_switches() const {
  std::set<std::string> names;
  for (const MapFile& map : state_->files) {
    for (const SwitchRule& rule : map.switches) names.insert(rule.name);
  }
  return {names.begin(), names.end()};
}

std::vector<std::string> Maps::known_fields() const {
  std::set<std::string> names;
  std::vector<event::FieldId> fields;
  for (const Kind& kind : state_->kinds) {
    for (const auto& [field, formula] : kind.fields) {
      fields.push_back(field);
      fields_named(*formula, fields);
    }
    for (const Kind::Member& member : kind.members) {
      if (member.when) fields_named(*member.when, fields);
    }
  }
  for (event::FieldId field : fields) names.emplace(event::name_of(field));
  for (const MapFile& map : state_->files) {
    names.insert(map.raw_fields.begin(), map.raw_fields.end());
  }
  for (std::string_view name : synthesised_names()) names.emplace(name);
  return {names.begin(), names.end()};
}

std::uint32_t kind_index(const Kind& kind) { return kind.index; }
std::string_view kind_name(const Kind& kind) { return kind.name; }

}  // namespace escudo::cim
