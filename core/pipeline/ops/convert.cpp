// convert: ctime and its kin, in place or AS a new field. Times are UTC; what a function cannot
// read stays as it is (num and its kin make it null).
#include <cmath>

#include "base/text.hpp"
#include "base/timestamp.hpp"
#include "pipeline/ops/ops.hpp"
#include "spl/field_names.hpp"

namespace escudo::pipeline {
namespace {

using Function = Value (*)(const std::string& text, const std::string& format);

Value ctime(const std::string& text, const std::string& format) {
  auto seconds = event::parse_number(text);
  if (!seconds) return text;
  return base::format_time(base::from_epoch_seconds(std::floor(*seconds)), format);
}
Value mktime(const std::string& text, const std::string& format) {
  auto t = base::parse_time(text, format);
  return t ? Value(base::to_epoch_seconds(*t)) : Value();
}
Value num(const std::string& text, const std::string&) {
  auto n = event::parse_number(base::replace_all(text, ",", ""));
  return n ? Value(*n) : Value();
}
Value automatic(const std::string& text, const std::string&) {
  auto n = event::parse_number(text);
  return n ? Value(*n) : Value(text);
}
Value rmcomma(const std::string& text, const std::string&) {
  return automatic(base::replace_all(text, ",", ""), "");
}
Value rmunit(const std::string& text, const std::string&) {
  std::size_t end = text.starts_with('-') ? 1 : 0;
  while (end < text.size() && (base::is_digit(text[end]) || text[end] == '.')) ++end;
  auto n = event::parse_number(std::string_view(text).substr(0, end));
  return n ? Value(*n) : Value(text);
}
// [D+]HH:MM:SS[.fraction], or MM:SS for mstime
Value clock_seconds(const std::string& text) {
  std::string_view rest = text;
  double days = 0;
  if (const std::size_t plus = rest.find('+'); plus != std::string_view::npos) {
    auto d = event::parse_number(rest.substr(0, plus));
    if (!d) return text;
    days = *d;
    rest = rest.substr(plus + 1);
  }
  double seconds = 0;
  for (std::string_view part : base::split(rest, ':')) {
    auto n = event::parse_number(part);
    if (!n) return text;
    seconds = seconds * 60 + *n;
  }
  return days * 86400 + seconds;
}
Value dur2sec(const std::string& text, const std::string&) { return clock_seconds(text); }
Value memk(const std::string& text, const std::string&) {
  Value number = rmunit(text, "");
  if (!number.is_number() || text.empty()) return text;
  const char unit = base::ascii_lower(text.back());
  return number.as_number() * (unit == 'g' ? 1024.0 * 1024 : unit == 'm' ? 1024.0 : 1.0);
}
Value none(const std::string& text, const std::string&) { return text; }

Function find(const std::string& name) {
  static constexpr std::pair<const char*, Function> table[] = {
      {"ctime", ctime},    {"mktime", mktime}, {"num", num},         {"auto", automatic},
      {"none", none},      {"rmunit", rmunit}, {"rmcomma", rmcomma}, {"dur2sec", dur2sec},
      {"mstime", dur2sec}, {"memk", memk}};
  for (auto [known, function] : table)
    if (name == known) return function;
  return nullptr;
}

Value apply(const Value& cell, Function function, const std::string& format) {
  if (cell.is_null()) return {};
  if (!cell.is_many()) return function(cell.text(), format);
  Value::Many out;
  for (const std::string& text : cell.as_many()) out.push_back(function(text, format).text());
  return Value::many(std::move(out));
}

}  // namespace

OperatorPtr make_convert(const spl::Convert& verb, const Build& build) {
  for (const spl::Convert::Item& item : verb.items)
    if (!find(item.function)) {
      build.fail(item.span, "unknown-function", "convert has no function " + item.function);
      return nullptr;
    }
  return row_wise([verb](Table& rows) {
    for (const spl::Convert::Item& item : verb.items) {
      const Function function = find(item.function);
      const std::size_t known = rows.columns.size();
      for (std::size_t c = 0; c < known; ++c) {
        if (!spl::match_name(item.field, rows.columns[c])) continue;
        const std::size_t target = item.output == item.field ? c : rows.add_column(item.output);
        for (Row& row : rows.rows)
          row.cells[target] = apply(row.cells[c], function, verb.time_format);
      }
    }
  });
}

}  // namespace escudo::pipeline
