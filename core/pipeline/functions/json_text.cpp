#include "pipeline/functions/json_text.hpp"

#include <charconv>

namespace escudo::pipeline {
namespace {

constexpr int kDeepest = 200;
// What {} on lists within lists may find.
constexpr std::size_t kMostFound = 1'000'000;

// nlohmann writes and destroys documents by recursion: depth is looked at before it reads one.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepest) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

void find(const Json& json, std::string_view path, std::vector<const Json*>& out);

// Takes the "{n}" or "{}" at the front of the path, if any, and goes on behind it.
void find_behind(const Json& json, std::string_view path, std::vector<const Json*>& out) {
  if (out.size() >= kMostFound) return;
  if (path.empty()) {
    out.push_back(&json);
    return;
  }
  if (path.front() == '.') return find(json, path.substr(1), out);
  const std::size_t close = path.find('}');
  if (path.front() != '{' || close == std::string_view::npos || !json.is_array()) return;
  const std::string_view number = path.substr(1, close - 1);
  const std::string_view rest = path.substr(close + 1);
  if (number.empty()) {
    for (const Json& element : json) find_behind(element, rest, out);
    return;
  }
  std::size_t n = 0;
  const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), n);
  if (error == std::errc{} && stop == number.data() + number.size() && n < json.size())
    find_behind(json[n], rest, out);
}

void find(const Json& json, std::string_view path, std::vector<const Json*>& out) {
  if (path.starts_with('{')) return find_behind(json, path, out);
  if (!json.is_object()) return;
  // The shortest name first; a longer one, with a point in it, when that leads nowhere.
  for (std::size_t end = path.find_first_of(".{");; end = path.find_first_of(".{", end + 1)) {
    const auto member = json.find(std::string(path.substr(0, end)));
    if (member != json.end()) {
      const std::size_t before = out.size();
      find_behind(*member, end == std::string_view::npos ? "" : path.substr(end), out);
      if (out.size() > before) return;
    }
    if (end == std::string_view::npos) return;
  }
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  if (too_deep(text)) return {};
  Json out = Json::parse(text.begin(), text.end(), nullptr, false);
  if (out.is_discarded()) return {};
  return out;
}

std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::string> json_value_text(const Json& json) {
  if (json.is_null()) return {};
  return json.is_string() ? json.get_ref<const std::string&>() : json_text(json);
}

std::vector<const Json*> json_at(const Json& root, std::string_view path) {
  std::vector<const Json*> out;
  find(root, path, out);
  return out;
}

}  // namespace escudo::pipeline
