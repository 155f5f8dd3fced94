// eval: assignments from left to right, a later one sees what an earlier one wrote. A target such
// as "count_{host}" takes part of its name from the row: {host} is replaced by the row's value of
// host.
#include "pipeline/eval.hpp"

#include "pipeline/ops/data_columns.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

// A target with {field} parts: literal, field, literal, field, …, literal.
struct NameTemplate {
  std::vector<std::string> pieces;  // odd ones are fields

  explicit NameTemplate(const std::string& text) {
    std::size_t at = 0;
    for (;;) {
      const std::size_t open = text.find('{', at);
      const std::size_t close = open == std::string::npos ? open : text.find('}', open);
      if (close == std::string::npos || close == open + 1) break;
      pieces.push_back(text.substr(at, open - at));
      pieces.push_back(text.substr(open + 1, close - open - 1));
      at = close + 1;
    }
    pieces.push_back(text.substr(at));
  }
  bool is_plain() const { return pieces.size() == 1; }

  // Nothing when a field it needs is null.
  std::optional<std::string> name(const Table& table, const Row& row) const {
    std::string out;
    for (std::size_t k = 0; k < pieces.size(); ++k) {
      if (k % 2 == 0) {
        out += pieces[k];
        continue;
      }
      const Value& value = table.cell(row, table.find(pieces[k]));
      if (value.is_null()) return {};
      out += value.is_many() ? value.as_many().front() : value.text();
    }
    if (out.empty()) return {};
    return out;
  }
};

// Splunk has no truth values in fields and refuses `eval a = (b > c)`; here it is true or false as
// text.
Value assigned(EvalResult result) {
  if (!result.is_truth) return std::move(result.value);
  if (result.is_null()) return {};
  return result.holds() ? "true" : "false";
}

class Eval final : public Operator {
 public:
  explicit Eval(const Context& context) : data_columns_("eval", context) {}

  bool prepare(const spl::Eval& verb, const Build& build) {
    for (const spl::Assignment& a : verb.assignments) {
      auto expression = Evaluator::compile(a.expr, build.context, build.problems);
      if (!expression) return false;
      parts_.push_back({a.field, NameTemplate(a.field), std::move(expression)});
    }
    return true;
  }

  Table push(Table rows) override {
    for (Part& part : parts_) {
      part.expression->bind(rows.columns);
      if (part.name.is_plain())
        assign(rows, part);
      else
        assign_by_name(rows, part);
    }
    return rows;
  }

 private:
  struct Part {
    std::string field;
    NameTemplate name;
    std::unique_ptr<Evaluator> expression;
  };

  void assign(Table& rows, Part& part) {
    std::vector<Value> values;
    values.reserve(rows.rows.size());
    for (const Row& row : rows.rows) values.push_back(assigned(part.expression->evaluate(row)));
    const std::size_t target = rows.add_column(part.field);
    for (std::size_t r = 0; r < rows.rows.size(); ++r)
      rows.rows[r].cells[target] = std::move(values[r]);
  }

  void assign_by_name(Table& rows, Part& part) {
    std::vector<std::pair<std::optional<std::string>, Value>> values;
    for (const Row& row : rows.rows)
      values.emplace_back(part.name.name(rows, row), assigned(part.expression->evaluate(row)));
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      if (!values[r].first) continue;
      const std::size_t target = data_columns_.column(rows, *values[r].first);
      if (target != Table::npos) rows.rows[r].cells[target] = std::move(values[r].second);
    }
  }

  DataColumns data_columns_;
  std::vector<Part> parts_;
};

}  // namespace

OperatorPtr make_eval(const spl::Eval& verb, const Build& build) {
  auto out = std::make_unique<Eval>(build.context);
  if (!out->prepare(verb, build)) return nullptr;
  return out;
}

}  // namespace escudo::pipeline
