#include "pipeline/ops/sort_rows.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"

namespace escudo::pipeline {
namespace {

// A cell made ready for comparing once, because sorting looks at each many times.
struct Ready {
  enum class Kind { number, ip, text, missing };
  Kind kind = Kind::missing;
  double number = 0;  // of an address: its 32 bits
  std::string text;

  std::weak_ordering compare(const Ready& other) const {
    if (kind != other.kind) return kind <=> other.kind;
    if (kind == Kind::text) return text.compare(other.text) <=> 0;
    return number < other.number   ? std::weak_ordering::less
           : number > other.number ? std::weak_ordering::greater
                                   : std::weak_ordering::equivalent;
  }
};

std::optional<double> ipv4(std::string_view text) {
  if (text.size() < 7 || text.size() > 15) return {};
  double address = 0;
  int parts = 0;
  for (std::string_view part : base::split(text, '.')) {
    if (part.empty() || part.size() > 3 || !std::all_of(part.begin(), part.end(), base::is_digit))
      return {};
    const double n = *event::parse_number(part);
    if (n > 255 || ++parts > 4) return {};
    address = address * 256 + n;
  }
  return parts == 4 ? std::optional(address) : std::nullopt;
}

Ready ready(const Value& cell, spl::SortKey::As as) {
  using As = spl::SortKey::As;
  Ready out;
  if (cell.is_null()) return out;
  if (as == As::automatic || as == As::number) {
    if (auto n = cell.number()) {
      out.kind = Ready::Kind::number;
      out.number = *n;
      return out;
    }
  }
  out.text = cell.text();
  out.kind = Ready::Kind::text;
  if (as == As::automatic || as == As::ip) {
    if (auto address = ipv4(out.text)) {
      out.kind = Ready::Kind::ip;
      out.number = *address;
    }
  }
  return out;
}

}  // namespace

void sort_rows(Table& table, const std::vector<spl::SortKey>& keys, std::size_t keep) {
  const std::size_t n = table.rows.size();
  std::vector<Ready> cells;  // row by row, a key each
  cells.reserve(n * keys.size());
  std::vector<std::size_t> columns;
  for (const spl::SortKey& key : keys) columns.push_back(table.find(key.field));
  for (const Row& row : table.rows)
    for (std::size_t k = 0; k < keys.size(); ++k)
      cells.push_back(ready(table.cell(row, columns[k]), keys[k].as));
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  auto before = [&](std::size_t a, std::size_t b) {
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const Ready& x = cells[a * keys.size() + k];
      const Ready& y = cells[b * keys.size() + k];
      const auto order_of = x.compare(y);
      if (order_of == 0) continue;
      const bool missing = x.kind == Ready::Kind::missing || y.kind == Ready::Kind::missing;
      return missing || !keys[k].descending ? order_of < 0 : order_of > 0;
    }
    return a < b;  // as they came
  };
  const std::size_t kept = keep == 0 ? n : std::min(keep, n);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                    before);
  std::vector<Row> rows;
  rows.reserve(kept);
  for (std::size_t k = 0; k < kept; ++k) rows.push_back(std::move(table.rows[order[k]]));
  table.rows = std::move(rows);
}

}  // namespace escudo::pipeline
