#pragma once
// Event: what a log record says, free of any format. Everything under formats/ writes it down in
// one. Value type.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "binxml/filetime.hpp"
#include "binxml/value.hpp"

namespace escudo::writer {

struct Datum {
  std::string name;  // empty: an unnamed <Data>, as classic event sources write them
  Value value;
};

// <UserData><root xmlns="…"> … </root></UserData>
struct UserField {
  std::string name;
  Value value;  // ignored when there are children
  std::vector<UserField> children;
};
struct UserData {
  std::string root;
  std::string xmlns;
  std::vector<UserField> fields;
};

struct Event {
  std::string provider;
  std::string provider_guid;  // text without braces, may be empty
  std::string source_name;    // EventSourceName of classic providers, may be empty
  std::uint16_t event_id = 0;
  std::optional<std::uint16_t> qualifiers;
  std::uint8_t version = 0, level = 4, opcode = 0;
  std::uint16_t task = 0;
  std::uint64_t keywords = 0;
  std::uint64_t time = 0;  // FILETIME
  std::uint64_t record_id = 0;
  std::string activity_id, related_activity_id;  // GUID text, may be empty
  std::uint32_t process_id = 0, thread_id = 0;
  std::string channel, computer;
  std::string user_sid;  // may be empty; a plain number on Linux
  std::vector<Datum> data;
  std::optional<UserData> user_data;

  // What only rendered formats carry.
  std::string title;      // first line of the message: "Process Create:"
  std::string task_name;  // "Process Create (rule: ProcessCreate)"
  std::string opcode_name = "Info";

  const Datum* find(std::string_view name) const;
  // The message the way event viewers show it: the title, then a line a datum.
  std::string message() const;
};

}  // namespace escudo::writer
