// Tested by tests/unit/sources/auditd.cpp; fuzzed by tests/fuzz/auditd.cpp.

#include "sources/auditd/record.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace escudo::sources {
namespace {

constexpr char group_separator = '\x1d';  // before what `log_format = ENRICHED` adds

bool ends_value(char c) { return base::is_space(c) || c == group_separator; }

bool key_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || base::is_digit(c) || c == '_' ||
         c == '-' || c == '.' || c == '[' || c == ']';
}

bool key_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// "name=value " at the front of `text`, cut off.
std::optional<std::string_view> leading(std::string_view& text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  std::string_view after = text.substr(name.size());
  const std::size_t end = std::min(after.find(' '), after.size());
  if (end == 0 || end == after.size()) return std::nullopt;
  text = base::trim(after.substr(end));
  return after.substr(0, end);
}

// "1722950859.266:6994" without what it stands in.
std::optional<base::Time> audit_time(std::string_view stamp) {
  std::int64_t seconds = 0;
  const char* const end = stamp.data() + stamp.size();
  auto [at, error] = std::from_chars(stamp.data(), end, seconds);
  constexpr std::int64_t last = 253'402'300'799;  // the end of 9999
  if (error != std::errc{} || seconds < 0 || seconds > last) return std::nullopt;
  std::int64_t micros = 0, unit = 100'000;
  if (at < end && *at == '.') {
    for (++at; at < end && base::is_digit(*at); ++at, unit /= 10) micros += (*at - '0') * unit;
  }
  if (at == end || *at != ':') return std::nullopt;
  return base::Time(std::chrono::seconds(seconds) + std::chrono::microseconds(micros));
}

}  // namespace

std::optional<AuditHeader> audit_header(std::string_view line) {
  AuditHeader out;
  line = base::trim(line);
  if (auto node = leading(line, "node=")) out.node = *node;
  const auto type = leading(line, "type=");
  constexpr std::string_view opening = "msg=audit(";
  if (!type || !line.starts_with(opening)) return std::nullopt;
  out.type = *type;
  const std::size_t close = line.find(')');
  if (close == std::string_view::npos) return std::nullopt;
  const auto time = audit_time(line.substr(opening.size(), close - opening.size()));
  if (!time) return std::nullopt;
  out.time = *time;
  std::size_t end = close + 1;
  if (end < line.size() && line[end] == ':') ++end;
  out.msg = line.substr(4, end - 4);
  out.rest = line.substr(end);
  return out;
}

bool is_audit_separator(std::string_view line) {
  line = base::trim(line);
  return line.empty() || line == "----" || line.starts_with("time->");
}

void audit_fields(std::string_view rest,
                  const std::function<void(std::string_view, std::string_view)>& found) {
  bool in_message = false;  // within msg='…', which a quote ends
  std::size_t at = 0;
  while (at < rest.size()) {
    const std::size_t equals = rest.find('=', at);
    if (equals == std::string_view::npos) return;
    if (in_message && rest.substr(at, equals - at).find('\'') != std::string_view::npos) {
      in_message = false;
    }
    std::size_t begin = equals;
    while (begin > at && key_char(rest[begin - 1])) --begin;
    while (begin < equals && !key_start(rest[begin])) ++begin;
    const std::string_view key = rest.substr(begin, equals - begin);
    at = equals + 1;
    if (key.empty()) continue;
    if (at < rest.size() && rest[at] == '\'' && key == "msg" && !in_message) {
      in_message = true;
      ++at;
      continue;
    }
    std::string_view value;
    if (at < rest.size() && (rest[at] == '"' || (rest[at] == '\'' && !in_message))) {
      const std::size_t close = std::min(rest.find(rest[at], at + 1), rest.size());
      value = rest.substr(at + 1, close - at - 1);
      at = std::min(close + 1, rest.size());
    } else {
      std::size_t end = at;
      while (end < rest.size() && !ends_value(rest[end]) && !(in_message && rest[end] == '\'')) {
        ++end;
      }
      value = rest.substr(at, end - at);
      at = end;
    }
    found(key, value);
  }
}

}  // namespace escudo::sources
