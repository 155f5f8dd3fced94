#pragma once
// Lookup tables: the CSV behind a lookup definition, and an index over its key columns.
//
// Keys match exactly, as a wildcard ('*' stands in the table) or as a network block, with or
// without regard to case, as the definition says. The exact keys of a lookup together are one hash
// key. When there is none, wildcard patterns are found by a piece of text each of them must
// contain, so that a table of ten thousand patterns costs a value about as many probes as it has
// characters.
//
// Tables and indexes are immutable and shared; LookupStore loads each once and may be used by
// several threads. A table of n cells takes about n × 40 bytes and its text.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "base/wildcard.hpp"
#include "catalog/catalog.hpp"
#include "match/test.hpp"

namespace escudo::pipeline {

struct LookupTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  // each as long as columns; "" is no value

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::size_t find(std::string_view column) const;
};

// Wildcard patterns by number, asked which of them match a value.
class PatternIndex {
 public:
  explicit PatternIndex(base::Case letters) : letters_(letters) {}
  void add(std::string_view pattern, std::uint32_t row);  // all before finish()
  void finish();
  // Rows whose pattern matches, ascending.
  void find(std::string_view value, std::vector<std::uint32_t>& rows) const;

 private:
  struct Pattern {
    base::WildcardPattern wildcard;
    std::uint32_t row = 0;
  };
  base::Case letters_;
  std::vector<Pattern> patterns_;
  std::vector<std::uint32_t> always_;  // patterns without literal text
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_gram_;
  bool sizes_[5] = {};  // which lengths of grams occur
};

class LookupIndex {
 public:
  enum class Match { exact, wildcard, cidr };
  struct Key {
    std::size_t column = 0;
    Match match = Match::exact;
  };
  LookupIndex(std::shared_ptr<const LookupTable> table, std::vector<Key> keys, bool case_sensitive);

  // The first `limit` rows that match all values (one a key), in file order.
  void find(std::span<const std::string> values, std::size_t limit,
            std::vector<std::uint32_t>& rows) const;

 private:
  std::string folded(std::string_view value) const;
  bool matches(std::uint32_t row, std::span<const std::string> values, bool patterns_checked) const;
  std::string exact_key(std::uint32_t row) const;

  std::shared_ptr<const LookupTable> table_;
  std::vector<Key> keys_;
  bool case_sensitive_;
  std::vector<std::size_t> exact_, patterned_;  // indexes into keys_
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_exact_;
  std::unique_ptr<PatternIndex> by_pattern_;  // over patterned_.front(), a wildcard
  // Compiled cells of patterned_ keys: [k][row].
  std::vector<std::vector<base::WildcardPattern>> wildcards_;
  std::vector<std::vector<match::Test>> blocks_;
};

// A lookup that is a function of Escudo's own and needs no table (ops/entropy_lookup.cpp).
bool is_builtin_lookup(const std::string& name);

class LookupStore {
 public:
  // Fails with a sentence when the file cannot be read or is no CSV. A definition without a file is
  // an empty table.
  base::Result<std::shared_ptr<const LookupTable>> table(
      const catalog::LookupDefinition& definition);
  // An index over key columns (all must exist) of a table that loads.
  std::shared_ptr<const LookupIndex> index(const catalog::LookupDefinition& definition,
                                           const std::vector<std::string>& keys);

 private:
  base::Result<std::shared_ptr<const LookupTable>> load(
      const catalog::LookupDefinition& definition);
  std::mutex mutex_;
  std::map<std::string, base::Result<std::shared_ptr<const LookupTable>>>
      tables_;  // by path and filter
  std::map<std::string, std::shared_ptr<const LookupIndex>> indexes_;
};

}  // namespace escudo::pipeline
