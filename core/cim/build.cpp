// From map files to kinds: parents first, then for every channel and id the fields of the parents,
// of the map, of the groups and of the event, the later replacing the earlier.

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "cim/state.hpp"

namespace escudo::cim {
namespace {

constexpr std::size_t max_kinds = 0xFFFF;

class Builder {
 public:
  Builder(Maps::State& state, base::Diagnostics& problems) : state_(state), problems_(problems) {}

  void build(std::vector<base::Yaml> documents) {
    read_in_order(std::move(documents));
    Kind& nothing = add_kind();
    nothing.name = "unmapped";
    state_.table.set_nothing_known(&nothing);
    state_.table.set_any_windows(&nothing);
    for (const MapFile& map : state_.files) add_map(map);
  }

 private:
  void complain(const base::Yaml& at, std::string message) {
    problems_.push_back(at.complain("bad-map", std::move(message)));
  }

  // A map is read once the one it extends is there, because it may use its tables.
  void read_in_order(std::vector<base::Yaml> waiting) {
    while (!waiting.empty()) {
      std::vector<base::Yaml> later;
      for (base::Yaml& document : waiting) {
        std::string parent = document["extends"].text();
        if (!parent.empty() && !find_map(parent)) {
          later.push_back(document);
          continue;
        }
        TableScope tables;
        for (const MapFile* map : ancestors(parent)) {
          for (const auto& [name, table] : map->tables) tables[name] = table.get();
        }
        auto map = read_map(document, tables, problems_);
        if (!map) continue;
        if (find_map(map->name))
          complain(document, "two maps are named " + map->name);
        else
          state_.files.push_back(std::move(*map));
      }
      if (later.size() == waiting.size()) {
        for (const base::Yaml& document : later) {
          complain(document["extends"], "no map is named " + document["extends"].text());
        }
        return;
      }
      waiting = std::move(later);
    }
  }

  const MapFile* find_map(std::string_view name) const {
    for (const MapFile& map : state_.files) {
      if (map.name == name) return &map;
    }
    return nullptr;
  }

  std::vector<const MapFile*> ancestors(std::string_view name) const {
    std::vector<const MapFile*> out;
    for (const MapFile* map = find_map(name); map; map = find_map(map->extends)) {
      out.insert(out.begin(), map);
    }
    return out;
  }

  Kind& add_kind() {
    Kind& kind = state_.kinds.emplace_back();
    kind.index = static_cast<std::uint32_t>(state_.kinds.size() - 1);
    return kind;
  }

  void add_map(const MapFile& map) {
    KindTable::Group of_first_channel;
    for (const std::string& channel : map.channels) {
      bool wildcard = channel == "*";
      KindTable::Group group;
      for (const EventRule& rule : map.events) {
        for (std::int32_t id : rule.ids) {
          Kind& kind = make_kind(map, wildcard ? "" : channel, &rule, id);
          group.exact.emplace_back(id, &kind);
        }
      }
      std::stable_sort(group.exact.begin(), group.exact.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      Kind& other = make_kind(map, wildcard ? "" : channel, nullptr, -1);
      group.other = &other;
      if (&channel == &map.channels.front()) of_first_channel = group;
      if (wildcard) {
        state_.table.set_any_windows(&other);
      } else if (!state_.table.add_channel(channel, std::move(group))) {
        complain(map.where["channels"], "another map has the channel " + channel);
      }
    }
    if (map.channels.empty() && !map.providers.empty()) {
      complain(map.where["providers"], "a map with providers needs a channel");
      return;
    }
    for (const std::string& provider : map.providers) {
      if (!state_.table.add_provider(provider, of_first_channel)) {
        complain(map.where["providers"], "another map has the provider " + provider);
      }
    }
    if (state_.kinds.size() > max_kinds) complain(map.where, "more than 65,535 kinds of events");
  }

  Kind& make_kind(const MapFile& map, const std::string& channel, const EventRule* rule,
                  std::int32_t id) {
    Kind& kind = add_kind();
    kind.name = map.name + (rule ? " " + std::to_string(id) : " other");
    kind.channel = channel;
    kind.event_id = id;
    std::map<event::FieldId, const Formula*> fields;
    auto add = [&](const std::vector<FieldRule>& rules) {
      for (const FieldRule& field : rules) fields[field.field] = &field.formula;
    };
    for (const MapFile* each : ancestors(map.name)) add(each->fields);
    if (rule) {
      add(rule->fields);
      kind.provider = rule->provider;
      for (const MemberRule& member : rule->members) add_member(kind, member);
    }
    for (const MapFile* each : ancestors(map.name)) {
      for (const SwitchRule& rule_of : each->switches) switch_on(kind, rule_of);
    }
    kind.fields.assign(fields.begin(), fields.end());
    refuse_cycles(map, kind);
    return kind;
  }

  void switch_on(Kind& kind, const SwitchRule& rule) {
    if (std::ranges::find(state_.switches, rule.name) == state_.switches.end()) return;
    for (const std::string& dataset : rule.datasets) {
      const auto found = state_.dataset_index.find(dataset);
      const bool member =
          found != state_.dataset_index.end() && kind.find(DatasetId{found->second}) != nullptr;
      if (!member) add_member(kind, {dataset, std::nullopt, rule.where});
    }
  }

  void add_member(Kind& kind, const MemberRule& member) {
    auto found = state_.dataset_index.find(member.dataset);
    if (found == state_.dataset_index.end()) {
      complain(member.where, "no dataset is named " + member.dataset);
      return;
    }
    const catalog::Dataset& dataset = state_.datasets[found->second];
    kind.members.push_back({{found->second}, member.when ? &*member.when : nullptr});
    state_.models[found->second].fed = true;
    if (member.when) return;
    for (const std::string& tag : dataset.tags) {
      if (std::find(kind.tags.begin(), kind.tags.end(), tag) == kind.tags.end()) {
        kind.tags.push_back(tag);
      }
    }
  }

  // A name inside its own formula is the raw field; a longer way round has no meaning.
  void refuse_cycles(const MapFile& map, const Kind& kind) {
    std::set<event::FieldId> done;
    std::vector<event::FieldId> path;
    for (const auto& [field, formula] : kind.fields) {
      if (!visit(kind, field, done, path)) {
        std::string_view first = event::name_of(path.front());
        for (event::FieldId id : path) first = std::min(first, event::name_of(id));
        complain(map.where, "the field " + std::string(first) + " of " + kind.name +
                                " is calculated from itself");
        break;
      }
    }
  }

  bool visit(const Kind& kind, event::FieldId field, std::set<event::FieldId>& done,
             std::vector<event::FieldId>& path) {
    if (done.count(field)) return true;
    const Formula* formula = kind.find(field);
    if (!formula) return true;
    path.push_back(field);
    std::vector<event::FieldId> named;
    fields_named(*formula, named);
    for (event::FieldId next : named) {
      if (next == field) continue;
      bool again = std::find(path.begin(), path.end(), next) != path.end();
      if (again || !visit(kind, next, done, path)) return false;
    }
    path.pop_back();
    done.insert(field);
    return true;
  }

  Maps::State& state_;
  base::Diagnostics& problems_;
};

}  // namespace

void build_kinds(std::vector<base::Yaml> documents, Maps::State& state,
                 base::Diagnostics& problems) {
  Builder(state, problems).build(std::move(documents));
}

}  // namespace escudo::cim
