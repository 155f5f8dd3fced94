// The object shape of `evtx_dump -o jsonl`. Differences are told in docs/formats.md.
#include <map>

#include "base/json.hpp"
#include "event/value.hpp"
#include "sinks/event_writer.hpp"
#include "sinks/system_layout.hpp"

namespace escudo::sinks {
namespace {

// evtx_dump writes System numbers as numbers and everything else as text.
void scalar(base::JsonWriter& json, std::string_view text, bool may_be_number) {
  auto number = may_be_number && text.size() < 16 ? event::parse_number(text) : std::nullopt;
  if (number && *number == static_cast<double>(static_cast<std::int64_t>(*number))) json.value(static_cast<std::int64_t>(*number));
  else json.value(text);
}

void section(base::JsonWriter& json, const event::Event& event, event::Section which) {
  // A repeated name becomes a list under one key, in order.
  std::vector<std::string_view> order;
  std::map<std::string_view, std::vector<std::string_view>> values;
  const auto columns = event.schema->columns();
  for (std::size_t k = 0; k < columns.size(); ++k) {
    if (columns[k].section != which) continue;
    const std::string_view name = event::name_of(columns[k].written);
    auto [at, fresh] = values.try_emplace(name);
    if (fresh) order.push_back(name);
    at->second.push_back(event.values[k]);
  }
  json.begin_object();
  for (std::string_view name : order) {
    const auto& all = values[name];
    json.key(name);
    if (all.size() == 1 && name != "Data") {
      json.value(all.front());
    } else {
      // unnamed Data: {"Data":{"#text":[…]}}
      if (name == "Data") json.begin_object().key("#text");
      json.begin_array();
      for (std::string_view v : all) json.value(v);
      json.end_array();
      if (name == "Data") json.end_object();
    }
  }
  json.end_object();
}

bool has(const event::Event& event, event::Section which) {
  for (const event::Column& column : event.schema->columns())
    if (column.section == which) return true;
  return false;
}

}  // namespace

std::string evtx_dump_json(const event::Event& event) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().key("Event").begin_object();
  json.key("#attributes").begin_object().member("xmlns", "http://schemas.microsoft.com/win/2004/08/events/event").end_object();
  json.key("System").begin_object();
  for (const SystemElement& element : system_layout()) {
    bool any = false;
    for (const SystemAttribute& a : element.attributes) any = any || !system_value(event, a.field).empty();
    const std::string_view text = element.field.empty() ? std::string_view() : system_value(event, element.field);
    if (!any && text.empty()) continue;
    json.key(element.name);
    if (!any) {
      scalar(json, text, element.name != "Keywords" && element.name != "Channel" && element.name != "Computer");
      continue;
    }
    json.begin_object().key("#attributes").begin_object();
    for (const SystemAttribute& a : element.attributes)
      if (const std::string_view v = system_value(event, a.field); !v.empty()) {
        json.key(a.name);
        scalar(json, v, a.name == "ProcessID" || a.name == "ThreadID" || a.name == "Qualifiers");
      }
    json.end_object();
    if (!text.empty()) {
      json.key("#text");
      scalar(json, text, true);
    }
    json.end_object();
  }
  json.end_object();
  if (has(event, event::Section::user_data)) {
    json.key("UserData");
    section(json, event, event::Section::user_data);
  }
  if (has(event, event::Section::event_data) || !has(event, event::Section::user_data)) {
    json.key("EventData");
    if (has(event, event::Section::event_data)) section(json, event, event::Section::event_data);
    else json.null();
  }
  json.end_object().end_object();
  return out;
}

}  // namespace escudo::sinks
