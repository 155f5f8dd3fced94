// where: keeps the rows for which an expression certainly holds.
#include "pipeline/eval.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

class Where final : public Operator {
 public:
  explicit Where(std::unique_ptr<Evaluator> condition) : condition_(std::move(condition)) {}
  Table push(Table rows) override {
    condition_->bind(rows.columns);
    std::erase_if(rows.rows, [&](const Row& row) { return !condition_->evaluate(row).holds(); });
    return rows;
  }

 private:
  std::unique_ptr<Evaluator> condition_;
};

}  // namespace

OperatorPtr make_where(const spl::Where& verb, const Build& build) {
  auto condition = Evaluator::compile(verb.expr, build.context, build.problems);
  if (!condition) return nullptr;
  return std::make_unique<Where>(std::move(condition));
}

}  // namespace escudo::pipeline
