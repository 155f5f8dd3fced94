#pragma once
// A search expression (base search, tstats WHERE, `search`) asked of one row. Immutable after
// making; the values of a field are those the caller gives.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/address.hpp"
#include "spl/ast.hpp"

namespace escudo::twin {

using Texts = std::vector<std::string>;
// The values of a field, none when it is missing.
using FieldTexts = std::function<Texts(const std::string& field)>;

class Filter {
 public:
  explicit Filter(const spl::SearchExpr& expr);  // without subsearches
  bool matches(const FieldTexts& values) const;

 private:
  struct Literal {
    std::string text, folded;
    std::optional<base::AddressBlock> block;
  };
  bool accepts(const std::string& value) const;
  bool compares(const std::string& value) const;

  spl::SearchExpr::Kind kind_;
  spl::Comparison comparison_;
  std::string field_;
  bool case_sensitive_;
  std::vector<Literal> literals_;
  std::vector<Filter> parts_;
};

// '*' is any run of characters; the whole text must match.
bool glob(std::string_view pattern, std::string_view text);

}  // namespace escudo::twin
