// What a row is worth, and for whom.

#include <algorithm>

#include "findings/finding.hpp"

namespace escudo::findings {
namespace {

using Fields = std::vector<std::pair<std::string, event::Value>>;

const event::Value* find(const Fields& fields, const std::string& name) {
  const auto it = std::ranges::find(fields, name, &Fields::value_type::first);
  return it == fields.end() ? nullptr : &it->second;
}

// The distinct values of a field that name somebody or something.
std::vector<std::string> names_in(const Fields& fields, const std::string& field) {
  std::vector<std::string> out;
  const event::Value* value = find(fields, field);
  if (!value) return out;
  for (std::string& text : value->values()) {
    if (text.empty() || text == "null") continue;
    if (std::ranges::find(out, text) == out.end()) out.push_back(std::move(text));
  }
  return out;
}

std::string joined(const event::Value& value) {
  if (!value.is_many()) return value.text();
  std::string out;
  for (const std::string& text : value.as_many()) {
    if (!out.empty()) out += ", ";
    out += text;
  }
  return out;
}

// Names that are tokens even when the row has no such field; "$5 and $" in running text is none.
bool looks_like_field(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == ':' || c == '-' || c == '{' || c == '}';
  });
}

}  // namespace

std::string fill_message(const std::string& message, const Fields& fields) {
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = message.find('$', at);
    const std::size_t close = open == std::string::npos ? open : message.find('$', open + 1);
    if (close == std::string::npos) return out + message.substr(at);
    out.append(message, at, open - at);
    const std::string name = message.substr(open + 1, close - open - 1);
    const event::Value* value = find(fields, name);
    if (value && !value->is_null()) {
      out += joined(*value);
      at = close + 1;
    } else if (looks_like_field(name)) {
      out.append(message, open, close - open + 1);
      at = close + 1;
    } else {
      out += '$';
      at = open + 1;
    }
  }
}

std::vector<std::string> message_tokens(const std::string& message) {
  std::vector<std::string> out;
  std::size_t open = message.find('$');
  while (open != std::string::npos) {
    const std::size_t close = message.find('$', open + 1);
    if (close == std::string::npos) break;
    std::string name = message.substr(open + 1, close - open - 1);
    if (!looks_like_field(name)) {
      open = close;
      continue;
    }
    if (std::ranges::find(out, name) == out.end()) out.push_back(std::move(name));
    open = message.find('$', close + 1);
  }
  return out;
}

std::optional<Risk> score(const rules::Rule& rule, const Fields& fields) {
  if (!rule.risk) return {};
  Risk risk;
  risk.message = fill_message(rule.risk->message, fields);
  for (const rules::RiskObject& object : rule.risk->objects) {
    for (std::string& name : names_in(fields, object.field)) {
      risk.score = std::max(risk.score, object.score);
      risk.objects.push_back({object.field, object.type, std::move(name), object.score});
    }
  }
  if (risk.objects.empty()) risk.score = rule.risk->score();
  for (const rules::ThreatObject& threat : rule.risk->threats) {
    for (std::string& name : names_in(fields, threat.field)) {
      risk.threats.push_back({threat.field, threat.type, std::move(name)});
    }
  }
  return risk;
}

}  // namespace escudo::findings
