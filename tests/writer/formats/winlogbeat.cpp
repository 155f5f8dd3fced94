// Winlogbeat 7: Elastic Common Schema around the "winlog" object, whose event_data holds texts.

#include "formats/formats.hpp"
#include "formats/json.hpp"

namespace escudo::writer {
namespace {

JsonObject winlog(const Event& e) {
  JsonObject data, thread, process, o;
  std::size_t unnamed = 0;
  for (const Datum& d : e.data) {
    const std::string text = d.value.text();
    if (!text.empty())
      data.text(d.name.empty() ? "param" + std::to_string(++unnamed) : d.name, text);
  }
  thread.number("id", e.thread_id);
  process.number("pid", e.process_id).object("thread", thread);
  o.text("api", "wineventlog").text("channel", e.channel).text("computer_name", e.computer);
  if (e.user_data) {
    JsonObject user;
    user.text("xml_name", e.user_data->root);
    add_user_fields(user, e.user_data->fields);
    o.object("user_data", user);
  } else if (!data.empty()) {
    o.object("event_data", data);
  }
  o.number("event_id", e.event_id).text("opcode", e.opcode_name).object("process", process);
  if (!e.provider_guid.empty()) o.text("provider_guid", "{" + e.provider_guid + "}");
  o.text("provider_name", e.provider).number("record_id", e.record_id);
  if (!e.task_name.empty()) o.text("task", e.task_name);
  if (!e.user_sid.empty()) {
    JsonObject user;
    user.text("identifier", e.user_sid);
    if (e.user_sid == "S-1-5-18") user.text("domain", "NT AUTHORITY").text("name", "SYSTEM");
    o.object("user", user);
  }
  if (e.version != 0) o.number("version", e.version);
  return o;
}

std::string line(const Event& e) {
  JsonObject meta, event, host, log, agent, ecs, o;
  meta.text("beat", "winlogbeat").text("type", "_doc").text("version", "7.17.0");
  event.number("code", e.event_id).text("created", iso_text(e.time + 12'000'000, 3));
  event.text("kind", "event").text("provider", e.provider);
  if (!e.task_name.empty()) event.text("action", e.task_name);
  host.text("name", "collector.corp.example");
  log.text("level", e.level == 3 ? "warning" : e.level == 2 ? "error" : "information");
  agent.text("type", "winlogbeat").text("version", "7.17.0");
  ecs.text("version", "1.12.0");
  o.text("@timestamp", iso_text(e.time, 3)).object("@metadata", meta).object("event", event);
  o.object("host", host)
      .object("log", log)
      .text("message", e.message())
      .object("winlog", winlog(e));
  o.object("agent", agent).object("ecs", ecs);
  return o.done() + "\n";
}

}  // namespace

std::string winlogbeat_json(const Events& events) {
  std::string out;
  for (const Event& e : events) out += line(e);
  return out;
}

}  // namespace escudo::writer
