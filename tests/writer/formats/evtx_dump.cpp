// evtx_dump -o jsonl: the XML tree as JSON. Numbers keep their type, GUIDs lose their braces and
// are upper case, <Data Name="x"> becomes a member, unnamed ones a list, repeated elements get _1,
// _2 …

#include <map>

#include "describe/event_record.hpp"
#include "formats/formats.hpp"
#include "formats/json.hpp"

namespace escudo::writer {
namespace {

std::string bare_guid(std::string text) {
  std::string out;
  for (const char c : text) {
    if (c != '{' && c != '}') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return out;
}

std::string json_of(const Value& v) {
  if (v.is_number()) return v.text();
  if (v.type() == Type::boolean && !v.is_array()) return v.text();
  if (v.type() == Type::guid) return json_text(bare_guid(v.text()));
  return json_text(v.text());
}

JsonObject attributes(JsonObject inside) {
  JsonObject o;
  o.object("#attributes", inside);
  return o;
}

JsonObject system(const Event& e) {
  JsonObject provider, execution, time, o;
  provider.text("Name", e.provider);
  if (!e.provider_guid.empty()) provider.text("Guid", bare_guid(e.provider_guid));
  if (!e.source_name.empty()) provider.text("EventSourceName", e.source_name);
  o.object("Provider", attributes(provider));
  if (e.qualifiers) {
    JsonObject qualifiers;
    qualifiers.number("Qualifiers", *e.qualifiers);
    o.object("EventID", attributes(qualifiers).number("#text", e.event_id));
  } else {
    o.number("EventID", e.event_id);
  }
  o.number("Version", e.version)
      .number("Level", e.level)
      .number("Task", e.task)
      .number("Opcode", e.opcode);
  o.text("Keywords", Value::hex64(e.keywords).text());
  time.text("SystemTime", iso_text(e.time, 6));
  o.object("TimeCreated", attributes(time)).number("EventRecordID", e.record_id);
  if (e.activity_id.empty()) {
    o.raw("Correlation", "null");
  } else {
    JsonObject activity;
    activity.text("ActivityID", bare_guid(e.activity_id));
    o.object("Correlation", attributes(activity));
  }
  execution.number("ProcessID", e.process_id).number("ThreadID", e.thread_id);
  o.object("Execution", attributes(execution))
      .text("Channel", e.channel)
      .text("Computer", e.computer);
  if (e.user_sid.empty()) {
    o.raw("Security", "null");
  } else {
    JsonObject user;
    user.text("UserID", e.user_sid);
    o.object("Security", attributes(user));
  }
  return o;
}

JsonObject user_fields(const std::vector<UserField>& fields) {
  JsonObject o;
  std::map<std::string, int> seen;
  for (const UserField& f : fields) {
    const int n = seen[f.name]++;
    const std::string key = n == 0 ? f.name : f.name + "_" + std::to_string(n);
    if (f.children.empty())
      o.raw(key, json_of(f.value));
    else
      o.object(key, user_fields(f.children));
  }
  return o;
}

JsonObject event_data(const Event& e) {
  JsonObject o;
  std::string unnamed;
  for (const Datum& d : e.data) {
    if (d.value.type() == Type::null) continue;
    if (!d.name.empty()) {
      o.raw(d.name, json_of(d.value));
    } else if (d.value.type() == Type::binary) {
      o.raw("Binary", json_of(d.value));
    } else {
      for (const std::string& item : d.value.texts())
        unnamed += (unnamed.empty() ? "" : ",") + json_text(item);
    }
  }
  if (!unnamed.empty()) o.raw("Data", "{\"#text\":[" + unnamed + "]}");
  return o;
}

std::string record(const Event& e) {
  JsonObject space, event, o;
  space.text("xmlns", event_namespace);
  event.object("#attributes", space).object("System", system(e));
  if (e.user_data) {
    JsonObject root, user;
    root.text("xmlns", e.user_data->xmlns);
    std::string inside = user_fields(e.user_data->fields).done();
    const std::string start = attributes(root).done();
    inside = start.substr(0, start.size() - 1) + (inside == "{}" ? "}" : "," + inside.substr(1));
    event.object("UserData", user.raw(e.user_data->root, inside));
  } else if (e.data.empty()) {
    event.raw("EventData", "null");
  } else {
    event.object("EventData", event_data(e));
  }
  return o.object("Event", event).done();
}

}  // namespace

std::string evtx_dump_json(const Events& events) {
  std::string out;
  for (const Event& e : events) out += record(e) + "\n";
  return out;
}

std::string evtx_dump_array(const Events& events) {
  std::string out;
  for (const Event& e : events) out += (out.empty() ? "[\n  " : ",\n  ") + record(e);
  return out.empty() ? "[]\n" : out + "\n]\n";
}

}  // namespace escudo::writer
