#include "support.hpp"

#include <set>

#include "catch.hpp"

namespace escudo::cim::testing {
namespace {

const std::set<std::string> system_names = {
    "Name",       "Guid",      "EventSourceName", "EventID",
    "Qualifiers", "Version",   "Level",           "Task",
    "Opcode",     "Keywords",  "SystemTime",      "EventRecordID",
    "ActivityID", "ProcessID", "ThreadID",        "RelatedActivityID",
    "Channel",    "Computer",  "UserID"};

}  // namespace

MadeEvent::MadeEvent(std::string channel, std::string provider, std::int32_t event_id,
                     const Pairs& values, const Pairs& user_data) {
  std::vector<event::Column> columns;
  auto add = [&](const std::string& name, const std::string& value,
                 event::Section rest = event::Section::event_data) {
    event::FieldId field = event::intern(name);
    auto section = system_names.count(name) ? event::Section::system : rest;
    columns.push_back({field, field, section});
    views_.push_back(texts_.emplace_back(value));
  };
  if (event_id >= 0) add("EventID", std::to_string(event_id));
  if (!channel.empty()) add("Channel", channel);
  for (const auto& [name, value] : values) add(name, value);
  for (const auto& [name, value] : user_data) add(name, value, event::Section::user_data);
  event_.schema = event::intern_schema(columns);
  event_.values = views_;
  event_.event_id = event_id;
  event_.channel = texts_.emplace_back(std::move(channel));
  event_.provider = texts_.emplace_back(std::move(provider));
}

const Maps& shipped_maps() {
  static const Maps maps = [] {
    base::Diagnostics problems;
    catalog::Catalog catalog;
    catalog.add_folder(ESCUDO_ROOT "/content", problems);
    Maps loaded = Maps::load(ESCUDO_ROOT "/content/maps", catalog, problems);
    for (const auto& problem : problems) UNSCOPED_INFO(problem.render());
    CHECK(problems.empty());
    return loaded;
  }();
  return maps;
}

Answer ask(const Maps& maps, const event::Event& event, DatasetId dataset, std::string_view field,
           const event::Origin& origin) {
  base::Arena scratch;
  const Kind& kind = maps.kind_of(event);
  auto recipe = maps.recipe(kind, *event.schema, dataset, event::intern(field));
  FieldValues values = recipe->evaluate(event, origin, scratch);
  Answer answer;
  answer.all.assign(values.begin(), values.end());
  answer.shown = answer.all;
  if (recipe->has_aliases() && answer.shown.size() > 1) answer.shown.resize(1);
  return answer;
}

}  // namespace escudo::cim::testing
