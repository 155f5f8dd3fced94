#include "pipeline/time_modifier.hpp"

#include <algorithm>
#include <chrono>

#include "base/text.hpp"

namespace escudo::pipeline {
namespace {

namespace chr = std::chrono;

constexpr std::int64_t kSecond = 1'000'000, kDay = 86'400 * kSecond, kWeek = 7 * kDay;

struct Unit {
  std::string_view name;
  std::int64_t micros;
  int months;
};
constexpr Unit kUnits[] = {
    {"us", 1, 0},
    {"ms", 1000, 0},
    {"cs", 10'000, 0},
    {"ds", 100'000, 0},
    {"s", kSecond, 0},
    {"sec", kSecond, 0},
    {"secs", kSecond, 0},
    {"second", kSecond, 0},
    {"seconds", kSecond, 0},
    {"m", 60 * kSecond, 0},
    {"min", 60 * kSecond, 0},
    {"mins", 60 * kSecond, 0},
    {"minute", 60 * kSecond, 0},
    {"minutes", 60 * kSecond, 0},
    {"h", 3600 * kSecond, 0},
    {"hr", 3600 * kSecond, 0},
    {"hrs", 3600 * kSecond, 0},
    {"hour", 3600 * kSecond, 0},
    {"hours", 3600 * kSecond, 0},
    {"d", kDay, 0},
    {"day", kDay, 0},
    {"days", kDay, 0},
    {"w", kWeek, 0},
    {"week", kWeek, 0},
    {"weeks", kWeek, 0},
    {"mon", 0, 1},
    {"month", 0, 1},
    {"months", 0, 1},
    {"q", 0, 3},
    {"qtr", 0, 3},
    {"qtrs", 0, 3},
    {"quarter", 0, 3},
    {"quarters", 0, 3},
    {"y", 0, 12},
    {"yr", 0, 12},
    {"yrs", 0, 12},
    {"year", 0, 12},
    {"years", 0, 12},
};

const Unit* find_unit(std::string_view name) {
  for (const Unit& unit : kUnits)
    if (base::iequals(unit.name, name)) return &unit;
  return nullptr;
}

// Months since year 0, and the day, with what is left of it.
struct Months {
  std::int64_t index;
  unsigned day;
  chr::microseconds rest;
};

Months months_of(base::Time t) {
  const chr::sys_days day = chr::floor<chr::days>(t);
  const chr::year_month_day date(day);
  return {
      std::int64_t{static_cast<int>(date.year())} * 12 + static_cast<unsigned>(date.month()) - 1,
      static_cast<unsigned>(date.day()), t - day};
}

// The day is cut to the month's length: a month after January 31st is February 28th or 29th.
std::optional<base::Time> time_of(const Months& m) {
  const std::int64_t year = m.index >= 0 ? m.index / 12 : (m.index - 11) / 12;
  if (year < 0 || year > 9999) return {};
  const chr::year_month month(chr::year(static_cast<int>(year)),
                              chr::month(static_cast<unsigned>(m.index - year * 12 + 1)));
  const unsigned last = static_cast<unsigned>((month / chr::last).day());
  const chr::sys_days day = month / chr::day(std::min(m.day, last));
  return chr::time_point_cast<base::Duration>(day) + m.rest;
}

std::int64_t floored(std::int64_t n, std::int64_t unit) {
  const std::int64_t rest = n % unit;
  return n - (rest < 0 ? rest + unit : rest);
}

}  // namespace

std::optional<TimeModifier> TimeModifier::parse(std::string_view text) {
  TimeModifier out;
  text = base::trim(text);
  if (base::iequals(text, "now")) return out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t step_begin = at;
    Step step;
    step.snap = text[at] == '@';
    int sign = 1;
    if (step.snap || text[at] == '+' || text[at] == '-') sign = text[at++] == '-' ? -1 : 1;
    if (!step.snap) {
      // A sign alone means one: "-d".
      const std::size_t begin = at;
      for (; at < text.size() && base::is_digit(text[at]); ++at) {
        step.count = step.count * 10 + (text[at] - '0');
        if (step.count > 1'000'000'000'000) return {};
      }
      if (at == begin) step.count = 1;
      step.count *= sign;
    }
    const std::size_t begin = at;
    while (at < text.size() && base::ascii_lower(text[at]) >= 'a' &&
           base::ascii_lower(text[at]) <= 'z')
      ++at;
    const Unit* unit = find_unit(text.substr(begin, at - begin));
    if (!unit && at == begin && !step.snap) unit = find_unit("s");  // "-30" is seconds
    if (!unit || at == step_begin) return {};  // a step that reads nothing would be read for ever
    step.micros = unit->micros;
    step.months = unit->months;
    if (step.snap && step.micros == kWeek) {
      // @w is @w0, Sunday; @w7 is Sunday too.
      step.weekday = 0;
      if (at < text.size() && text[at] >= '0' && text[at] <= '7')
        step.weekday = (text[at++] - '0') % 7;
    }
    out.steps_.push_back(step);
  }
  return out;
}

std::optional<base::Time> TimeModifier::apply(base::Time t) const {
  for (const Step& step : steps_) {
    if (step.months) {
      Months m = months_of(t);
      if (step.snap) {
        m = {floored(m.index, step.months), 1, {}};
      } else {
        std::int64_t distance = 0;
        if (__builtin_mul_overflow(step.count, std::int64_t{step.months}, &distance)) return {};
        m.index += distance;
      }
      const auto moved = time_of(m);
      if (!moved) return {};
      t = *moved;
      continue;
    }
    std::int64_t count = t.time_since_epoch().count();
    if (!step.snap) {
      std::int64_t distance = 0;
      if (__builtin_mul_overflow(step.count, step.micros, &distance)) return {};
      if (__builtin_add_overflow(count, distance, &count)) return {};
    } else if (step.weekday >= 0) {
      // 1970 began on a Thursday: the Sunday before it is four days earlier.
      const std::int64_t shift = (4 - step.weekday) * kDay;
      count = floored(count + shift, kWeek) - shift;
    } else {
      count = floored(count, step.micros);
    }
    t = base::Time(base::Duration(count));
  }
  return t;
}

}  // namespace escudo::pipeline
