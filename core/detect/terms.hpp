#pragma once
// Terms: a filter taken apart, to tell which of its terms said no and what value it saw. Slow and
// plain: for explanations, never for matching.
//
// Borrows the expression, which must outlive it. One thread.

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "match/test.hpp"
#include "spl/ast.hpp"

namespace escudo::detect {

// A term that decided against a row or an event.
struct LostTerm {
  std::string term;  // as the plan prints it: process_name=wmic.exe
  std::vector<std::pair<std::string, std::vector<std::string>>> saw;  // fields; no value: null
  std::string hint;  // what may be meant instead, often empty
};

class Terms {
 public:
  // The values of a field; none is null.
  using Values = std::function<std::vector<std::string>(const std::string& field)>;

  explicit Terms(const spl::SearchExpr& expr);

  bool hold(const Values& values) const;
  // How many of the parts joined by AND hold, from the first on, and how many there are.
  std::size_t held(const Values& values) const;
  std::size_t count() const;
  // When it does not hold: the first part that fails; of an OR all alternatives, of a NOT what it
  // excludes and found.
  std::vector<LostTerm> lost(const Values& values) const;

 private:
  bool holds(const spl::SearchExpr& expr, const Values& values) const;
  void explain(const spl::SearchExpr& expr, bool wanted, const Values& values,
               std::vector<LostTerm>& out) const;
  void compile(const spl::SearchExpr& expr);

  const spl::SearchExpr& expr_;
  std::unordered_map<const spl::SearchExpr*, match::Test> tests_;
};

}  // namespace escudo::detect
