// What makes two findings the same, and which comes first.

#include <algorithm>
#include <tuple>

#include "base/hash.hpp"
#include "findings/finding.hpp"

namespace escudo::findings {
namespace {

void append_text(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

int compare(const event::Value& a, const event::Value& b) {
  const auto left = a.values(), right = b.values();
  return left < right ? -1 : right < left ? 1 : 0;
}

bool row_before(const Finding& a, const Finding& b) {
  const std::size_t shared = std::min(a.fields.size(), b.fields.size());
  for (std::size_t i = 0; i < shared; ++i) {
    if (const int c = a.fields[i].first.compare(b.fields[i].first)) return c < 0;
    if (const int c = compare(a.fields[i].second, b.fields[i].second)) return c < 0;
  }
  if (a.fields.size() != b.fields.size()) return a.fields.size() < b.fields.size();
  return std::tie(a.rule->id, a.rule->path) < std::tie(b.rule->id, b.rule->path);
}

}  // namespace

bool comes_before(const Finding& a, const Finding& b) {
  if (a.first_time != b.first_time) {
    if (!a.first_time || !b.first_time) return a.first_time.has_value();
    return *a.first_time < *b.first_time;
  }
  if (const int c = a.rule->name.compare(b.rule->name)) return c < 0;
  return row_before(a, b);
}

void sort_findings(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, comes_before);
}

std::string finding_id(const rules::Rule& rule,
                       const std::vector<std::pair<std::string, event::Value>>& key,
                       std::optional<base::Time> window) {
  std::string text;
  append_text(text, rule.id);
  for (const auto& [name, value] : key) {
    const auto values = value.values();
    append_text(text, name);
    text += std::to_string(values.size());
    text += ':';
    for (const std::string& one : values) append_text(text, one);
  }
  if (window) {
    append_text(text, "window");
    text += "1:";
    append_text(text, base::format_utc(*window));
  }
  return base::sha256_hex(text).substr(0, 32);
}

}  // namespace escudo::findings
