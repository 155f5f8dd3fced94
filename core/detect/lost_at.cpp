// Tested by tests/unit/runtime/explain_test.cpp.

#include "detect/lost_at.hpp"

#include <algorithm>

#include "pipeline/eval.hpp"
#include "spl/flow.hpp"
#include "spl/print.hpp"

namespace escudo::detect {
namespace {

std::vector<std::string> values_of(const RowFields& row, const std::string& field) {
  for (const auto& [name, value] : row) {
    if (name == field) return value.values();
  }
  return {};
}

void fields_in(const spl::Expr& expr, std::vector<std::string>& out) {
  if (expr.kind == spl::Expr::Kind::field && std::ranges::find(out, expr.text) == out.end()) {
    out.push_back(expr.text);
  }
  for (const spl::Expr& part : expr.args) fields_in(part, out);
}

// The first part of a condition that does not certainly hold, and what it saw.
class ConditionTerms {
 public:
  ConditionTerms(const RowFields& row, const pipeline::Context& context) : context_(context) {
    for (const auto& [name, value] : row) {
      columns_.push_back(name);
      row_.cells.push_back(value);
    }
    fields_ = &row;
  }

  std::vector<LostTerm> lost(const spl::Expr& expr) {
    if (!holds(expr)) explain(expr);
    return std::move(out_);
  }

 private:
  bool holds(const spl::Expr& expr) {
    std::vector<spl::TextProblem> problems;
    auto evaluator = pipeline::Evaluator::compile(expr, context_, problems);
    if (!evaluator) return true;
    evaluator->bind(columns_);
    return evaluator->evaluate(row_).holds();
  }

  void explain(const spl::Expr& expr) {
    using Op = spl::Expr::Op;
    const bool binary = expr.kind == spl::Expr::Kind::binary;
    if (binary && expr.op == Op::logical_and) {
      explain(holds(expr.args[0]) ? expr.args[1] : expr.args[0]);
      return;
    }
    if (binary && expr.op == Op::logical_or) {
      explain(expr.args[0]);
      explain(expr.args[1]);
      return;
    }
    LostTerm lost{spl::print(expr), {}, {}};
    std::vector<std::string> names;
    fields_in(expr, names);
    for (const std::string& name : names) lost.saw.emplace_back(name, values_of(*fields_, name));
    out_.push_back(std::move(lost));
  }

  const pipeline::Context& context_;
  const RowFields* fields_ = nullptr;
  std::vector<std::string> columns_;
  pipeline::Row row_;
  std::vector<LostTerm> out_;
};

// A grouping drops rows that lack one of its fields.
std::vector<LostTerm> lost_by(const std::vector<std::string>& by, const RowFields& row) {
  std::vector<LostTerm> out;
  for (const std::string& field : by) {
    if (values_of(row, field).empty()) out.push_back({"by " + field, {{field, {}}}, {}});
  }
  return out;
}

}  // namespace

RowFields read_by(const spl::Command& command, const RowFields& row) {
  spl::Flow flow = spl::Flow::open();
  flow.pass(command);
  RowFields out;
  for (const std::string& name : flow.needs().names) {
    event::Value value;
    for (const auto& [field, cell] : row) {
      if (field == name) value = cell;
    }
    out.emplace_back(name, std::move(value));
  }
  return out;
}

std::vector<LostTerm> lost_at(const spl::Command& command, const RowFields& row,
                              const pipeline::Context& context) {
  if (const auto* where = std::get_if<spl::Where>(&command.verb)) {
    return ConditionTerms(row, context).lost(where->expr);
  }
  if (const auto* search = std::get_if<spl::Search>(&command.verb)) {
    return Terms(search->expr).lost([&](const std::string& f) { return values_of(row, f); });
  }
  if (const auto* stats = std::get_if<spl::Stats>(&command.verb)) return lost_by(stats->by, row);
  if (const auto* tstats = std::get_if<spl::Tstats>(&command.verb); tstats && !tstats->fill_null) {
    return lost_by(tstats->by, row);
  }
  return {};
}

}  // namespace escudo::detect
