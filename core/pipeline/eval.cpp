// From the syntax tree to nodes. Tested by tests/unit/pipeline/eval_test.cpp.
#include "pipeline/eval.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "pipeline/eval_compare.hpp"
#include "pipeline/eval_node.hpp"

namespace escudo::pipeline {
namespace {

using Kind = spl::Expr::Kind;

// A number of more digits than a double keeps stays the text it was written as.
Value number_of(const spl::Expr& expr) {
  if (std::fabs(expr.number) >= kExactInteger && integer_of(Value(expr.text))) return expr.text;
  return expr.number;
}

void collect_fields(const spl::Expr& expr, std::vector<std::string>& out) {
  const bool dotted =
      expr.kind == Kind::binary && expr.op == spl::Expr::Op::concat && !expr.text.empty();
  if (expr.kind == Kind::field || dotted) {
    if (std::find(out.begin(), out.end(), expr.text) == out.end()) out.push_back(expr.text);
    return;
  }
  for (const spl::Expr& arg : expr.args) collect_fields(arg, out);
}

class CompiledExpression final : public Evaluator {
 public:
  explicit CompiledExpression(NodePtr root) : root_(std::move(root)) {}
  void bind(const std::vector<std::string>& columns) override { root_->bind(columns); }
  EvalResult evaluate(const Row& row) override {
    const Scope scope{row};
    if (root_->is_condition()) {
      EvalResult out;
      out.is_truth = true;
      out.truth = root_->truth(scope);
      return out;
    }
    Value hold;
    const Value& value = root_->value(scope, hold);
    return EvalResult::of(&value == &hold ? std::move(hold) : value);
  }

 private:
  NodePtr root_;
};

}  // namespace

std::vector<std::string> fields_of(const spl::Expr& expr) {
  std::vector<std::string> out;
  collect_fields(expr, out);
  return out;
}

NodePtr Compiler::compile(const spl::Expr& expr) {
  switch (expr.kind) {
    case Kind::number:
      return make_constant(number_of(expr));
    case Kind::string:
      return make_constant(expr.text);
    case Kind::field: {
      // Not a mistake in Splunk's eyes, but hardly ever meant.
      if (base::iequals(expr.text, "true") || base::iequals(expr.text, "false"))
        problems.push_back({expr.span, "bare-constant",
                            "`" + expr.text + "` is a field here, not a truth value",
                            "write " + base::to_lower(expr.text) + "()", base::Severity::warning});
      return make_field(expr.text);
    }
    case Kind::call:
      return make_call(expr, *this);
    case Kind::negate:
    case Kind::logical_not:
    case Kind::binary:
      break;
  }
  std::vector<NodePtr> args;
  for (const spl::Expr& arg : expr.args) {
    NodePtr node = compile(arg);
    if (!node) return nullptr;
    args.push_back(std::move(node));
  }
  return make_operator(expr, std::move(args), context);
}

bool EvalResult::holds() const { return (is_truth ? truth : truth_of(value)) == Truth::yes; }

std::unique_ptr<Evaluator> Evaluator::compile(const spl::Expr& expr, const Context& context,
                                              std::vector<spl::TextProblem>& problems) {
  NodePtr root = Compiler{context, problems}.compile(expr);
  return root ? std::make_unique<CompiledExpression>(std::move(root)) : nullptr;
}

}  // namespace escudo::pipeline
