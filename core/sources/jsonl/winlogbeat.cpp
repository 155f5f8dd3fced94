// Winlogbeat and Elastic Agent: winlog.* beside ECS, nested or with dotted keys, bare or as the
// _source of a search hit; also the flat names of Winlogbeat 6. Tested by
// tests/unit/sources/json_shapes.cpp.
//
// Their Sysmon and Security modules move values from winlog.event_data to ECS names (process.*);
// what was moved is put back under its raw name, when no value stands there already.

#include <array>
#include <iterator>
#include <optional>

#include "sources/jsonl/shape.hpp"

namespace escudo::sources {
namespace {

using event::Section;

constexpr Member members[] = {
    {"winlog.provider_name", Section::system, "Name"},
    {"winlog.provider_guid", Section::system, "Guid"},
    {"winlog.event_id", Section::system, "EventID"},
    {"winlog.version", Section::system, "Version"},
    {"winlog.record_id", Section::system, "EventRecordID"},
    {"winlog.activity_id", Section::system, "ActivityID"},
    {"winlog.related_activity_id", Section::system, "RelatedActivityID"},
    {"winlog.process.pid", Section::system, "ProcessID"},
    {"winlog.process.thread.id", Section::system, "ThreadID"},
    {"winlog.channel", Section::system, "Channel"},
    {"winlog.computer_name", Section::system, "Computer"},
    {"winlog.user.identifier", Section::system, "UserID"},
    {"winlog.time_created", Section::system, "SystemTime"},
    {"winlog.level", Section::rendering, "Level"},
    {"winlog.task", Section::rendering, "Task"},
    {"winlog.opcode", Section::rendering, "Opcode"},
    {"winlog.keywords", Section::rendering, "Keywords"},
    {"message", Section::rendering, "Message"},
    // Winlogbeat 6
    {"source_name", Section::system, "Name"},
    {"provider_guid", Section::system, "Guid"},
    {"event_id", Section::system, "EventID"},
    {"version", Section::system, "Version"},
    {"record_number", Section::system, "EventRecordID"},
    {"activity_id", Section::system, "ActivityID"},
    {"related_activity_id", Section::system, "RelatedActivityID"},
    {"process_id", Section::system, "ProcessID"},
    {"thread_id", Section::system, "ThreadID"},
    {"log_name", Section::system, "Channel"},
    {"computer_name", Section::system, "Computer"},
    {"user.identifier", Section::system, "UserID"},
    {"level", Section::rendering, "Level"},
    {"task", Section::rendering, "Task"},
    {"opcode", Section::rendering, "Opcode"},
    {"keywords", Section::rendering, "Keywords"},
};

enum class Log { any, sysmon, security };

// Where a raw value went. Of several that name one field the first that is there counts.
struct Moved {
  std::string_view path;
  Log log;
  Section section;
  std::string_view field;
};
constexpr Moved moved[] = {
    {"event.code", Log::any, Section::system, "EventID"},
    {"event.provider", Log::any, Section::system, "Name"},
    {"host.name", Log::any, Section::system, "Computer"},
    {"host.hostname", Log::any, Section::system, "Computer"},
    {"process.executable", Log::sysmon, Section::event_data, "Image"},
    {"process.command_line", Log::sysmon, Section::event_data, "CommandLine"},
    {"process.pid", Log::sysmon, Section::event_data, "ProcessId"},
    {"process.entity_id", Log::sysmon, Section::event_data, "ProcessGuid"},
    {"process.working_directory", Log::sysmon, Section::event_data, "CurrentDirectory"},
    {"process.pe.original_file_name", Log::sysmon, Section::event_data, "OriginalFileName"},
    {"process.parent.executable", Log::sysmon, Section::event_data, "ParentImage"},
    {"process.parent.command_line", Log::sysmon, Section::event_data, "ParentCommandLine"},
    {"process.parent.pid", Log::sysmon, Section::event_data, "ParentProcessId"},
    {"process.parent.entity_id", Log::sysmon, Section::event_data, "ParentProcessGuid"},
    {"process.executable", Log::security, Section::event_data, "NewProcessName"},
    {"process.command_line", Log::security, Section::event_data, "CommandLine"},
    {"process.pid", Log::security, Section::event_data, "NewProcessId"},
    {"process.parent.executable", Log::security, Section::event_data, "ParentProcessName"},
    {"process.parent.pid", Log::security, Section::event_data, "ProcessId"},
};
constexpr std::size_t moved_count = std::size(moved);

class Winlogbeat final : public Shape {
 public:
  std::string_view name() const override { return "winlogbeat"; }

  bool fits(simdjson::dom::object object) const override {
    object = source_of(object);
    const auto has = [&](std::string_view path) { return !member(object, path).error(); };
    if (has("winlog.channel") || has("winlog.event_id") || has("winlog.provider_name")) return true;
    if (has("event_id") && (has("log_name") || has("source_name"))) return true;
    return has("event.code") && has("event.provider");
  }

  void leaf(std::string_view path, std::string_view text) override {
    if (const auto hit = behind(path, "_source."); !hit.empty()) path = hit;
    if (const Member* member = find_member(std::begin(members), std::end(members), path)) {
      note(member->field);
      add(member->section, member->written, text, member->field);
      return;
    }
    if (auto data = after(path, "winlog.event_data.", "event_data."); !data.empty()) {
      note(data);
      add(Section::event_data, data, text);
      return;
    }
    if (auto data = after(path, "winlog.user_data.", "user_data."); !data.empty()) {
      if (data != "xml_name") add(Section::user_data, data.substr(data.rfind('.') + 1), text);
      return;
    }
    for (std::size_t i = 0; i < moved_count; ++i) {
      if (moved[i].path == path && !found_[i]) found_[i] = text;
    }
    if (path != "event.original") add(Section::envelope, path, text);
  }

 private:
  static simdjson::dom::object source_of(simdjson::dom::object object) {
    simdjson::dom::object source;
    return object.at_key("_source").get(source) ? object : source;
  }

  static std::string_view after(std::string_view path, std::string_view now,
                                std::string_view before) {
    const std::string_view data = behind(path, now);
    return data.empty() ? behind(path, before) : data;
  }

  void begin() override {
    for (auto& text : found_) text.reset();
    has_.fill(false);
  }

  void note(std::string_view field) {
    for (std::size_t i = 0; i < moved_count; ++i) {
      if (moved[i].field == field) has_[i] = true;
    }
  }

  void end() override {
    put_back(Log::any);
    const std::string_view provider = draft().value(Role::provider);
    if (provider == "Microsoft-Windows-Sysmon") put_back(Log::sysmon);
    // Only of 4688 is the process of ECS the new process.
    if (provider == "Microsoft-Windows-Security-Auditing" && draft().event_id() == 4688) {
      put_back(Log::security);
    }
  }

  void put_back(Log log) {
    for (std::size_t i = 0; i < moved_count; ++i) {
      if (moved[i].log != log || !found_[i] || has_[i]) continue;
      note(moved[i].field);
      add(moved[i].section, moved[i].path, *found_[i], moved[i].field);
    }
  }

  std::array<std::optional<std::string_view>, moved_count> found_;
  std::array<bool, moved_count> has_{};
};

}  // namespace

std::unique_ptr<Shape> winlogbeat_shape() { return std::make_unique<Winlogbeat>(); }

}  // namespace escudo::sources
