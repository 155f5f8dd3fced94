#include "aggregate.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "expression.hpp"

namespace escudo::twin {
namespace {

struct Seen {
  Value value;
  double time = 0;
};

std::vector<double> numbers_of(const std::vector<Seen>& seen) {
  std::vector<double> out;
  for (const Seen& s : seen) {
    if (s.value.is_number()) out.push_back(s.value.as_number());
    else
      for (const std::string& one : s.value.values())
        if (const auto n = event::parse_number(one)) out.push_back(*n);
  }
  return out;
}

std::vector<std::string> texts_of(const std::vector<Seen>& seen) {
  std::vector<std::string> out;
  for (const Seen& s : seen)
    for (std::string& one : s.value.values()) out.push_back(std::move(one));
  return out;
}

Value extreme(const std::vector<Seen>& seen, bool greatest) {
  const auto numbers = numbers_of(seen);
  const auto texts = texts_of(seen);
  if (texts.empty()) return {};
  if (numbers.size() == texts.size())
    return greatest ? *std::max_element(numbers.begin(), numbers.end())
                    : *std::min_element(numbers.begin(), numbers.end());
  return greatest ? *std::max_element(texts.begin(), texts.end())
                  : *std::min_element(texts.begin(), texts.end());
}

Value deviation(const std::string& function, const std::vector<double>& numbers) {
  // Counted from the first, so that equal numbers do not deviate at all.
  double mean = numbers.empty() ? 0 : numbers.front(), beyond = 0, squares = 0;
  for (const double n : numbers) beyond += n - mean;
  if (!numbers.empty()) mean += beyond / static_cast<double>(numbers.size());
  for (const double n : numbers) squares += (n - mean) * (n - mean);
  const bool sample = function == "stdev" || function == "var";
  const double by = static_cast<double>(numbers.size()) - (sample ? 1 : 0);
  const double variance = by > 0 ? squares / by : 0;
  return function.starts_with("stdev") ? std::sqrt(variance) : variance;
}

Value percentile(std::vector<double> numbers, double percent) {
  if (numbers.empty()) return {};
  std::sort(numbers.begin(), numbers.end());
  const double place = percent / 100 * static_cast<double>(numbers.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const double rest = place - static_cast<double>(low);
  return low + 1 < numbers.size() ? numbers[low] + rest * (numbers[low + 1] - numbers[low])
                                  : numbers[low];
}

}  // namespace

Value aggregated(const spl::Aggregate& a, const std::vector<const Row*>& rows,
                 const std::set<std::string>& names, base::Time now) {
  const std::string& f = a.function;
  if (f == "count" && a.field.empty() && !a.expression) return static_cast<double>(rows.size());
  std::vector<Seen> seen;
  for (const Row* row : rows) {
    Seen one{row->get(a.field), row->get("_time").number().value_or(0)};
    if (a.expression) {
      const Datum d = evaluate(*a.expression, {*row, names, now});
      // A condition is something only where it holds.
      one.value = !d.is_truth ? d.value : d.truth == Truth::yes ? Value(1.0) : Value();
    }
    if (!one.value.is_null()) seen.push_back(std::move(one));
  }
  const auto texts = texts_of(seen);
  const auto numbers = numbers_of(seen);
  if (f == "count") return static_cast<double>(texts.size());
  if (f == "dc") return static_cast<double>(std::set(texts.begin(), texts.end()).size());
  if (f == "values") {
    const std::set<std::string> distinct(texts.begin(), texts.end());
    return Value::many({distinct.begin(), distinct.end()});
  }
  if (f == "list")
    return Value::many({texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(texts.size(), 100))});
  if (f == "min" || f == "max") return extreme(seen, f == "max");
  if (f == "first" || f == "last") {
    if (seen.empty()) return {};
    return f == "first" ? seen.front().value : seen.back().value;
  }
  if (f.starts_with("earliest") || f.starts_with("latest")) {
    // Rows come newest first and, of one time, the later read first.
    const Seen* best = nullptr;
    for (const Seen& s : seen) {
      const bool better = f.starts_with("latest") ? !best || s.time > best->time
                                                  : !best || s.time <= best->time;
      if (better) best = &s;
    }
    if (!best) return {};
    return f.ends_with("_time") ? Value(best->time) : best->value;
  }
  if (f == "perc") return percentile(numbers, a.argument);
  if (f == "mode") {
    std::map<std::string, std::size_t> times;
    for (const std::string& one : texts) ++times[one];
    const auto best = std::max_element(times.begin(), times.end(), [](const auto& x, const auto& y) { return x.second < y.second; });
    return best == times.end() ? Value() : Value(best->first);
  }
  if (f == "sum" || f == "avg" || f == "sumsq" || f == "range" || f.starts_with("stdev") || f.starts_with("var")) {
    if (numbers.empty()) return {};
    double sum = 0, squares = 0;
    for (const double n : numbers) {
      sum += n;
      squares += n * n;
    }
    if (f == "sum") return sum;
    if (f == "avg") return sum / static_cast<double>(numbers.size());
    if (f == "sumsq") return squares;
    if (f == "range") {
      const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
      return *high - *low;
    }
    return deviation(f, numbers);
  }
  throw Unfit{"the twin does not know the aggregate " + f};
}

Value aggregated_nothing(const spl::Aggregate& a) {
  return a.function == "count" || a.function == "dc" ? Value(0.0) : Value();
}

std::vector<spl::Aggregate> without_wildcards(const std::vector<spl::Aggregate>& aggregates,
                                              const std::set<std::string>& names,
                                              const std::vector<std::string>& by) {
  std::vector<spl::Aggregate> out;
  for (const spl::Aggregate& a : aggregates) {
    if (a.field.find('*') == std::string::npos) {
      out.push_back(a);
      continue;
    }
    const std::string to = a.named ? a.output : a.function + "(" + a.field + ")";
    for (const std::string& name : names) {
      std::vector<std::string> stood;
      if (name.starts_with('_') || std::find(by.begin(), by.end(), name) != by.end()) continue;
      if (!name_matches(a.field, name, &stood)) continue;
      out.push_back(a);
      out.back().field = name;
      out.back().output = name_from(to, stood);
    }
  }
  return out;
}

std::vector<std::vector<Value>> keys_of(const Row& row, const std::vector<std::string>& by) {
  std::vector<std::vector<Value>> keys{{}};
  for (const std::string& field : by) {
    const Value& cell = row.get(field);
    std::vector<Value> values;
    if (cell.is_many()) for (const std::string& one : cell.as_many()) values.emplace_back(one);
    else if (!cell.is_null()) values.push_back(cell);
    std::vector<std::vector<Value>> next;
    for (const auto& key : keys)
      for (const Value& v : values) {
        next.push_back(key);
        next.back().push_back(v);
      }
    keys = std::move(next);
  }
  return keys;
}

bool KeyOrder::operator()(const std::vector<Value>& a, const std::vector<Value>& b) const {
  for (std::size_t k = 0; k < a.size() && k < b.size(); ++k) {
    if (const int o = order(a[k], b[k])) return o < 0;
    // 5 and "5" are one key, "5" and "05" are two.
    const std::string s = a[k].text(), t = b[k].text();
    if (s != t) return s < t;
  }
  return a.size() < b.size();
}

}  // namespace escudo::twin
