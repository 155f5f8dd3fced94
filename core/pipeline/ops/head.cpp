// head: the first rows, by number or as long as a condition holds. tail: the last rows, the last
// one first. reverse: all rows the other way round.
#include <algorithm>
#include <deque>

#include "pipeline/eval.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

class Head final : public Operator {
 public:
  Head(const spl::Head& verb, std::unique_ptr<Evaluator> condition)
      : verb_(verb), condition_(std::move(condition)) {}

  Table push(Table rows) override {
    if (condition_) condition_->bind(rows.columns);
    std::size_t kept = 0;
    while (kept < rows.rows.size() && !done_ && takes(rows.rows[kept])) ++kept;
    rows.rows.resize(kept);
    return rows;
  }

 private:
  // Whether the row is part of the head; sets done_ with or after the last one.
  bool takes(const Row& row) {
    if (condition_) {
      const EvalResult result = condition_->evaluate(row);
      const bool holds = result.is_null() ? verb_.null_is_true : result.holds();
      if (!holds) {
        done_ = true;
        return verb_.keep_last;
      }
    }
    ++taken_;
    if (condition_ && verb_.count == 0) return true;  // no limit beside the condition
    done_ = taken_ >= verb_.count;
    return taken_ <= verb_.count;
  }
  spl::Head verb_;
  std::unique_ptr<Evaluator> condition_;
  std::int64_t taken_ = 0;
  bool done_ = false;
};

// Holds as many rows as it gives.
class Tail final : public Operator {
 public:
  explicit Tail(std::size_t count) : count_(count) {}
  Table push(Table rows) override {
    last_.append(std::move(rows));
    if (last_.rows.size() > count_)
      last_.rows.erase(last_.rows.begin(), last_.rows.end() - static_cast<std::ptrdiff_t>(count_));
    return {};
  }
  Table finish() override {
    std::reverse(last_.rows.begin(), last_.rows.end());
    return std::move(last_);
  }

 private:
  std::size_t count_;
  Table last_;
};

}  // namespace

OperatorPtr make_head(const spl::Head& verb, const Build& build) {
  std::unique_ptr<Evaluator> condition;
  if (verb.condition) {
    condition = Evaluator::compile(*verb.condition, build.context, build.problems);
    if (!condition) return nullptr;
  }
  return std::make_unique<Head>(verb, std::move(condition));
}

OperatorPtr make_tail(const spl::Tail& verb, const Build& build) {
  if (verb.count < 0) {
    build.fail(build.span, "bad-count", "tail takes a number of rows that is not negative");
    return nullptr;
  }
  return std::make_unique<Tail>(static_cast<std::size_t>(verb.count));
}

OperatorPtr make_reverse(const spl::Reverse&, const Build&) {
  return whole_table([](Table& rows) { std::reverse(rows.rows.begin(), rows.rows.end()); });
}

}  // namespace escudo::pipeline
