#include "cim/map_file.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace escudo::cim {
namespace {

class Reader {
 public:
  Reader(const TableScope& tables, base::Diagnostics& problems)
      : tables_(tables), problems_(problems) {}

  std::optional<MapFile> read(const base::Yaml& document) {
    std::size_t before = problems_.size();
    MapFile map;
    map.where = document;
    only(document, {"map", "about", "extends", "channels", "providers", "raw", "tables", "groups",
                    "fields", "events", "switches", "samples"});
    map.name = document["map"].text();
    if (map.name.empty()) complain(document, "a map needs a name: `map: Sysmon`");
    map.extends = document["extends"].text();
    map.channels = document["channels"].strings();
    map.providers = document["providers"].strings();
    for (const auto& [name, table] : document["tables"].members()) {
      auto values = std::make_unique<ValueTable>();
      for (const auto& [key, value] : table.members()) {
        if (!values->emplace(base::to_lower(key), value.text()).second) {
          complain(value, "the key " + key + " stands twice in this table");
        }
      }
      tables_[name] = values.get();
      map.tables.emplace_back(name, std::move(values));
    }
    for (const auto& [name, group] : document["groups"].members()) groups_[name] = fields(group);
    map.fields = fields(document["fields"]);
    for (const base::Yaml& event : document["events"].items()) map.events.push_back(rule(event));
    for (const auto& [name, datasets] : document["switches"].members()) {
      map.switches.push_back({name, datasets.strings(), datasets});
    }
    check_ids(map);
    map.raw_fields = document["raw"].strings();
    for (const base::Yaml& sample : document["samples"].items()) {
      for (const char* part : {"raw", "user_data"}) {
        for (const auto& [name, value] : sample[part].members()) map.raw_fields.push_back(name);
      }
    }
    if (problems_.size() != before) return std::nullopt;
    return map;
  }

 private:
  void complain(const base::Yaml& at, std::string message, std::string hint = {}) {
    problems_.push_back(at.complain("bad-map", std::move(message), std::move(hint)));
  }

  void only(const base::Yaml& node, const std::vector<std::string>& known) {
    for (const auto& [key, value] : node.members()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      std::string near = base::nearest(key, known);
      complain(value, "unknown key `" + key + "`",
               near.empty() ? "" : "did you mean `" + near + "`?");
    }
  }

  std::optional<Formula> formula(const base::Yaml& node) {
    auto parsed = parse_formula(node.text(), tables_);
    if (parsed) return std::move(*parsed);
    complain(node, parsed.error());
    return std::nullopt;
  }

  std::vector<FieldRule> fields(const base::Yaml& node) {
    std::vector<FieldRule> out;
    for (const auto& [name, value] : node.members()) {
      if (auto f = formula(value)) out.push_back({event::intern(name), std::move(*f), value});
    }
    return out;
  }

  EventRule rule(const base::Yaml& node) {
    EventRule out;
    only(node, {"id", "about", "provider", "use", "fields", "datasets"});
    for (const base::Yaml& id : node["id"].items()) {
      auto number = id.number();
      if (number && *number >= 0 && *number <= 0xFFFFFFF) {
        out.ids.push_back(static_cast<std::int32_t>(*number));
      } else {
        complain(id, "an event id is a number");
      }
    }
    if (out.ids.empty()) complain(node, "an event needs an id: `id: 1` or `id: [12, 13]`");
    out.provider = node["provider"].text();
    for (const base::Yaml& name : node["use"].items()) {
      auto group = groups_.find(name.text());
      if (group == groups_.end()) {
        complain(name, "no group is named " + name.text());
        continue;
      }
      out.fields.insert(out.fields.end(), group->second.begin(), group->second.end());
    }
    auto own = fields(node["fields"]);
    out.fields.insert(out.fields.end(), own.begin(), own.end());
    for (const auto& [name, when] : node["datasets"].members()) {
      MemberRule member{name, std::nullopt, when};
      if (when.text() != "always") {
        member.when = formula(when);
        if (!member.when) continue;
      }
      out.members.push_back(std::move(member));
    }
    return out;
  }

  void check_ids(const MapFile& map) {
    std::set<std::pair<std::int32_t, std::string>> seen;
    for (std::size_t i = 0; i < map.events.size(); ++i) {
      for (std::int32_t id : map.events[i].ids) {
        if (seen.emplace(id, map.events[i].provider).second) continue;
        complain(map.where["events"].items()[i],
                 "event " + std::to_string(id) + " is described twice");
      }
    }
  }

  TableScope tables_;
  std::map<std::string, std::vector<FieldRule>> groups_;
  base::Diagnostics& problems_;
};

}  // namespace

std::optional<MapFile> read_map(const base::Yaml& document, const TableScope& parent_tables,
                                base::Diagnostics& problems) {
  return Reader(parent_tables, problems).read(document);
}

}  // namespace escudo::cim
