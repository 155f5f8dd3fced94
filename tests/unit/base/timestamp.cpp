#include "base/timestamp.hpp"

#include <cmath>
#include <limits>

#include "base/civil.hpp"
#include "catch.hpp"

using namespace escudo::base;

namespace {

// The calendar's twin: std::chrono, where its years reach.
Time at(int y, unsigned m, unsigned d, int hh = 0, int mm = 0, int ss = 0, int micros = 0) {
  using namespace std::chrono;
  return sys_days(year(y) / month(m) / day(d)) + hours(hh) + minutes(mm) + seconds(ss) +
         microseconds(micros);
}

const Time noon = at(2020, 9, 14, 12, 6, 1, 826000);

}  // namespace

TEST_CASE("times in ISO 8601 and near it are read") {
  struct Row {
    std::string_view text;
    Time time;
  };
  const Row rows[] = {
      {"2020-09-14T12:06:01.8260000Z", noon},
      {"2020-09-14T12:06:01.826Z", noon},
      {"2020-09-14 12:06:01,826", noon},
      {"2020-09-14T12:06:01.826000999Z", noon},
      {"2020-09-14T12:06:01.82600012345678901Z", noon},
      {"  2020-09-14t12:06:01.826z\r\n", noon},
      {"2020-09-14 12:06:01.826 UTC", noon},
      {"2020-09-14 12:06:01.826 GMT", noon},
      {"2020-09-14T14:06:01.826+02:00", noon},
      {"2020-09-14T14:06:01.826+0200", noon},
      {"2020-09-14T14:06:01.826+02", noon},
      {"2020-09-14T08:36:01.826 -03:30", noon},
      {"2020-09-14T12:06:01", at(2020, 9, 14, 12, 6, 1)},
      {"2020-09-14 12:06", at(2020, 9, 14, 12, 6)},
      {"2020/09/14 12:06", at(2020, 9, 14, 12, 6)},
      {"2020-09-14", at(2020, 9, 14)},
      {"2020-09-14T12:06:01.000000900Z", at(2020, 9, 14, 12, 6, 1)},
      {"2020-09-14T12:06:01.0000019Z", at(2020, 9, 14, 12, 6, 1, 1)},
      {"2016-12-31T23:59:60Z", at(2017, 1, 1)},
      {"2020-02-29", at(2020, 2, 29)},
      {"2000-02-29", at(2000, 2, 29)},
      {"1969-12-31T23:59:59.5Z", at(1969, 12, 31, 23, 59, 59, 500000)},
      {"1601-01-01T00:00:00Z", at(1601, 1, 1)},
      {"0001-01-01", at(1, 1, 1)},
      {"9999-12-31T23:59:59Z", at(9999, 12, 31, 23, 59, 59)},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto time = parse_time(row.text);
    REQUIRE(time);
    CHECK(*time == row.time);
  }
}

TEST_CASE("what is no time is not read as one") {
  for (const std::string_view text :
       {"", " ", "now", "2020", "2020-9-14", "2020-13-01", "2020-00-01", "2020-01-32", "2021-02-29",
        "1900-02-29", "2020-09-14T", "2020-09-14T12", "2020-09-14T12:6", "2020-09-14T24:00:00",
        "2020-09-14T12:60", "2020-09-14T12:06:61", "2020-09-14T12:06:01.", "2020-09-14T12:06:01.x",
        "2020-09-14T12:06:01+", "2020-09-14T12:06:01+2", "2020-09-14T12:06:01+02:",
        "2020-09-14T12:06:01+24:00", "2020-09-14T12:06:01+02:60", "2020-09-14T12:06:01 CEST",
        "2020-09-14T12:06:01Zx", "2020-09-14x12:06", "20200914T120601Z", "-2020-09-14",
        "2020-09-14T12:-6:01", "1600085161"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_time(text));
  }
}

TEST_CASE("the calendar agrees with the standard library's, day by day") {
  using namespace std::chrono;
  const std::int64_t from = days_from_civil({-800, 1, 1}), to = days_from_civil({4000, 1, 1});
  Civil last = civil_from_days(from - 1);
  for (std::int64_t n = from; n < to; ++n) {
    const Civil date = civil_from_days(n);
    const year_month_day ymd{sys_days(days(n))};
    const std::chrono::weekday day{sys_days(days(n))};
    const bool same = date.year == int(ymd.year()) &&
                      date.month == static_cast<int>(unsigned(ymd.month())) &&
                      date.day == static_cast<int>(unsigned(ymd.day())) &&
                      days_from_civil(date) == n &&
                      escudo::base::weekday(n) == static_cast<int>(day.c_encoding());
    if (!same || date == last) FAIL("day " << n);
    last = date;
  }
  SUCCEED();
}

TEST_CASE("seconds since 1970 keep their microseconds") {
  CHECK(to_epoch_seconds(noon) == 1600085161.826);
  CHECK(from_epoch_seconds(1600085161.826) == noon);
  CHECK(from_epoch_seconds(-0.5) == at(1969, 12, 31, 23, 59, 59, 500000));
  CHECK(from_epoch_seconds(4102444799.999999) == at(2099, 12, 31, 23, 59, 59, 999999));
  CHECK(from_epoch_seconds(1e300) == Time::max());
  CHECK(from_epoch_seconds(-std::numeric_limits<double>::infinity()) == Time::min());
  CHECK(from_epoch_seconds(std::nan("")) == Time{});
}

TEST_CASE("FILETIME goes both ways, over its whole range") {
  CHECK(from_filetime(0) == at(1601, 1, 1));
  CHECK(from_filetime(132'445'587'618'260'000) == noon);
  CHECK(to_filetime(noon) == 132'445'587'618'260'000);
  CHECK(to_filetime(at(1600, 1, 1)) == 0);
  CHECK(to_filetime(Time::min()) == 0);
  CHECK(to_filetime(Time::max()) == std::numeric_limits<std::uint64_t>::max());
  CHECK(format_utc(from_filetime(std::numeric_limits<std::uint64_t>::max())) ==
        "60056-05-28T05:36:10Z");
}

TEST_CASE("UTC is written cut downwards") {
  CHECK(format_utc(noon) == "2020-09-14T12:06:01Z");
  CHECK(format_utc_micros(noon) == "2020-09-14T12:06:01.826000Z");
  CHECK(format_utc(Time{} - Duration(1)) == "1969-12-31T23:59:59Z");
  CHECK(format_utc_micros(Time{} - Duration(1)) == "1969-12-31T23:59:59.999999Z");
  CHECK(format_utc(at(1, 1, 1)) == "0001-01-01T00:00:00Z");
  CHECK(format_utc(at(0, 1, 1) - Duration(1)) == "-0001-12-31T23:59:59Z");
  CHECK(format_utc(Time::max()).size() > 20);
  CHECK(format_utc(Time::min()).front() == '-');
}

TEST_CASE("format_time knows every conversion") {
  struct Row {
    std::string_view format, text;
  };
  const Row rows[] = {
      {"%Y-%m-%dT%H:%M:%S", "2020-09-14T12:06:01"},
      {"%y %C %j %e %d", "20 20 258 14 14"},
      {"%b %B %h %a %A %w %u", "Sep September Sep Mon Monday 1 1"},
      {"%I %l %k %p", "12 12 12 PM"},
      {"%T|%D|%F|%R|%r", "12:06:01|09/14/20|2020-09-14|12:06|12:06:01 PM"},
      {"%c|%x|%X|%+",
       "Mon Sep 14 12:06:01 2020|09/14/20|12:06:01|Mon Sep 14 12:06:01 UTC 2020"},
      {"%s %s.%3N", "1600085161 1600085161.826"},
      {"%N %3N %6N %9N %1N", "826000000 826 826000 826000000 8"},
      {"%Q %3Q %6Q %9Q %f", "826 826 826000 826000000 826000"},
      {"%Z %z %:z", "UTC +0000 +00:00"},
      {"%U %W %V %G %g", "37 37 38 2020 20"},
      {"%n%t%%", "\n\t%"},
      {"%i %5 %E 100%", "%i %5 %E 100%"},
      {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.format);
    CHECK(format_time(noon, row.format) == row.text);
  }
}

TEST_CASE("weeks, twelve-hour clocks and padding at their edges") {
  CHECK(format_time(at(2021, 1, 3, 0, 5), "%G-W%V-%u %U %W %I:%M %p %l %k %e %j") ==
        "2020-W53-7 01 00 12:05 AM 12  0  3 003");
  CHECK(format_time(at(2020, 12, 31, 13), "%G-W%V-%u %U %W %I %p") == "2020-W53-4 52 52 01 PM");
  CHECK(format_time(at(2018, 12, 31), "%G-W%V-%u %g %U %W") == "2019-W01-1 19 52 53");
  CHECK(format_time(at(2017, 1, 1), "%G-W%V-%u %U %W") == "2016-W52-7 01 00");
  CHECK(format_time(at(1969, 12, 31, 23, 59, 59, 999999), "%s %6N") == "-1 999999");
}

TEST_CASE("parse_time reads what its format says") {
  struct Row {
    std::string_view text, format;
    Time time;
  };
  const Row rows[] = {
      {"2020-09-14T12:06:01.826Z", "%Y-%m-%dT%H:%M:%S.%3NZ", noon},
      {"2020-09-14T12:06:01.826000", "%Y-%m-%dT%H:%M:%S.%6N", noon},
      {"2020-09-14T12:06:01.826000000", "%FT%T.%9N", noon},
      {"2020-09-14 12:06:01.826", "%F %T.%Q", noon},
      {"2020-09-14 12:06:01.826", "%F %T.%f", noon},
      {"Mon, 14 Sep 2020 14:06:01 +0200", "%a, %d %b %Y %H:%M:%S %z", at(2020, 9, 14, 12, 6, 1)},
      {"Monday 14 SEPTEMBER 2020", "%A %d %B %Y", at(2020, 9, 14)},
      {"9/4/20 1:05:09 PM", "%m/%d/%y %I:%M:%S %p", at(2020, 9, 4, 13, 5, 9)},
      {"09/04/20 12:05 am", "%D %I:%M %p", at(2020, 9, 4, 0, 5)},
      {" 9/ 4/99  7:05", "%m/%e/%y %k:%M", at(1999, 9, 4, 7, 5)},
      {"1600085161", "%s", at(2020, 9, 14, 12, 6, 1)},
      {"1600085161.826", "%s.%3N", noon},
      {"-1", "%s", at(1969, 12, 31, 23, 59, 59)},
      {"2020 258", "%Y %j", at(2020, 9, 14)},
      {"2020-09-14 07:06:01 EST", "%F %T %Z", at(2020, 9, 14, 12, 6, 1)},
      {"2020-09-14T14:06+02:00", "%FT%R%:z", at(2020, 9, 14, 12, 6)},
      {"2020-09-14T12:06Z", "%FT%R%z", at(2020, 9, 14, 12, 6)},
      {"2020-09-14 and more", "%Y-%m-%d", at(2020, 9, 14)},
      {"2020  -09-14", "%Y -%m-%d", at(2020, 9, 14)},
      {"Mon Sep 14 12:06:01 2020", "%c", at(2020, 9, 14, 12, 6, 1)},
      {"Mon Sep 14 12:06:01 UTC 2020", "%+", at(2020, 9, 14, 12, 6, 1)},
      {"100% 2020-09-14", "100%% %F", at(2020, 9, 14)},
      {"12:06", "%H:%M", at(1970, 1, 1, 12, 6)},
      {"2016-12-31 23:59:60", "%F %T", at(2017, 1, 1)},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text, row.format);
    const auto time = parse_time(row.text, row.format);
    REQUIRE(time);
    CHECK(*time == row.time);
  }
}

TEST_CASE("parse_time gives nothing when text and format do not fit") {
  struct Row {
    std::string_view text, format;
  };
  const Row rows[] = {
      {"2020-09-14", "%Y/%m/%d"}, {"2020-09", "%Y-%m"},      {"2020", "%Y"},
      {"2021-02-29", "%F"},       {"2020-13-01", "%F"},      {"2021 366", "%Y %j"},
      {"x", "%s"},                {"99999999999999", "%s"},  {"Sept", "%B %d"},
      {"Foo 14 2020", "%b %d %Y"}, {"12:06 XM", "%I:%M %p"}, {"13:06 PM", "%I:%M %p"},
      {"2020-09-14 12:06 QST", "%F %R %Z"}, {"2020-09-14 +2", "%F %z"}, {"", "%Y"},
      {"2020-09-14", "%F %H"},    {"2020-09-14", "%F%i"},    {"24:00", "%H:%M"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text, row.format);
    CHECK_FALSE(parse_time(row.text, row.format));
  }
}

TEST_CASE("what a format leaves out comes from the base") {
  const Time base = at(2024, 2, 29, 17, 30);
  CHECK(parse_time("12:06", "%H:%M", base) == at(2024, 2, 29, 12, 6));
  CHECK(parse_time("Sep 14 12:06:01", "%b %d %T", base) == at(2024, 9, 14, 12, 6, 1));
  CHECK(parse_time("Feb 29", "%b %d", base) == at(2024, 2, 29));
  CHECK_FALSE(parse_time("Feb 29", "%b %d", at(2023, 1, 1)));
}

TEST_CASE("format_time and parse_time undo each other") {
  for (const Time t : {noon, at(1970, 1, 1), at(2024, 2, 29, 23, 59, 59, 1), at(1999, 12, 31, 1)}) {
    for (const char* format : {"%Y-%m-%dT%H:%M:%S.%6N%z", "%s.%6N", "%A %d %B %Y %I:%M:%S.%f %p %Z",
                               "%Y/%j %T.%9N"}) {
      CAPTURE(format);
      CHECK(parse_time(format_time(t, format), format) == t);
    }
  }
}
