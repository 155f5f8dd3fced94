// Tested by tests/unit/detect/schedule.cpp and tests/unit/runtime/tail_test.cpp.
#include "detect/throttle.hpp"

#include <algorithm>

#include "base/pack.hpp"
#include "base/text.hpp"
#include "event/value.hpp"

namespace escudo::detect {

std::optional<base::Duration> parse_period(std::string_view text) {
  text = base::trim(text);
  std::size_t digits = 0;
  while (digits < text.size() && base::is_digit(text[digits])) ++digits;
  const auto n = event::parse_number(text.substr(0, digits));
  if (!n || digits > 9) return {};
  const std::string unit = base::to_lower(std::string(text.substr(digits)));
  double seconds = 0;
  if (unit.empty() || unit == "s" || unit == "sec" || unit == "secs" || unit == "second" || unit == "seconds") seconds = 1;
  else if (unit == "m" || unit == "min" || unit == "mins" || unit == "minute" || unit == "minutes") seconds = 60;
  else if (unit == "h" || unit == "hr" || unit == "hrs" || unit == "hour" || unit == "hours") seconds = 3600;
  else if (unit == "d" || unit == "day" || unit == "days") seconds = 86400;
  else return {};
  return std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(*n * seconds));
}

Throttle::Throttle(const rules::Rule& rule, LiveState& state) : state_(state) {
  const auto period = parse_period(rule.throttle_period);
  if (rule.throttle_fields.empty() || !period) return;
  fields_ = rule.throttle_fields;
  period_ = *period;
  space_ = state.space("throttle|" + rule.id + "|" + rule.name);
}

bool Throttle::admits(const findings::Finding& finding, base::Time now) {
  if (fields_.empty()) return true;
  std::string key;
  base::Packer out(key);
  for (const std::string& name : fields_) {
    const auto field = std::ranges::find(finding.fields, name, [](const auto& f) { return f.first; });
    out.text(field == finding.fields.end() ? std::string() : field->second.text());
  }
  const base::Time at = finding.last_time.value_or(now);
  if (const auto until = state_.get(space_, key)) {
    base::Unpacker in(*until);
    if (at < base::Time(base::Duration(in.signed_number()))) return false;
  }
  std::string until;
  base::Packer(until).signed_number((at + period_).time_since_epoch().count());
  state_.put(space_, key, until);
  return true;
}

void Throttle::expire(base::Time now) {
  if (fields_.empty()) return;
  std::vector<std::string> over;
  state_.each(space_, [&](std::string_view key, std::string_view bytes) {
    base::Unpacker in(bytes);
    if (base::Time(base::Duration(in.signed_number())) <= now) over.emplace_back(key);
    return true;
  });
  for (const std::string& key : over) state_.erase(space_, key);
}

}  // namespace escudo::detect
