#include "binxml/utf16.hpp"
#include "describe/event_record.hpp"
#include "formats/formats.hpp"

namespace escudo::writer {
namespace {

class Xml {
 public:
  explicit Xml(char quote) : quote_(quote) {}

  Xml& open(const char* name) {
    out_ += std::string("<") + name;
    return *this;
  }
  Xml& attribute(const char* name, const std::string& value) {
    out_ += std::string(" ") + name + "=" + quote_ + escaped_xml(value, quote_) + quote_;
    return *this;
  }
  void empty() { out_ += "/>"; }
  void content() { out_ += ">"; }
  void close(const std::string& name) { out_ += "</" + name + ">"; }
  void whole(const std::string& name, const std::string& value) {
    out_ += "<" + name + ">" + escaped_xml(value);
    close(name);
  }
  void text(const std::string& value) { out_ += escaped_xml(value); }
  std::string take() { return std::move(out_); }

 private:
  char quote_;
  std::string out_;
};

void user_field(Xml& x, const UserField& f) {
  if (f.children.empty()) {
    x.whole(f.name, f.value.text());
    return;
  }
  x.open(f.name.c_str()).content();
  for (const UserField& child : f.children) user_field(x, child);
  x.close(f.name);
}

void data(Xml& x, const Datum& d, const std::string& value) {
  const bool binary = d.name.empty() && d.value.type() == Type::binary;
  const char* name = binary ? "Binary" : "Data";
  x.open(name);
  if (!d.name.empty()) x.attribute("Name", d.name);
  if (value.empty()) return x.empty();
  x.content();
  x.text(value);
  x.close(name);
}

void body(Xml& x, const Event& e) {
  if (e.user_data) {
    x.open("UserData").content();
    x.open(e.user_data->root.c_str()).attribute("xmlns", e.user_data->xmlns).content();
    for (const UserField& f : e.user_data->fields) user_field(x, f);
    x.close(e.user_data->root);
    x.close("UserData");
    return;
  }
  x.open("EventData").content();
  for (const Datum& d : e.data) {
    if (d.value.type() == Type::null) continue;
    if (!d.value.is_array())
      data(x, d, d.value.text());
    else
      for (const std::string& item : d.value.texts()) data(x, d, item);
  }
  x.close("EventData");
}

bool is_linux(const Event& e) { return e.provider == "Linux-Sysmon"; }

}  // namespace

std::string escaped_xml(std::string_view text, char quote) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == quote && c == '"')
      out += "&quot;";
    else if (c == quote && c == '\'')
      out += "&apos;";
    else
      out += c;
  }
  return out;
}

std::string event_xml(const Event& e, char quote) {
  Xml x(quote);
  x.open("Event");
  if (!is_linux(e)) x.attribute("xmlns", event_namespace);
  x.content();
  x.open("System").content();
  x.open("Provider").attribute("Name", e.provider);
  if (!e.provider_guid.empty()) x.attribute("Guid", "{" + e.provider_guid + "}");
  if (!e.source_name.empty()) x.attribute("EventSourceName", e.source_name);
  x.empty();
  x.open("EventID");
  if (e.qualifiers) x.attribute("Qualifiers", std::to_string(*e.qualifiers));
  x.content();
  x.text(std::to_string(e.event_id));
  x.close("EventID");
  x.whole("Version", std::to_string(e.version));
  x.whole("Level", std::to_string(e.level));
  x.whole("Task", std::to_string(e.task));
  x.whole("Opcode", std::to_string(e.opcode));
  x.whole("Keywords", Value::hex64(e.keywords).text());
  x.open("TimeCreated").attribute("SystemTime", iso_text(e.time, 9)).empty();
  x.whole("EventRecordID", std::to_string(e.record_id));
  x.open("Correlation");
  if (!e.activity_id.empty()) x.attribute("ActivityID", "{" + e.activity_id + "}");
  x.empty();
  x.open("Execution").attribute("ProcessID", std::to_string(e.process_id));
  x.attribute("ThreadID", std::to_string(e.thread_id)).empty();
  x.whole("Channel", e.channel);
  x.whole("Computer", e.computer);
  x.open("Security");
  if (!e.user_sid.empty()) x.attribute(is_linux(e) ? "UserId" : "UserID", e.user_sid);
  x.empty();
  x.close("System");
  body(x, e);
  x.close("Event");
  return x.take();
}

std::string attack_data_xml(const Events& events) {
  std::string out;
  for (const Event& e : events) out += event_xml(e, '\'') + "\n";
  return out;
}

std::string xml_utf16(const Events& events) {
  return "\xFF\xFE" + little_endian_bytes(to_utf16(attack_data_xml(events)));
}

std::string xml_document(const Events& events) {
  std::string out = "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<Events>";
  for (const Event& e : events) out += event_xml(e, '"') + "\r\n";
  return out + "</Events>\r\n";
}

}  // namespace escudo::writer
