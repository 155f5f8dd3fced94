#include "formats/json.hpp"

namespace escudo::writer {

std::string json_text(std::string_view utf8) {
  std::string out = "\"";
  for (const char c : utf8) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) {
          out += c;
        } else {
          const char* digits = "0123456789abcdef";
          out += std::string("\\u00") + digits[c >> 4] + digits[c & 15];
        }
    }
  }
  return out + "\"";
}

JsonObject& JsonObject::raw(std::string_view key, std::string_view json) {
  if (!members_.empty()) members_ += ",";
  members_ += json_text(key);
  members_ += ":";
  members_ += json;
  return *this;
}

void add_user_fields(JsonObject& object, const std::vector<UserField>& fields) {
  for (const UserField& f : fields) {
    if (f.children.empty()) object.text(f.name, f.value.text());
    add_user_fields(object, f.children);
  }
}

}  // namespace escudo::writer
