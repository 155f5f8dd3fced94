#include "describe/description.hpp"

#include <yaml-cpp/yaml.h>

#include <array>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>

namespace escudo::writer {
namespace {

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash + 1);
}

// A number that looks arbitrary and is always the same.
std::uint64_t mixed(std::string_view seed, std::uint64_t n) {
  std::uint64_t h = 0xCBF29CE484222325u + n * 0x9E3779B97F4A7C15u;
  for (const char c : seed) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return h ^ h >> 29;
}

std::string text(const YAML::Node& node) { return node.as<std::string>(); }

std::vector<YAML::Node> list(const YAML::Node& node) {
  std::vector<YAML::Node> out;
  if (node && node.IsScalar()) out.push_back(node);
  if (node && node.IsSequence()) {
    for (const YAML::Node& item : node) out.push_back(item);
  }
  return out;
}

YAML::Node load(const std::string& path) {
  try {
    return YAML::LoadFile(path);
  } catch (const YAML::Exception& e) {
    throw std::runtime_error(path + ": " + e.what());
  }
}

// An event whose values are not made yet: the $ words in them need its time and place. Written
// values are copied out of the document, whose nodes change under assignment.
struct Written {
  std::vector<std::string> items;
  bool is_list = false;
  int line = 0;
};
struct Row {
  std::string name, type;
  Written value;
};
struct Draft {
  Event event;
  std::vector<Row> rows;
  std::optional<YAML::Node> user_data;
};

Written written(const YAML::Node& node) {
  Written w;
  for (const YAML::Node& item : list(node)) w.items.push_back(text(item));
  w.is_list = node.IsSequence();
  w.line = node.Mark().line + 1;
  if (w.items.empty() && !w.is_list) w.items.emplace_back();
  return w;
}

using Setter = std::function<void(Event&, const YAML::Node&)>;

const std::map<std::string, Setter>& setters() {
  static const std::map<std::string, Setter> table = {
      {"provider", [](Event& e, const YAML::Node& v) { e.provider = text(v); }},
      {"guid", [](Event& e, const YAML::Node& v) { e.provider_guid = text(v); }},
      {"source_name", [](Event& e, const YAML::Node& v) { e.source_name = text(v); }},
      {"event_id", [](Event& e, const YAML::Node& v) { e.event_id = v.as<std::uint16_t>(); }},
      {"qualifiers", [](Event& e, const YAML::Node& v) { e.qualifiers = v.as<std::uint16_t>(); }},
      {"version",
       [](Event& e, const YAML::Node& v) { e.version = static_cast<std::uint8_t>(v.as<int>()); }},
      {"level",
       [](Event& e, const YAML::Node& v) { e.level = static_cast<std::uint8_t>(v.as<int>()); }},
      {"opcode",
       [](Event& e, const YAML::Node& v) { e.opcode = static_cast<std::uint8_t>(v.as<int>()); }},
      {"task", [](Event& e, const YAML::Node& v) { e.task = v.as<std::uint16_t>(); }},
      {"keywords",
       [](Event& e, const YAML::Node& v) { e.keywords = std::stoull(text(v), nullptr, 0); }},
      {"channel", [](Event& e, const YAML::Node& v) { e.channel = text(v); }},
      {"computer", [](Event& e, const YAML::Node& v) { e.computer = text(v); }},
      {"user_sid", [](Event& e, const YAML::Node& v) { e.user_sid = text(v); }},
      {"process_id", [](Event& e, const YAML::Node& v) { e.process_id = v.as<std::uint32_t>(); }},
      {"thread_id", [](Event& e, const YAML::Node& v) { e.thread_id = v.as<std::uint32_t>(); }},
      {"activity_id", [](Event& e, const YAML::Node& v) { e.activity_id = text(v); }},
      {"title", [](Event& e, const YAML::Node& v) { e.title = text(v); }},
      {"task_name", [](Event& e, const YAML::Node& v) { e.task_name = text(v); }},
      {"opcode_name", [](Event& e, const YAML::Node& v) { e.opcode_name = text(v); }},
      {"time", [](Event& e, const YAML::Node& v) { e.time = filetime_from_text(text(v)); }},
      {"record_id", [](Event& e, const YAML::Node& v) { e.record_id = v.as<std::uint64_t>(); }},
      {"note", [](Event&, const YAML::Node&) {}},
      {"repeat", [](Event&, const YAML::Node&) {}},
      {"like", [](Event&, const YAML::Node&) {}},
  };
  return table;
}

class Reader {
 public:
  explicit Reader(std::string path) : path_(std::move(path)) {}

  std::vector<Event> read() {
    const YAML::Node root = load(path_);
    for (const YAML::Node& file : list(root["presets"])) {
      presets_.push_back(load(folder_of(path_) + text(file)));
    }
    if (root["start"]) time_ = filetime_from_text(text(root["start"]));
    if (root["step"]) step_ = static_cast<std::uint64_t>(root["step"].as<double>() * 1e7);
    if (root["first_record_id"]) record_id_ = root["first_record_id"].as<std::uint64_t>();
    std::vector<Event> events;
    for (const YAML::Node& node : root["events"]) {
      Draft draft;
      describe(node, draft);
      const int times = node["repeat"] ? node["repeat"].as<int>() : 1;
      for (int i = 0; i < times; ++i) events.push_back(placed(node, draft));
    }
    return events;
  }

 private:
  [[noreturn]] void fail(int line, const std::string& why) const {
    throw std::runtime_error(path_ + ":" + std::to_string(line) + ": " + why);
  }
  [[noreturn]] void fail(const YAML::Node& at, const std::string& why) const {
    fail(at.Mark().line + 1, why);
  }

  // What a node says, its preset first.
  void describe(const YAML::Node& node, Draft& draft) {
    if (node["like"]) describe(preset(node["like"]), draft);
    for (const auto& member : node) {
      const std::string key = text(member.first);
      const YAML::Node& value = member.second;
      if (key == "data")
        draft.rows = rows(value);
      else if (key == "set")
        change(value, draft);
      else if (key == "drop")
        drop(value, draft);
      else if (key == "user_data")
        draft.user_data.emplace(value);
      else if (const auto setter = setters().find(key); setter == setters().end()) {
        fail(member.first, "unknown key " + key);
      } else {
        guarded(value.Mark().line + 1, [&] { setter->second(draft.event, value); });
      }
    }
  }

  YAML::Node preset(const YAML::Node& name) const {
    for (const YAML::Node& file : presets_) {
      if (const YAML::Node found = file["presets"][text(name)]) return found;
    }
    fail(name, "no preset is named " + text(name));
  }

  template <class Do>
  void guarded(int line, Do&& act) const {
    try {
      act();
    } catch (const std::invalid_argument& e) {
      fail(line, e.what());
    } catch (const YAML::Exception& e) {
      fail(line, e.msg);
    }
  }

  std::vector<Row> rows(const YAML::Node& node) const {
    std::vector<Row> out;
    for (const YAML::Node& row : node) {
      if (!row.IsSequence() || row.size() < 2 || row.size() > 3)
        fail(row, "expected [name, value, type]");
      out.push_back({row[0].IsNull() ? "" : text(row[0]), row.size() == 3 ? text(row[2]) : "string",
                     written(row[1])});
    }
    return out;
  }

  void change(const YAML::Node& node, Draft& draft) const {
    for (const auto& member : node) {
      bool found = false;
      for (Row& row : draft.rows) {
        if (row.name == text(member.first)) row.value = written(member.second), found = true;
      }
      if (!found) fail(member.first, "the preset has no datum " + text(member.first));
    }
  }

  void drop(const YAML::Node& node, Draft& draft) const {
    for (const YAML::Node& name : list(node)) {
      if (std::erase_if(draft.rows, [&](const Row& row) { return row.name == text(name); }) == 0) {
        fail(name, "the preset has no datum " + text(name));
      }
    }
  }

  // The event where it stands in the file: its time, its number, its values.
  Event placed(const YAML::Node& node, const Draft& draft) {
    Event e = draft.event;
    if (e.time == 0 || !node["time"]) e.time = time_;
    if (!node["record_id"]) e.record_id = record_id_;
    time_ = e.time + step_;
    record_id_ = e.record_id + 1;
    for (const Row& row : draft.rows) e.data.push_back({row.name, value(row.value, row.type, e)});
    if (draft.user_data) {
      const YAML::Node& u = *draft.user_data;
      e.user_data = UserData{text(u["root"]), text(u["xmlns"]), {}};
      for (const YAML::Node& row : u["fields"]) e.user_data->fields.push_back(user_field(row, e));
    }
    ++index_;
    return e;
  }

  UserField user_field(const YAML::Node& row, const Event& e) const {
    if (!row.IsSequence() || row.size() < 2)
      fail(row, "expected [name, value, type] or [name, [[…], …]]");
    UserField f;
    f.name = text(row[0]);
    const bool nested = row[1].IsSequence() && row[1].size() > 0 && row[1][0].IsSequence();
    if (nested) {
      for (const YAML::Node& child : row[1]) f.children.push_back(user_field(child, e));
    } else {
      f.value = value(written(row[1]), row.size() == 3 ? text(row[2]) : "string", e);
    }
    return f;
  }

  // A list is an array of the type.
  Value value(const Written& w, const std::string& type, const Event& e) const {
    Value out;
    guarded(w.line, [&] {
      std::vector<Value> items;
      for (const std::string& item : w.items) items.push_back(Value::parse(type, word(item, e)));
      if (!w.is_list)
        out = items.at(0);
      else if (!items.empty())
        out = Value::array(items);
      else
        out = Value::empty_array(type == "string" ? Type::string : Value::parse(type, "0").type());
    });
    return out;
  }

  // $time, $guid and $pid, which differ from event to event and never from run to run; other text
  // as it is.
  std::string word(const std::string& as_written, const Event& e) const {
    if (!as_written.starts_with('$')) return as_written;
    const std::uint64_t h = mixed(path_.substr(folder_of(path_).size()), index_);
    std::array<char, 64> out{};
    if (as_written == "$time") {  // as Sysmon writes UtcTime
      const CalendarTime t = calendar(e.time);
      std::snprintf(out.data(), out.size(), "%04d-%02d-%02d %02d:%02d:%02d.%03u", t.year, t.month,
                    t.day, t.hour, t.minute, t.second, t.ticks / 10000);
    } else if (as_written == "$guid") {
      std::snprintf(out.data(), out.size(), "5e1fa6c2-%04x-%04x-%04x-000000000700",
                    static_cast<unsigned>(h & 0xFFFF), static_cast<unsigned>(h >> 16 & 0xFFFF),
                    static_cast<unsigned>(h >> 32 & 0xFFFF));
    } else if (as_written == "$pid") {
      return std::to_string(1000 + 4 * (h % 5000));
    } else {
      return as_written;
    }
    return out.data();
  }

  std::string path_;
  std::vector<YAML::Node> presets_;
  std::uint64_t time_ = filetime_from_text("2024-03-05T09:00:00Z"), step_ = 70'000'000,
                record_id_ = 1;
  std::uint64_t index_ = 0;
};

}  // namespace

std::vector<Event> read_description(const std::string& path) { return Reader(path).read(); }

}  // namespace escudo::writer
