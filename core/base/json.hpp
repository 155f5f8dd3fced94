#pragma once
// JsonWriter: appends JSON to a string, members in the order they are written (the order of keys is
// part of the output contract). Strings are escaped so that the result is ASCII-safe for control
// characters and valid UTF-8 (bad bytes become U+FFFD). Not thread-safe. Reading JSON is the
// business of sources/jsonl; small documents are read with nlohmann::json where they are needed.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace escudo::base {

// Shortest text of a number that reads back equal; integers without a point ("25", "0.5",
// "1e+300").
std::string number_text(double value);
void append_json_string(std::string& out, std::string_view utf8);

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { open('{'); return *this; }
  JsonWriter& end_object() { close('}'); return *this; }
  JsonWriter& begin_array() { open('['); return *this; }
  JsonWriter& end_array() { close(']'); return *this; }
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(double number);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(bool flag);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // already JSON
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) { return key(name).value(v); }

 private:
  void comma();
  void open(char c);
  void close(char c);
  std::string& out_;
  std::vector<bool> first_;
  bool after_key_ = false;
};

}  // namespace escudo::base
