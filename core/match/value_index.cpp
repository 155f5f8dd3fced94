// Tested by tests/unit/match against asking every predicate.
#include "match/value_index.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace escudo::match {

bool ValueIndex::add(PredicateId id, const Test& test) {
  const Test::Keys keys = test.keys();
  if (!keys.indexed) return false;
  for (const std::string& value : keys.exact) {
    exact_[value].push_back(id);
    longest_exact_ = std::max(longest_exact_, value.size());
  }
  for (const std::string& literal : keys.literals) {
    const auto [at, fresh] =
        literal_index_.try_emplace(literal, static_cast<std::uint32_t>(literals_.size()));
    if (fresh) {
      literals_.push_back(literal);
      by_literal_.emplace_back();
    }
    by_literal_[at->second].push_back(id);
  }
  return true;
}

void ValueIndex::finish() {
  literal_index_.clear();
  if (!literals_.empty()) scanner_ = make_literal_scanner(literals_);
}

void ValueIndex::prepare(std::unique_ptr<LiteralScanner::Scratch>& scratch) const {
  if (scanner_) scanner_->prepare(scratch);
}

void ValueIndex::find(std::string_view value, LiteralScanner::Scratch* scratch,
                      std::vector<std::uint32_t>& hits, std::vector<PredicateId>& out) const {
  if (scanner_) {
    hits.clear();
    scanner_->find(value, scratch, hits);
    for (const std::uint32_t literal : hits)
      out.insert(out.end(), by_literal_[literal].begin(), by_literal_[literal].end());
  }
  if (exact_.empty()) return;
  // Folding beyond ASCII may change a text's length, by less than half.
  if (value.size() / 2 > longest_exact_) return;
  char buffer[128];
  std::string folded;
  std::string_view key;
  if (value.size() <= sizeof buffer) {
    bool ascii = true;
    for (std::size_t i = 0; i < value.size(); ++i) {
      buffer[i] = base::ascii_lower(value[i]);
      ascii = ascii && static_cast<unsigned char>(value[i]) < 0x80;
    }
    if (ascii) key = {buffer, value.size()};
  }
  if (key.size() != value.size()) key = folded = base::fold_case(value);
  if (const auto at = exact_.find(key); at != exact_.end())
    out.insert(out.end(), at->second.begin(), at->second.end());
}

PredicateIndex::PredicateIndex(const PredicateSet& set)
    : features_(set.features().size()), covered_(set.size()), guess_(set.size(), 1.0) {
  for (PredicateId id = 0; id < set.size(); ++id) {
    const Test& test = set[id].test;
    if (!features_[set[id].feature].add(id, test)) continue;
    covered_[id] = 1;
    const Test::Keys keys = test.keys();
    double often = 0.002 * static_cast<double>(keys.exact.size());
    for (const std::string& literal : keys.literals)
      often += 0.5 / static_cast<double>(literal.size() * literal.size());
    guess_[id] = std::min(often, 1.0);
  }
  for (ValueIndex& feature : features_) feature.finish();
}

}  // namespace escudo::match
