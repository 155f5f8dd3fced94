// In which order groups come out: by their keys, column by column, as `sort` has it.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "pipeline/ops/group.hpp"
#include "pipeline/ops/group_key.hpp"

namespace escudo::pipeline {
namespace {

// A cell as compare() sees it, looked at once and not at every comparison.
struct Ranked {
  int kind = 0;   // number, text, null: in this order
  double number = 0;
  std::string_view text;
  std::uint32_t cell = 0;   // which of those that differ

  // 1 and 1.0 are two groups of one size: their texts decide.
  bool operator<(const Ranked& other) const {
    if (kind != other.kind) return kind < other.kind;
    if (kind == 0 && number != other.number) return number < other.number;
    return text < other.text;
  }
};

// How the values of one column stand to each other: by group its place among the different values.
class Ranks {
 public:
  explicit Ranks(std::size_t groups) { places_.reserve(groups); }

  // Texts must stay where they are; nothing for null.
  void add(std::optional<std::string_view> text) {
    if (!text) {
      if (null_ == npos) null_ = fresh({2, 0, {}, 0});
      places_.push_back(null_);
      return;
    }
    const auto [at, is_new] = seen_.try_emplace(*text, static_cast<std::uint32_t>(cells_.size()));
    if (is_new) {
      // A number's text spells it.
      const auto number = event::parse_number(*text);
      fresh({number && !std::isnan(*number) ? 0 : 1, number.value_or(0), *text, 0});
    }
    places_.push_back(at->second);
  }

  // After the last one.
  const std::vector<std::uint32_t>& places() {
    std::sort(cells_.begin(), cells_.end());
    std::vector<std::uint32_t> place(cells_.size());
    for (std::uint32_t k = 0; k < cells_.size(); ++k) place[cells_[k].cell] = k;
    for (std::uint32_t& p : places_) p = place[p];
    return places_;
  }

 private:
  static constexpr std::uint32_t npos = UINT32_MAX;
  std::uint32_t fresh(Ranked cell) {
    cell.cell = static_cast<std::uint32_t>(cells_.size());
    cells_.push_back(cell);
    return cell.cell;
  }
  std::vector<Ranked> cells_;
  std::vector<std::uint32_t> places_;
  std::unordered_map<std::string_view, std::uint32_t> seen_;
  std::uint32_t null_ = npos;
};

}  // namespace

std::vector<Grouping::Group*> Grouping::sorted() {
  std::vector<Group*> groups;
  groups.reserve(groups_.size());
  for (auto& [text, group] : groups_) groups.push_back(&group);
  if (groups.size() < 2) return groups;
  std::vector<std::string_view> rest;   // of the keys, behind the columns that are ranked
  rest.reserve(groups.size());
  for (const Group* group : groups) rest.push_back(*group->text);
  std::size_t width = 0;
  for (std::string_view text = rest.front(); !text.empty(); ++width) take_part(text);
  std::vector<std::uint32_t> ranks(groups.size() * width);   // by group, by column
  for (std::size_t c = 0; c < width; ++c) {
    Ranks column(groups.size());
    for (std::string_view& text : rest) column.add(take_part(text));
    const auto& places = column.places();
    for (std::size_t g = 0; g < groups.size(); ++g) ranks[g * width + c] = places[g];
  }
  std::vector<std::uint32_t> order(groups.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto* x = &ranks[a * width];
    const auto* y = &ranks[b * width];
    return std::lexicographical_compare(x, x + width, y, y + width);
  });
  std::vector<Group*> out;
  out.reserve(order.size());
  for (const std::uint32_t k : order) out.push_back(groups[k]);
  return out;
}

void Grouping::give_rows(Table out, const Operator::Give& give) {
  // As many as stay in the processor's cache while they pass the verbs that follow.
  constexpr std::size_t at_once = 256;
  const auto groups = sorted();
  for (std::size_t k = 0; k < groups.size();) {
    Table some;
    some.columns = out.columns;
    some.key = out.key;
    some.rows.reserve(std::min(at_once, groups.size() - k));
    for (; k < groups.size() && some.rows.size() < at_once; ++k) some.rows.push_back(take_row(*groups[k]));
    give(std::move(some));
  }
  if (groups.empty()) give(std::move(out));
  groups_.clear();
}

}  // namespace escudo::pipeline
