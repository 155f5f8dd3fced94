#include "describe/event_record.hpp"

namespace escudo::writer {
namespace {

// Nothing is ever declared NULL: that is for an instance to say, and then the slot is optional.
Node slot_for(std::size_t index, const Value& value) {
  if (value.type() == Type::null)
    return optional_slot(static_cast<std::uint16_t>(index), Type::string);
  return {Slot{static_cast<std::uint16_t>(index), value.type_byte(), false}};
}

std::uint16_t dependency_for(std::size_t index, const Value& value) {
  return value.type() == Type::null ? static_cast<std::uint16_t>(index) : no_dependency;
}

std::vector<Node> event_data(const Event& event) {
  std::vector<Node> rows;
  for (std::size_t i = 0; i < event.data.size(); ++i) {
    const Datum& d = event.data[i];
    // Classic sources end in <Binary>, which is no Data.
    const bool binary = d.name.empty() && d.value.type() == Type::binary;
    std::vector<Attribute> attributes;
    if (!d.name.empty()) attributes.push_back(attribute("Name", d.name));
    rows.push_back(element(binary ? "Binary" : "Data", std::move(attributes),
                           {slot_for(i, d.value)}, dependency_for(i, d.value)));
  }
  return {element("EventData", {}, std::move(rows))};
}

Node user_field(const UserField& f, std::size_t& next_slot) {
  std::vector<Node> inside;
  for (const UserField& child : f.children) inside.push_back(user_field(child, next_slot));
  if (f.children.empty()) inside.push_back(slot_for(next_slot++, f.value));
  return element(f.name, {}, std::move(inside));
}

std::vector<Node> user_data(const Event& event) {
  std::vector<Node> rows;
  std::size_t next_slot = 0;
  for (const UserField& f : event.user_data->fields) rows.push_back(user_field(f, next_slot));
  std::vector<Attribute> spaces = {
      attribute("xmlns:auto-ns3", "http://schemas.microsoft.com/win/2004/08/events"),
      attribute("xmlns", event.user_data->xmlns)};
  return {element("UserData", {},
                  {element(event.user_data->root, std::move(spaces), std::move(rows))})};
}

void user_values(const UserField& f, std::vector<Value>& out) {
  for (const UserField& child : f.children) user_values(child, out);
  if (f.children.empty()) out.push_back(f.value);
}

void user_shape(const UserField& f, std::string& out) {
  out += "/" + f.name + ":" + std::to_string(f.value.type_byte());
  for (const UserField& child : f.children) user_shape(child, out);
  out += "^";
}

Value guid_or_null(const std::string& text) {
  return text.empty() ? Value::null() : Value::guid(text);
}

std::vector<Node> plain(const std::string& value) {
  return value.empty() ? std::vector<Node>{} : std::vector<Node>{text(value)};
}

Node direct_user_field(const UserField& f) {
  std::vector<Node> inside;
  for (const UserField& child : f.children) inside.push_back(direct_user_field(child));
  if (f.children.empty()) inside = plain(f.value.text());
  return element(f.name, {}, std::move(inside));
}

Node direct_body(const Event& event) {
  std::vector<Node> rows;
  if (event.user_data) {
    for (const UserField& f : event.user_data->fields) rows.push_back(direct_user_field(f));
    return element("UserData", {},
                   {element(event.user_data->root, {attribute("xmlns", event.user_data->xmlns)},
                            std::move(rows))});
  }
  for (const Datum& d : event.data) {
    std::vector<Attribute> attributes;
    if (!d.name.empty()) attributes.push_back(attribute("Name", d.name));
    if (d.value.type() == Type::null) continue;
    if (!d.value.is_array()) {
      rows.push_back(element("Data", std::move(attributes), plain(d.value.text())));
      continue;
    }
    for (const std::string& item : d.value.texts())
      rows.push_back(element("Data", attributes, plain(item)));
  }
  return element("EventData", {}, std::move(rows));
}

std::string hex64(std::uint64_t v) { return Value::hex64(v).text(); }

}  // namespace

std::shared_ptr<const Template> EventTemplates::outer(const std::string& computer,
                                                      const std::string& source_name) {
  auto& known = templates_["System|" + computer + "|" + source_name];
  if (known) return known;
  std::vector<Attribute> provider = {attribute("Name", {optional_slot(14, Type::string)}),
                                     attribute("Guid", {optional_slot(15, Type::guid)})};
  if (!source_name.empty()) provider.push_back(attribute("EventSourceName", source_name));
  std::vector<Node> system = {
      element("Provider", std::move(provider)),
      element("EventID", {attribute("Qualifiers", {optional_slot(4, Type::uint16)})},
              {optional_slot(3, Type::uint16)}, 3),
      element("Version", {}, {optional_slot(11, Type::uint8)}, 11),
      element("Level", {}, {optional_slot(0, Type::uint8)}, 0),
      element("Task", {}, {optional_slot(2, Type::uint16)}, 2),
      element("Opcode", {}, {optional_slot(1, Type::uint8)}, 1),
      element("Keywords", {}, {optional_slot(5, Type::hex64)}, 5),
      element("TimeCreated", {attribute("SystemTime", {optional_slot(6, Type::filetime)})}),
      element("EventRecordID", {}, {optional_slot(10, Type::uint64)}, 10),
      element("Correlation", {attribute("ActivityID", {optional_slot(7, Type::guid)}),
                              attribute("RelatedActivityID", {optional_slot(13, Type::guid)})}),
      element("Execution", {attribute("ProcessID", {optional_slot(8, Type::uint32)}),
                            attribute("ThreadID", {optional_slot(9, Type::uint32)})}),
      element("Channel", {}, {optional_slot(16, Type::string)}, 16),
      element("Computer", {}, plain(computer)),
      element("Security", {attribute("UserID", {optional_slot(12, Type::sid)})}),
  };
  known = make_template(
      {element("Event", {attribute("xmlns", event_namespace)},
               {element("System", {}, std::move(system)), optional_slot(17, Type::binxml)}, 17)});
  return known;
}

std::shared_ptr<const Template> EventTemplates::cached(const std::string& key,
                                                       std::vector<Node> (*make)(const Event&),
                                                       const Event& event) {
  auto& known = templates_[key];
  if (!known) known = make_template(make(event));
  return known;
}

Fragment EventTemplates::record(const Event& event) {
  std::string shape =
      event.user_data ? "UserData|" + event.user_data->root + event.user_data->xmlns : "EventData|";
  std::vector<Value> inner;
  if (event.user_data) {
    for (const UserField& f : event.user_data->fields) user_shape(f, shape), user_values(f, inner);
  } else {
    for (const Datum& d : event.data) {
      shape += d.name + ":" + std::to_string(d.value.type_byte()) + "|";
      inner.push_back(d.value);
    }
  }
  auto body = cached(shape, event.user_data ? user_data : event_data, event);
  std::vector<Value> values = {
      Value::uint8(event.level),
      Value::uint8(event.opcode),
      Value::uint16(event.task),
      Value::uint16(event.event_id),
      event.qualifiers ? Value::uint16(*event.qualifiers) : Value::null(),
      Value::hex64(event.keywords),
      Value::filetime(event.time),
      guid_or_null(event.activity_id),
      Value::uint32(event.process_id),
      Value::uint32(event.thread_id),
      Value::uint64(event.record_id),
      Value::uint8(event.version),
      event.user_sid.empty() ? Value::null() : Value::sid(event.user_sid),
      guid_or_null(event.related_activity_id),
      Value::string(event.provider),
      guid_or_null(event.provider_guid),
      Value::string(event.channel),
      Value::nested(instance(std::move(body), std::move(inner))),
  };
  return instance(outer(event.computer, event.source_name), std::move(values));
}

Fragment direct_record(const Event& e) {
  std::vector<Attribute> provider = {attribute("Name", e.provider)};
  if (!e.provider_guid.empty()) provider.push_back(attribute("Guid", "{" + e.provider_guid + "}"));
  std::vector<Attribute> qualifiers, security;
  if (e.qualifiers) qualifiers.push_back(attribute("Qualifiers", std::to_string(*e.qualifiers)));
  if (!e.user_sid.empty()) security.push_back(attribute("UserID", e.user_sid));
  std::vector<Node> system = {
      element("Provider", std::move(provider)),
      element("EventID", std::move(qualifiers), {text(std::to_string(e.event_id))}),
      element("Version", {}, {text(std::to_string(e.version))}),
      element("Level", {}, {text(std::to_string(e.level))}),
      element("Task", {}, {text(std::to_string(e.task))}),
      element("Opcode", {}, {text(std::to_string(e.opcode))}),
      element("Keywords", {}, {text(hex64(e.keywords))}),
      element("TimeCreated", {attribute("SystemTime", iso_text(e.time, 9))}),
      element("EventRecordID", {}, {text(std::to_string(e.record_id))}),
      element("Correlation"),
      element("Execution", {attribute("ProcessID", std::to_string(e.process_id)),
                            attribute("ThreadID", std::to_string(e.thread_id))}),
      element("Channel", {}, plain(e.channel)),
      element("Computer", {}, plain(e.computer)),
      element("Security", std::move(security)),
  };
  return direct({element("Event", {attribute("xmlns", event_namespace)},
                         {element("System", {}, std::move(system)), direct_body(e)})});
}

}  // namespace escudo::writer
