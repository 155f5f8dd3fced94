// Splunk's search export in JSON: a line a result, with the raw event and the fields search time
// extraction made of it. Values there are the XML's text, entities and all, and empty ones are
// absent. host is the machine that forwarded, not the one that logged.

#include "formats/formats.hpp"
#include "formats/json.hpp"

namespace escudo::writer {
namespace {

// Field names keep letters, digits and underscores.
std::string field_name(std::string name) {
  for (char& c : name) {
    const bool kept = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!kept) c = '_';
  }
  return name;
}

std::string line(const Event& e, std::size_t offset, bool last) {
  JsonObject result, o;
  std::string time = iso_text(e.time, 3);
  time.pop_back();
  result.text("_time", time + "+00:00").text("_raw", event_xml(e, '\''));
  result.text("host", "forwarder01").text("index", "win");
  result.text("source", "XmlWinEventLog:" + e.channel).text("sourcetype", "XmlWinEventLog");
  result.text("Channel", e.channel).text("Computer", e.computer);
  result.text("EventCode", std::to_string(e.event_id)).text("EventID", std::to_string(e.event_id));
  result.text("EventRecordID", std::to_string(e.record_id)).text("Name", e.provider);
  if (!e.provider_guid.empty()) result.text("Guid", "{" + e.provider_guid + "}");
  result.text("Keywords", Value::hex64(e.keywords).text()).text("Level", std::to_string(e.level));
  result.text("SystemTime", iso_text(e.time, 9)).text("Task", std::to_string(e.task));
  for (const Datum& d : e.data) {
    if (!d.name.empty() && !d.value.text().empty())
      result.text(field_name(d.name), escaped_xml(d.value.text()));
  }
  o.raw("preview", "false").number("offset", offset);
  if (last) o.raw("lastrow", "true");
  return o.object("result", result).done() + "\n";
}

}  // namespace

std::string splunk_export_json(const Events& events) {
  std::string out;
  for (std::size_t i = 0; i < events.size(); ++i) out += line(events[i], i, i + 1 == events.size());
  return out;
}

}  // namespace escudo::writer
