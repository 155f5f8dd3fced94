#pragma once
// Evaluator: an eval expression, compiled against the columns of a table and run per row.
//
// Splunk's rules (docs/spl.md): any comparison with NULL is NULL, which where and if() take as
// false; = compares numbers when both sides look like numbers, else text, case-sensitively; + adds
// numbers, else concatenates; a multivalue matches when any of its values does.
//
// compile() once per search; bind() whenever the columns change; evaluate() per row. One thread.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/operator.hpp"
#include "spl/ast.hpp"

namespace escudo::pipeline {

// What an expression yields: a value, or a truth (true, false, NULL).
struct EvalResult {
  enum class Truth { no, yes, null };
  Value value;
  bool is_truth = false;
  Truth truth = Truth::null;

  static EvalResult of(Value v) { return {std::move(v), false, Truth::null}; }
  static EvalResult of(bool b) { return {Value(), true, b ? Truth::yes : Truth::no}; }
  static EvalResult unknown() { return {Value(), true, Truth::null}; }
  static EvalResult null() { return {}; }
  bool is_null() const { return is_truth ? truth == Truth::null : value.is_null(); }
  // As a condition: true only when certain.
  bool holds() const;
};

class Evaluator {
 public:
  // Null after a problem (unknown function, wrong number of arguments, bad regular expression).
  static std::unique_ptr<Evaluator> compile(const spl::Expr& expr, const Context& context,
                                            std::vector<spl::TextProblem>& problems);
  virtual ~Evaluator() = default;
  virtual void bind(const std::vector<std::string>& columns) = 0;
  virtual EvalResult evaluate(const Row& row) = 0;
};

// The functions eval knows, by name: for docs and hints.
struct EvalFunction {
  std::string name;   // lower case, as calls are compared
  std::string usage;  // "substr(text, start [, length])"
};
std::vector<EvalFunction> eval_functions();
std::vector<std::string> eval_function_names();

}  // namespace escudo::pipeline
