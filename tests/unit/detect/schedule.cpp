#include "detect/schedule.hpp"

#include "catch.hpp"
#include "detect/throttle.hpp"

using namespace escudo;

namespace {

base::Time at(const char* text) { return *base::parse_time(text); }

std::string next(const char* cron, const char* from) {
  const auto parsed = detect::Cron::parse(cron);
  if (!parsed) return "malformed";
  const auto t = parsed->after(at(from));
  return t ? base::format_utc(*t) : "never";
}

rules::Rule scheduled(const char* cron, const char* earliest, const char* latest) {
  rules::Rule rule;
  rule.cron = cron;
  rule.earliest = earliest;
  rule.latest = latest;
  return rule;
}

}  // namespace

TEST_CASE("cron lines") {
  CHECK(next("0 * * * *", "2024-03-05T09:00:00Z") == "2024-03-05T10:00:00Z");
  CHECK(next("*/20 8-9 * * *", "2024-03-05T09:40:00Z") == "2024-03-06T08:00:00Z");
  CHECK(next("5,7 0 29 2 *", "2024-03-05T09:40:00Z") == "2028-02-29T00:05:00Z");
  CHECK(next("0 0 * * 7", "2024-03-05T00:00:00Z") == "2024-03-10T00:00:00Z");
  CHECK(next("0 0 13 * 5", "2024-03-05T00:00:00Z") == "2024-03-08T00:00:00Z");   // either day will do
  CHECK(next("0 0 30 2 *", "2024-03-05T00:00:00Z") == "never");
  for (const char* bad : {"", "* * * *", "60 * * * *", "*/0 * * * *", "5-1 * * * *", "a * * * *"}) CHECK(next(bad, "2024-03-05T00:00:00Z") == "malformed");
}

TEST_CASE("a rule without a schedule runs hourly over the hour that ended ten minutes before") {
  const auto schedule = detect::Schedule::of(rules::Rule{});
  const auto window = schedule.holding(at("2024-03-05T09:49:59Z"), {});
  REQUIRE(window);
  CHECK(window->start == at("2024-03-05T08:50:00Z"));
  CHECK(window->end == at("2024-03-05T09:50:00Z"));
  CHECK(window->due == at("2024-03-05T10:00:00Z"));
  CHECK(schedule.holding(at("2024-03-05T09:50:00Z"), {})->start == at("2024-03-05T09:50:00Z"));
  CHECK_FALSE(schedule.holding(at("2024-03-05T09:40:00Z"), window->run));   // its window is over
}

TEST_CASE("windows that overlap hold an event until the last of them is over") {
  const auto schedule = detect::Schedule::of(scheduled("*/5 * * * *", "-15m@m", "now"));
  const auto first = schedule.holding(at("2024-03-05T09:01:00Z"), {});
  REQUIRE(first);
  CHECK(first->run == at("2024-03-05T09:05:00Z"));
  CHECK(first->due == at("2024-03-05T09:06:00Z"));   // late events have a minute at least
  CHECK(schedule.holding(at("2024-03-05T09:01:00Z"), at("2024-03-05T09:10:00Z"))->run == at("2024-03-05T09:15:00Z"));
  CHECK_FALSE(schedule.holding(at("2024-03-05T09:01:00Z"), at("2024-03-05T09:15:00Z")));
}

TEST_CASE("a schedule that makes no sense is said and the usual one used") {
  std::string problem;
  CHECK(detect::Schedule::of(scheduled("soon", "-70m@m", "-10m@m"), &problem).text() == "[-70m@m, -10m@m) at 0 * * * *");
  CHECK(problem.find("no cron line") != std::string::npos);
  problem.clear();
  CHECK(detect::Schedule::of(scheduled("0 * * * *", "-1h", "-2h"), &problem).text() == "[-70m@m, -10m@m) at 0 * * * *");
  CHECK(problem.find("no window") != std::string::npos);
}

TEST_CASE("periods of throttling") {
  using namespace std::chrono;
  CHECK(detect::parse_period("86400s") == base::Duration(hours(24)));
  CHECK(detect::parse_period(" 1d ") == base::Duration(hours(24)));
  CHECK(detect::parse_period("90") == base::Duration(seconds(90)));
  CHECK(detect::parse_period("2 weeks") == std::nullopt);
  CHECK(detect::parse_period("") == std::nullopt);
}
