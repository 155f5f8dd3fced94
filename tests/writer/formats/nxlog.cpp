// NXLog's Windows input, collected by a forwarder and stamped by Logstash. EventTime is the host's
// local time without a zone; @timestamp is when the collector got the event, in UTC.

#include "formats/formats.hpp"
#include "formats/json.hpp"

namespace escudo::writer {
namespace {

constexpr std::uint64_t second = 10'000'000;
constexpr std::uint64_t behind_utc = 4 * 3600 * second;  // the hosts stand in a zone of -04:00
constexpr std::uint64_t delay = 14 * second / 10;

std::string local(std::uint64_t filetime) {
  std::string t = iso_text(filetime - behind_utc, 0);
  t[10] = ' ';
  t.pop_back();
  return t;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}

const char* severity(int level) { return level == 2 ? "ERROR" : level == 3 ? "WARNING" : "INFO"; }

std::string line(const Event& e) {
  const bool audit = e.channel == "Security";
  JsonObject o;
  o.number("EventID", e.event_id).number("RecordNumber", e.record_id);
  if (!e.provider_guid.empty()) o.text("ProviderGuid", "{" + upper(e.provider_guid) + "}");
  o.text("SourceName", e.provider).number("OpcodeValue", e.opcode);
  if (e.user_sid == "S-1-5-18") {  // who wrote the event, which is not who did it
    o.text("AccountName", "SYSTEM").text("AccountType", "User").text("Domain", "NT AUTHORITY");
    o.text("UserID", e.user_sid);
  }
  o.text("SourceModuleName", "eventlog").text("SourceModuleType", "im_msvistalog");
  o.number("ExecutionProcessID", e.process_id).number("ThreadID", e.thread_id);
  o.text("EventTime", local(e.time)).text("EventReceivedTime", local(e.time + second));
  if (!e.task_name.empty()) o.text("Category", e.task_name);
  o.text("EventType", audit ? "AUDIT_SUCCESS" : severity(e.level));
  o.text("Severity", severity(e.level))
      .number("SeverityValue", e.level == 2   ? 4
                               : e.level == 3 ? 3
                                              : 2);
  o.text("Opcode", e.opcode_name).number("Task", e.task).number("Version", e.version);
  o.signed_number("Keywords", static_cast<std::int64_t>(e.keywords));
  o.text("Channel", e.channel).text("Hostname", e.computer);
  o.text("host", "collector.corp.example").number("port", 60427);
  o.text("Message", e.message());
  for (const Datum& d : e.data) {
    if (!d.name.empty() && !d.value.text().empty()) o.text(d.name, d.value.text());
  }
  if (e.user_data) add_user_fields(o, e.user_data->fields);
  std::string received = iso_text(e.time + delay, 3);
  o.text("@timestamp", received).text("@version", "1").raw("tags", "[\"eventlog\"]");
  return o.done() + "\n";
}

}  // namespace

std::string nxlog_json(const Events& events) {
  std::string out;
  for (const Event& e : events) out += line(e);
  return out;
}

}  // namespace escudo::writer
