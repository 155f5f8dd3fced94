#pragma once
// Test: one comparison of a search expression, compiled: the values of a field -> yes or no.
//
//   =  IN   some value matches one of the patterns ('*' is any run of characters, case does not count)
//   !=      the field exists and no value matches
//   < <= > >=  some value compares so: as numbers when both are numbers, else byte by byte
//   term    a word or phrase over _raw, on token boundaries
// A pattern that is a CIDR block also matches addresses inside it. XML entities in a pattern stand for
// their characters too, because content written against raw XML spells them (docs/spl.md).
//
// Immutable after compiling; safe to share between threads.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/address.hpp"
#include "base/text_hash.hpp"
#include "base/wildcard.hpp"
#include "spl/ast.hpp"

namespace escudo::match {

class Test {
 public:
  enum class Kind { any_of, none_of, less, less_equal, greater, greater_equal, term };

  // expr.kind is compare, member or term.
  static Test compile(const spl::SearchExpr& expr);

  // `values` are those of the field; none means the field is null.
  bool matches(std::span<const std::string_view> values) const;

  Kind kind() const { return kind_; }
  // Canonical text: equal for tests that behave the same. Used to share them between rules.
  const std::string& text() const { return text_; }
  // For an index of many tests: a value this test accepts is one of `exact` (as folded() has it) or
  // contains one of `literals` (lower-case ASCII, in any case). `indexed` false: nothing such is known.
  struct Keys {
    bool indexed = false;
    std::vector<std::string> exact, literals;
  };
  Keys keys() const;
  // Whether one value is among the patterns of = or !=.
  bool accepts(std::string_view value) const;

 private:
  bool accepts_term(std::string_view raw) const;

  Kind kind_ = Kind::any_of;
  bool case_sensitive_ = false;
  bool any_value_ = false;                       // `*`: the field exists
  std::unordered_set<std::string, base::TextHash, std::equal_to<>> exact_;   // folded unless case_sensitive_
  std::size_t longest_exact_ = 0;
  std::vector<base::WildcardPattern> wildcards_;
  std::vector<base::AddressBlock> blocks_;
  std::string operand_;                          // of < and its kin
  double number_ = 0;
  bool numeric_ = false;
  std::vector<std::string> term_pieces_;         // of a term, split at '*', folded
  std::string text_;
};

}  // namespace escudo::match
