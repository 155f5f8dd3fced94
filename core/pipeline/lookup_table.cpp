// Tested by tests/unit/pipeline/lookup_table.cpp (against plain scans) and tests/spl/lookup.
#include "pipeline/lookup_table.hpp"

#include <algorithm>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "pipeline/ops/row_filter.hpp"
#include "spl/parser.hpp"

namespace escudo::pipeline {
namespace {

// Up to four bytes and how many they are, as one number.
std::uint64_t gram(std::string_view text, std::size_t at, std::size_t size) {
  std::uint64_t out = size;
  for (std::size_t k = 0; k < size; ++k) out = out << 8 | static_cast<unsigned char>(text[at + k]);
  return out;
}

constexpr std::size_t kGram = 4;

void append_part(std::string& key, std::string_view part) {
  key += std::to_string(part.size());
  key += ':';
  key += part;
}

bool names(const std::vector<std::string>& fields, const std::string& column) {
  return std::find(fields.begin(), fields.end(), column) != fields.end();
}

// The rows a definition's filter lets through.
void apply_filter(LookupTable& table, const std::string& filter) {
  std::vector<spl::TextProblem> problems;
  const auto expr = spl::parse_search_expression(filter, problems);
  if (!expr) return;
  RowFilter keeps(*expr);
  keeps.bind(table.columns);
  std::erase_if(table.rows, [&](const std::vector<std::string>& cells) {
    Row row;
    for (const std::string& cell : cells) row.cells.push_back(cell.empty() ? Value() : Value(cell));
    return !keeps.matches(row);
  });
}

}  // namespace

std::size_t LookupTable::find(std::string_view column) const {
  const auto at = std::find(columns.begin(), columns.end(), column);
  return at == columns.end() ? npos : static_cast<std::size_t>(at - columns.begin());
}

// ---- patterns ----------------------------------------------------------------------------------

void PatternIndex::add(std::string_view pattern, std::uint32_t row) {
  patterns_.push_back({base::WildcardPattern(pattern, letters_), row});
}

// Each pattern is filed under the rarest of the grams its pieces are made of.
void PatternIndex::finish() {
  auto grams = [](const Pattern& p, auto&& take) {
    for (const std::string& piece : p.wildcard.pieces()) {
      const std::size_t size = std::min(kGram, piece.size());
      for (std::size_t at = 0; at + size <= piece.size(); ++at) take(gram(piece, at, size), size);
    }
  };
  std::unordered_map<std::uint64_t, std::uint32_t> frequency;
  for (const Pattern& p : patterns_)
    grams(p, [&](std::uint64_t g, std::size_t) { ++frequency[g]; });
  for (std::uint32_t k = 0; k < patterns_.size(); ++k) {
    std::uint64_t best = 0;
    std::size_t best_size = 0;
    grams(patterns_[k], [&](std::uint64_t g, std::size_t size) {
      if (best_size == 0 || size > best_size ||
          (size == best_size && frequency[g] < frequency[best])) {
        best = g;
        best_size = size;
      }
    });
    if (best_size == 0) {
      always_.push_back(k);
      continue;
    }
    by_gram_[best].push_back(k);
    sizes_[best_size] = true;
  }
}

void PatternIndex::find(std::string_view value, std::vector<std::uint32_t>& rows) const {
  rows.clear();
  // Patterns were folded as a whole, so the value is folded as a whole as well.
  const std::string folded =
      letters_ == base::Case::ignored ? base::fold_case(value) : std::string();
  const std::string_view text = letters_ == base::Case::ignored ? std::string_view(folded) : value;
  auto check = [&](std::uint32_t k) {
    if (patterns_[k].wildcard.matches(value)) rows.push_back(patterns_[k].row);
  };
  for (std::uint32_t k : always_) check(k);
  for (std::size_t size = 1; size <= kGram; ++size) {
    if (!sizes_[size]) continue;
    for (std::size_t at = 0; at + size <= text.size(); ++at) {
      const auto found = by_gram_.find(gram(text, at, size));
      if (found == by_gram_.end()) continue;
      for (std::uint32_t k : found->second) check(k);
    }
  }
  // A gram that occurs twice in the value brings its patterns twice.
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
}

// ---- keys --------------------------------------------------------------------------------------

LookupIndex::LookupIndex(std::shared_ptr<const LookupTable> table, std::vector<Key> keys,
                         bool case_sensitive)
    : table_(std::move(table)), keys_(std::move(keys)), case_sensitive_(case_sensitive) {
  const base::Case letters = case_sensitive_ ? base::Case::kept : base::Case::ignored;
  // A wildcard key goes first, because it can be indexed.
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    if (keys_[k].match == Match::exact)
      exact_.push_back(k);
    else if (keys_[k].match == Match::wildcard)
      patterned_.insert(patterned_.begin(), k);
    else
      patterned_.push_back(k);
  }
  const auto rows = static_cast<std::uint32_t>(table_->rows.size());
  wildcards_.resize(keys_.size());
  blocks_.resize(keys_.size());
  const bool by_pattern =
      exact_.empty() && !patterned_.empty() && keys_[patterned_.front()].match == Match::wildcard;
  if (by_pattern) by_pattern_ = std::make_unique<PatternIndex>(letters);
  for (std::uint32_t r = 0; r < rows; ++r) {
    const std::vector<std::string>& cells = table_->rows[r];
    if (!exact_.empty()) by_exact_[exact_key(r)].push_back(r);
    if (by_pattern) by_pattern_->add(cells[keys_[patterned_.front()].column], r);
    for (std::size_t k : patterned_) {
      const std::string& cell = cells[keys_[k].column];
      if (by_pattern && k == patterned_.front()) continue;
      if (keys_[k].match == Match::wildcard) {
        wildcards_[k].emplace_back(cell, letters);
      } else {
        spl::SearchExpr equal;
        equal.kind = spl::SearchExpr::Kind::compare;
        equal.patterns = {cell};
        blocks_[k].push_back(match::Test::compile(equal));
      }
    }
  }
  if (by_pattern_) by_pattern_->finish();
}

std::string LookupIndex::folded(std::string_view value) const {
  return case_sensitive_ ? std::string(value) : base::fold_case(value);
}

std::string LookupIndex::exact_key(std::uint32_t row) const {
  std::string key;
  for (std::size_t k : exact_) append_part(key, folded(table_->rows[row][keys_[k].column]));
  return key;
}

bool LookupIndex::matches(std::uint32_t row, std::span<const std::string> values,
                          bool first_checked) const {
  for (std::size_t n = first_checked ? 1 : 0; n < patterned_.size(); ++n) {
    const std::size_t k = patterned_[n];
    if (keys_[k].match == Match::wildcard) {
      if (!wildcards_[k][row].matches(values[k])) return false;
    } else {
      const std::string_view value = values[k];
      if (!blocks_[k][row].matches({&value, 1})) return false;
    }
  }
  return true;
}

void LookupIndex::find(std::span<const std::string> values, std::size_t limit,
                       std::vector<std::uint32_t>& rows) const {
  rows.clear();
  auto take = [&](std::uint32_t row, bool first_checked) {
    if (matches(row, values, first_checked)) rows.push_back(row);
    return rows.size() < limit;
  };
  if (!exact_.empty()) {
    std::string key;
    for (std::size_t k : exact_) append_part(key, folded(values[k]));
    const auto found = by_exact_.find(key);
    if (found == by_exact_.end()) return;
    for (std::uint32_t row : found->second)
      if (!take(row, false)) return;
    return;
  }
  if (by_pattern_) {
    std::vector<std::uint32_t> candidates;
    by_pattern_->find(values[patterned_.front()], candidates);
    for (std::uint32_t row : candidates)
      if (!take(row, true)) return;
    return;
  }
  for (std::uint32_t row = 0; row < table_->rows.size(); ++row)
    if (!take(row, false)) return;
}

// ---- store -------------------------------------------------------------------------------------

base::Result<std::shared_ptr<const LookupTable>> LookupStore::load(
    const catalog::LookupDefinition& definition) {
  auto out = std::make_shared<LookupTable>();
  if (definition.file.empty()) return std::shared_ptr<const LookupTable>(out);
  auto text = base::read_file(definition.file, 256u << 20);
  if (!text) return base::Error{text.error()};
  auto csv = base::parse_csv(*text);
  if (!csv) return base::Error{definition.file + ": " + csv.error()};
  out->columns = std::move(csv->header);
  out->rows = std::move(csv->rows);
  if (!definition.filter.empty()) apply_filter(*out, definition.filter);
  return std::shared_ptr<const LookupTable>(out);
}

base::Result<std::shared_ptr<const LookupTable>> LookupStore::table(
    const catalog::LookupDefinition& definition) {
  std::lock_guard lock(mutex_);
  const std::string key = definition.file + '\n' + definition.filter;
  auto at = tables_.find(key);
  if (at == tables_.end()) at = tables_.emplace(key, load(definition)).first;
  return at->second;
}

std::shared_ptr<const LookupIndex> LookupStore::index(const catalog::LookupDefinition& definition,
                                                      const std::vector<std::string>& keys) {
  auto loaded = table(definition);
  if (!loaded) return nullptr;
  std::string name;
  append_part(name, definition.name);
  append_part(name, definition.file);
  for (const std::string& key : keys) append_part(name, key);
  std::lock_guard lock(mutex_);
  auto& slot = indexes_[name];
  if (slot) return slot;
  std::vector<LookupIndex::Key> columns;
  for (const std::string& key : keys) {
    const std::size_t column = (*loaded)->find(key);
    if (column == LookupTable::npos) return nullptr;
    using Match = LookupIndex::Match;
    columns.push_back({column, names(definition.wildcard_fields, key) ? Match::wildcard
                               : names(definition.cidr_fields, key)   ? Match::cidr
                                                                      : Match::exact});
  }
  return slot = std::make_shared<const LookupIndex>(*loaded, std::move(columns),
                                                    definition.case_sensitive);
}

}  // namespace escudo::pipeline
