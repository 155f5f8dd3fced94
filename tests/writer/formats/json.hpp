#pragma once
// The few lines of JSON the formats need: objects that keep the order of their members.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "describe/event.hpp"

namespace escudo::writer {

std::string json_text(std::string_view utf8);  // quoted; control characters as \u00XX

class JsonObject {
 public:
  JsonObject& text(std::string_view key, std::string_view value) {
    return raw(key, json_text(value));
  }
  JsonObject& number(std::string_view key, std::uint64_t value) {
    return raw(key, std::to_string(value));
  }
  JsonObject& signed_number(std::string_view key, std::int64_t value) {
    return raw(key, std::to_string(value));
  }
  JsonObject& raw(std::string_view key, std::string_view json);
  JsonObject& object(std::string_view key, const JsonObject& value) {
    return raw(key, value.done());
  }
  bool empty() const { return members_.empty(); }
  std::string done() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

// UserData without its nesting: a member a leaf, all texts.
void add_user_fields(JsonObject& object, const std::vector<UserField>& fields);

}  // namespace escudo::writer
