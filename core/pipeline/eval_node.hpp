#pragma once
// Node: one operation of a compiled eval expression. A tree of them belongs to one Evaluator and
// one thread; a node keeps working memory between rows.
//
// Values travel by reference: a field hands out the row's own cell, and only what is computed is
// stored, in memory of the asking node.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/eval.hpp"

namespace escudo::pipeline {

using Truth = EvalResult::Truth;

inline Truth truth_of(bool b) { return b ? Truth::yes : Truth::no; }
// A value as a condition: NULL is NULL, a number holds unless it is 0, a text when it says "true"
// or is such a number, a multivalue when one of its values holds.
Truth truth_of(const Value& value);

// What mvmap and mvfilter put in the place of a field while their expression runs.
struct Binding {
  std::size_t column;
  const Value* value;
  const Binding* outer;
};

struct Scope {
  const Row& row;
  const Binding* bindings = nullptr;  // innermost first

  const Value& cell(std::size_t column) const {
    if (column == Table::npos) return null_value();
    for (const Binding* b = bindings; b; b = b->outer)
      if (b->column == column) return *b->value;
    return column < row.cells.size() ? row.cells[column] : null_value();
  }
  static const Value& null_value() {
    static const Value null;
    return null;
  }
};

class Node;
using NodePtr = std::unique_ptr<Node>;
struct Compiler;

class Node {
 public:
  explicit Node(std::vector<NodePtr> args = {}) : args_(std::move(args)) {}
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  virtual void bind(const std::vector<std::string>& columns) {
    for (const NodePtr& arg : args_) arg->bind(columns);
  }
  // The value for this row. It may be the row's, the node's, or put into `hold`, and is valid until
  // the row changes, the node is asked again or `hold` goes.
  virtual const Value& value(const Scope& scope, Value& hold) = 0;
  virtual Truth truth(const Scope& scope) = 0;
  // Yields a truth rather than a value.
  virtual bool is_condition() const = 0;

 protected:
  Node& arg(std::size_t k) const { return *args_[k]; }
  std::size_t arity() const { return args_.size(); }

 private:
  std::vector<NodePtr> args_;
};

class ValueNode : public Node {
 public:
  using Node::Node;
  Truth truth(const Scope& scope) override {
    Value hold;
    return truth_of(value(scope, hold));
  }
  bool is_condition() const override { return false; }
};

// As a value, a truth is the text True or False.
class ConditionNode : public Node {
 public:
  using Node::Node;
  const Value& value(const Scope& scope, Value& hold) override {
    hold = text_of(truth(scope));
    return hold;
  }
  bool is_condition() const override { return true; }

  static Value text_of(Truth truth);
};

NodePtr make_constant(Value value);
NodePtr make_field(std::string name);
NodePtr make_call(const spl::Expr& expr, Compiler& compiler);  // null after a problem
// Of a binary expression, a negation or a NOT.
NodePtr make_operator(const spl::Expr& expr, std::vector<NodePtr> args, const Context& context);

// What compiling needs to know.
struct Compiler {
  const Context& context;
  std::vector<spl::TextProblem>& problems;

  NodePtr compile(const spl::Expr& expr);  // null after a problem
};

// The names of the fields an expression reads, each once; `a.b` counts as the one field it may be.
std::vector<std::string> fields_of(const spl::Expr& expr);
std::size_t column_of(const std::vector<std::string>& columns, std::string_view name);

// Bounds of what one expression may build from hostile input: a text of 16 MiB (the largest event a
// source hands over), a list of a million values. Past them the result is NULL, with a warning.
constexpr std::size_t kLongestText = 16u << 20;
constexpr std::size_t kMostValues = 1'000'000;

void warn(const Context& context, const std::string& text);
void warn_too_large(const Context& context);
// The list as a value, or NULL and a warning when it has too many values.
Value bounded(Value::Many values, const Context& context);

}  // namespace escudo::pipeline
