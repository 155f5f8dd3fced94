#include "pipeline/row.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace escudo::pipeline {

Evidence Evidence::of(std::uint64_t number, base::Time time, bool has_time) {
  Evidence out;
  out.records.push_back({time, number});
  out.total = 1;
  out.newest = number;
  out.timed = has_time;
  if (has_time) out.first = out.last = time;
  return out;
}

void Evidence::merge(Evidence&& other) {
  if (total == 0) *this = std::move(other);
  else merge(std::as_const(other));
}

void Evidence::add(const Record& record, bool has_time) {
  if (has_time) {
    first = timed ? std::min(first, record.time) : record.time;
    last = timed ? std::max(last, record.time) : record.time;
    timed = true;
  }
  const bool again = total > 0 && record.number == newest;
  newest = record.number;
  if (records.empty() || records.back() < record) {
    if (again) return;   // by another row of it
    if (records.size() < kKept) records.push_back(record);
  } else {
    const auto at = std::lower_bound(records.begin(), records.end(), record);
    if (*at == record) return;
    records.insert(at, record);
    if (records.size() > kKept) records.pop_back();
  }
  ++total;
}

void Evidence::merge(const Evidence& other) {
  if (other.total == 0) return;
  in_question = in_question || other.in_question;
  if (other.total == 1) return add(other.records.front(), other.timed);
  if (total == 0) {
    *this = other;
    return;
  }
  // A record that reaches one row by two ways (a join with itself) counts once.
  std::vector<Record> merged;
  merged.reserve(records.size() + other.records.size());
  std::set_union(records.begin(), records.end(), other.records.begin(), other.records.end(), std::back_inserter(merged));
  const std::uint64_t twice = records.size() + other.records.size() - merged.size();
  total += other.total - twice;
  newest = other.newest;
  if (merged.size() > kKept) merged.resize(kKept);
  records = std::move(merged);
  if (other.timed) {
    first = timed ? std::min(first, other.first) : other.first;
    last = timed ? std::max(last, other.last) : other.last;
    timed = true;
  }
}

std::size_t Table::find(std::string_view column) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i] == column) return i;
  return npos;
}

std::size_t Table::add_column(std::string_view column) {
  if (const std::size_t at = find(column); at != npos) return at;
  columns.emplace_back(column);
  for (Row& row : rows) row.cells.resize(columns.size());
  return columns.size() - 1;
}

void Table::append(Table&& other) {
  if (columns.empty() && rows.empty()) {
    *this = std::move(other);
    return;
  }
  // Two groupings: only the whole row tells rows apart. An empty table has no say.
  if (rows.empty()) key = other.key;
  else if (!other.rows.empty() && key != other.key) key.clear();
  if (columns == other.columns) {
    rows.insert(rows.end(), std::make_move_iterator(other.rows.begin()), std::make_move_iterator(other.rows.end()));
  } else {
    std::vector<std::size_t> place;
    std::unordered_map<std::string_view, std::size_t> at;
    for (std::size_t i = 0; i < columns.size(); ++i) at.try_emplace(columns[i], i);
    std::size_t width = columns.size();
    for (const std::string& column : other.columns) {
      const auto [found, fresh] = at.try_emplace(column, width);
      if (fresh) ++width;
      place.push_back(found->second);
    }
    if (width > columns.size()) {
      for (std::size_t i = 0; i < place.size(); ++i)
        if (place[i] == columns.size()) columns.push_back(other.columns[i]);
      for (Row& row : rows) row.cells.resize(width);
    }
    for (Row& row : other.rows) {
      Row out;
      out.cells.resize(columns.size());
      for (std::size_t i = 0; i < place.size(); ++i) out.cells[place[i]] = std::move(row.cells[i]);
      out.evidence = std::move(row.evidence);
      rows.push_back(std::move(out));
    }
  }
  other = {};
}

void Table::project(const std::vector<std::size_t>& keep) {
  std::vector<std::string> names;
  for (std::size_t k : keep) names.push_back(columns[k]);
  for (Row& row : rows) {
    std::vector<Value> cells;
    cells.reserve(keep.size());
    for (std::size_t k : keep) cells.push_back(row.cells[k]);
    row.cells = std::move(cells);
  }
  for (const std::string& k : key)
    if (std::find(names.begin(), names.end(), k) == names.end()) {
      key.clear();
      break;
    }
  columns = std::move(names);
}

int compare(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return static_cast<int>(a.is_null()) - static_cast<int>(b.is_null());
  const auto x = a.number(), y = b.number();
  if (x && y) return *x < *y ? -1 : *x > *y ? 1 : 0;
  if (x || y) return x ? -1 : 1;
  const std::string s = a.text(), t = b.text();
  const int order = s.compare(t);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

}  // namespace escudo::pipeline
