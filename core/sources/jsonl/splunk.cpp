// Rows exported from Splunk: {"preview":…,"result":{…}} a line, or the members of "results". A row
// whose _raw is the event's XML or JSON is read from that; otherwise its fields are, as far as the
// search that was exported kept them. Tested by tests/unit/sources/json_shapes.cpp.

#include <array>
#include <iterator>

#include "base/text.hpp"
#include "sources/jsonl/shape.hpp"

namespace escudo::sources {
namespace {

using event::Section;

constexpr Member members[] = {
    {"Name", Section::system, {}},          {"SourceName", Section::system, "Name"},
    {"Guid", Section::system, {}},          {"EventID", Section::system, {}},
    {"Qualifiers", Section::system, {}},    {"Version", Section::system, {}},
    {"Level", Section::system, {}},         {"Task", Section::system, {}},
    {"Opcode", Section::system, {}},        {"Keywords", Section::system, {}},
    {"SystemTime", Section::system, {}},    {"TimeCreated", Section::system, "SystemTime"},
    {"EventRecordID", Section::system, {}}, {"RecordNumber", Section::system, "EventRecordID"},
    {"ActivityID", Section::system, {}},    {"RelatedActivityID", Section::system, {}},
    {"ProcessID", Section::system, {}},     {"ThreadID", Section::system, {}},
    {"Channel", Section::system, {}},       {"LogName", Section::system, "Channel"},
    {"Computer", Section::system, {}},      {"UserID", Section::system, {}},
    {"Message", Section::rendering, {}},    {"_time", Section::envelope, "_timestamp"},
};

// What Splunk knows of an event besides the event.
constexpr std::array<std::string_view, 14> metadata = {
    "host",          "source",    "sourcetype", "index",        "linecount",  "punct",
    "splunk_server", "eventtype", "timestamp",  "timestartpos", "timeendpos", "splunk_server_group",
    "unix_category", "unix_group"};

bool is_metadata(std::string_view name) {
  if (name.starts_with('_') || name.starts_with("date_") || name.starts_with("tag")) return true;
  for (std::string_view known : metadata) {
    if (name == known) return true;
  }
  return false;
}

// Splunk takes the quotes of XML attributes for a part of their values.
std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
                      text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

class Splunk final : public Shape {
 public:
  std::string_view name() const override { return "splunk"; }

  bool fits(simdjson::dom::object object) const override {
    if (!event_text(object).empty()) return true;
    const simdjson::dom::object row = row_of(object);
    const auto has = [&](std::string_view key) { return !row.at_key(key).error(); };
    if (!has("EventCode") && !has("EventID")) return false;
    return has("sourcetype") || has("_raw") || has("_time") || !object.at_key("result").error();
  }

  void leaf(std::string_view path, std::string_view text) override {
    if (const auto result = behind(path, "result."); !result.empty()) {
      path = result;
    } else if (path == "preview" || path == "offset" || path == "lastrow") {
      return;
    }
    if (path == "EventCode") {
      event_code_ = text;
    } else if (path == "ComputerName") {
      computer_name_ = text;
    } else if (const Member* member = find_member(std::begin(members), std::end(members), path)) {
      if (path == "Computer") computer_known_ = true;
      add(member->section, member->written, unquoted(text), member->field);
    } else if (is_metadata(path)) {
      if (path == "source") source_ = text;
      add(Section::envelope, path, text);
    } else {
      add(Section::event_data, path, text);
    }
  }

 private:
  void begin() override {
    event_code_ = computer_name_ = source_ = {};
    computer_known_ = false;
  }

  static simdjson::dom::object row_of(simdjson::dom::object object) {
    simdjson::dom::object result;
    return object.at_key("result").get(result) ? object : result;
  }

  std::string_view event_text(simdjson::dom::object object) const override {
    std::string_view raw;
    if (row_of(object).at_key("_raw").get(raw)) return {};
    const std::string_view text = base::trim(raw);
    const std::size_t xml = text.find("<Event");
    // A syslog header may stand before the XML.
    if (xml != std::string_view::npos && xml < 512 && text.ends_with('>')) return text.substr(xml);
    return text.starts_with('{') ? text : std::string_view{};
  }

  void end() override {
    if (draft().value(Role::event_id).empty() && !event_code_.empty()) {
      add(Section::system, "EventCode", event_code_, "EventID");
    }
    if (!computer_known_ && !computer_name_.empty()) {
      add(Section::system, "ComputerName", computer_name_, "Computer");
    }
    if (draft().value(Role::channel).empty()) {
      // "XmlWinEventLog:Security", "WinEventLog:Microsoft-Windows-Sysmon/Operational"
      const std::size_t colon = source_.find("WinEventLog:");
      if (colon != std::string_view::npos) {
        add(Section::system, "source", source_.substr(colon + 12), "Channel");
      }
    }
  }

  std::string_view event_code_, computer_name_, source_;
  bool computer_known_ = false;
};

}  // namespace

std::unique_ptr<Shape> splunk_shape() { return std::make_unique<Splunk>(); }

}  // namespace escudo::sources
