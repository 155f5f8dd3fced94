// Tested by tests/unit/detect/schedule.cpp.
#include "detect/schedule.hpp"

#include <algorithm>
#include <chrono>

#include "base/text.hpp"

namespace escudo::detect {
namespace {

using namespace std::chrono;

constexpr const char* kCron = "0 * * * *";
constexpr const char* kEarliest = "-70m@m";
constexpr const char* kLatest = "-10m@m";
constexpr base::Duration kLateness = minutes(1);   // at least, between a window's end and its search

std::optional<int> whole(std::string_view text) {
  if (text.empty() || text.size() > 4 || !std::all_of(text.begin(), text.end(), base::is_digit)) return {};
  int n = 0;
  for (char c : text) n = n * 10 + (c - '0');
  return n;
}

// One field: lists of N, N-M, *, each with /STEP. False when it is malformed.
template <std::size_t N>
bool read_field(std::string_view text, int low, int high, std::bitset<N>& out) {
  for (std::string_view part : base::split(text, ',')) {
    int step = 1;
    const std::size_t slash = part.find('/');
    if (slash != std::string_view::npos) {
      const auto n = whole(part.substr(slash + 1));
      if (!n || *n == 0) return false;
      step = *n;
      part = part.substr(0, slash);
    }
    int from = low, to = high;
    if (part != "*") {
      const std::size_t dash = part.find('-');
      const auto a = whole(part.substr(0, dash));
      const auto b = dash == std::string_view::npos ? a : whole(part.substr(dash + 1));
      if (!a || !b) return false;
      from = *a;
      to = dash == std::string_view::npos && slash != std::string_view::npos ? high : *b;
    }
    if (from < low || to > high || from > to) return false;
    for (int k = from; k <= to; k += step) out.set(static_cast<std::size_t>(k));
  }
  return out.any();
}

}  // namespace

std::optional<Cron> Cron::parse(std::string_view line) {
  std::vector<std::string> fields;
  for (std::string_view word : base::split(line, ' '))
    if (!base::trim(word).empty()) fields.emplace_back(base::trim(word));
  if (fields.size() != 5) return {};
  Cron out;
  std::bitset<8> weekdays;
  if (!read_field(fields[0], 0, 59, out.minutes_) || !read_field(fields[1], 0, 23, out.hours_) ||
      !read_field(fields[2], 1, 31, out.days_) || !read_field(fields[3], 1, 12, out.months_) ||
      !read_field(fields[4], 0, 7, weekdays))
    return {};
  for (std::size_t k = 0; k < 8; ++k)
    if (weekdays[k]) out.weekdays_.set(k % 7);
  out.any_day_ = fields[2].starts_with('*');
  out.any_weekday_ = fields[4].starts_with('*');
  return out;
}

std::optional<base::Time> Cron::after(base::Time t) const {
  auto minute = floor<minutes>(t) + minutes(1);
  const auto end = minute + years(8);
  while (minute < end) {
    const auto day = floor<days>(minute);
    const year_month_day date(day);
    const bool day_fits = days_[static_cast<unsigned>(date.day())];
    const bool weekday_fits = weekdays_[weekday(day).c_encoding()];
    const bool fits = any_day_ ? weekday_fits : any_weekday_ ? day_fits : day_fits || weekday_fits;
    if (!months_[static_cast<unsigned>(date.month())] || !fits) {
      minute = day + days(1);
      continue;
    }
    const auto hour = floor<hours>(minute);
    if (!hours_[static_cast<std::size_t>((hour - day).count())]) {
      minute = hour + hours(1);
      continue;
    }
    if (minutes_[static_cast<std::size_t>((minute - hour).count())]) return base::Time(minute);
    minute += minutes(1);
  }
  return {};
}

Schedule Schedule::of(const rules::Rule& rule, std::string* problem) {
  const auto complain = [&](const std::string& what) {
    if (problem) *problem = what + "; the usual schedule is used";
  };
  Schedule out;
  out.cron_text_ = rule.cron.empty() ? kCron : rule.cron;
  if (auto cron = Cron::parse(out.cron_text_)) {
    out.cron_ = *cron;
  } else {
    complain("`" + out.cron_text_ + "` is no cron line");
    out.cron_text_ = kCron;
    out.cron_ = *Cron::parse(kCron);
  }
  // All time has no window; so has a range that never ends.
  const bool given = !rule.earliest.empty() && rule.earliest != "0";
  out.earliest_text_ = given ? rule.earliest : kEarliest;
  out.latest_text_ = given ? (rule.latest.empty() ? "now" : rule.latest) : kLatest;
  auto earliest = pipeline::TimeModifier::parse(out.earliest_text_);
  auto latest = pipeline::TimeModifier::parse(out.latest_text_);
  const base::Time probe = base::from_epoch_seconds(1'600'000'000);
  const auto start = earliest ? earliest->apply(probe) : std::nullopt;
  const auto end = latest ? latest->apply(probe) : std::nullopt;
  if (!start || !end || *start >= *end) {
    complain("`" + out.earliest_text_ + "` to `" + out.latest_text_ + "` is no window");
    out.earliest_text_ = kEarliest;
    out.latest_text_ = kLatest;
    earliest = pipeline::TimeModifier::parse(kEarliest);
    latest = pipeline::TimeModifier::parse(kLatest);
  }
  out.earliest_ = *earliest;
  out.latest_ = *latest;
  return out;
}

std::optional<Window> Schedule::after(base::Time t) const {
  for (int tries = 0; tries < 100; ++tries) {
    const auto run = cron_.after(t);
    if (!run) return {};
    const auto start = earliest_.apply(*run), end = latest_.apply(*run);
    if (start && end && *start < *end) return Window{*run, *start, *end, std::max(*run, *end + kLateness)};
    t = *run;
  }
  return {};
}

std::optional<Window> Schedule::holding(base::Time t, std::optional<base::Time> closed) const {
  // Runs before the event cannot have it: no window reaches into the future.
  std::optional<Window> window = after(closed ? std::max(*closed, t - base::Duration(1)) : t - base::Duration(1));
  while (window && window->end <= t) window = after(window->run);
  if (window && window->start <= t) return window;
  return {};
}

std::string Schedule::text() const { return "[" + earliest_text_ + ", " + latest_text_ + ") at " + cron_text_; }

}  // namespace escudo::detect
