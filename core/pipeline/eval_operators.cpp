// The nodes that are not functions: constants, fields, operators.
#include <algorithm>

#include "base/text.hpp"
#include "pipeline/eval_arithmetic.hpp"
#include "pipeline/eval_compare.hpp"

namespace escudo::pipeline {
namespace {

using Op = spl::Expr::Op;

class Constant final : public ValueNode {
 public:
  explicit Constant(Value value) : value_(std::move(value)) {}
  const Value& value(const Scope&, Value&) override { return value_; }

 private:
  Value value_;
};

class Field final : public ValueNode {
 public:
  explicit Field(std::string name) : name_(std::move(name)) {}
  void bind(const std::vector<std::string>& columns) override {
    column_ = column_of(columns, name_);
  }
  const Value& value(const Scope& scope, Value&) override { return scope.cell(column_); }

 private:
  std::string name_;
  std::size_t column_ = Table::npos;
};

class Arithmetic final : public ValueNode {
 public:
  Arithmetic(Op op, std::vector<NodePtr> args) : ValueNode(std::move(args)), op_(op) {}
  const Value& value(const Scope& scope, Value& hold) override {
    Value left, right;
    const Value& a = arg(0).value(scope, left);
    const Value& b = arg(1).value(scope, right);
    hold = calculate(op_, a, b);
    return hold;
  }

 private:
  Op op_;
};

Value joined(const Value& a, const Value& b, const Context& context) {
  if (a.is_null() || b.is_null()) return {};
  const Text s(a), t(b);
  if ((*s).size() + (*t).size() > kLongestText) {
    warn_too_large(context);
    return {};
  }
  std::string out;
  out.reserve((*s).size() + (*t).size());
  out += *s;
  out += *t;
  return out;
}

// `+`: a sum of numbers, else a concatenation.
class Plus final : public ValueNode {
 public:
  Plus(std::vector<NodePtr> args, const Context& context)
      : ValueNode(std::move(args)), context_(context) {}
  const Value& value(const Scope& scope, Value& hold) override {
    Value left, right;
    const Value& a = arg(0).value(scope, left);
    const Value& b = arg(1).value(scope, right);
    hold = a.number() && b.number() ? calculate(Op::add, a, b) : joined(a, b, context_);
    return hold;
  }

 private:
  const Context& context_;
};

// `a.b`: the field of that name where the table has one (then written without blanks), else a
// concatenation.
class Concat final : public ValueNode {
 public:
  Concat(std::string dotted, std::vector<NodePtr> args, const Context& context)
      : ValueNode(std::move(args)), dotted_(std::move(dotted)), context_(context) {}
  void bind(const std::vector<std::string>& columns) override {
    column_ = dotted_.empty() ? Table::npos : column_of(columns, dotted_);
    ValueNode::bind(columns);
  }
  const Value& value(const Scope& scope, Value& hold) override {
    if (column_ != Table::npos) return scope.cell(column_);
    Value left, right;
    const Value& a = arg(0).value(scope, left);
    const Value& b = arg(1).value(scope, right);
    hold = joined(a, b, context_);
    return hold;
  }

 private:
  std::string dotted_;
  const Context& context_;
  std::size_t column_ = Table::npos;
};

class Negate final : public ValueNode {
 public:
  explicit Negate(std::vector<NodePtr> args) : ValueNode(std::move(args)) {}
  const Value& value(const Scope& scope, Value& hold) override {
    Value inner;
    hold = negated(arg(0).value(scope, inner));
    return hold;
  }
};

class Compare final : public ConditionNode {
 public:
  Compare(Op op, std::vector<NodePtr> args) : ConditionNode(std::move(args)), op_(op) {}
  Truth truth(const Scope& scope) override {
    Value left, right;
    const Value& a = arg(0).value(scope, left);
    if (a.is_null()) return Truth::null;
    return compare_values(op_, a, arg(1).value(scope, right));
  }

 private:
  Op op_;
};

class Not final : public ConditionNode {
 public:
  explicit Not(std::vector<NodePtr> args) : ConditionNode(std::move(args)) {}
  Truth truth(const Scope& scope) override {
    switch (arg(0).truth(scope)) {
      case Truth::yes:
        return Truth::no;
      case Truth::no:
        return Truth::yes;
      case Truth::null:
        break;
    }
    return Truth::null;
  }
};

// AND and OR stop at the first side that decides; a NULL side decides nothing.
class AndOr final : public ConditionNode {
 public:
  AndOr(Truth decisive, std::vector<NodePtr> args)
      : ConditionNode(std::move(args)), decisive_(decisive) {}
  Truth truth(const Scope& scope) override {
    const Truth left = arg(0).truth(scope);
    if (left == decisive_) return left;
    const Truth right = arg(1).truth(scope);
    return left == Truth::null && right != decisive_ ? Truth::null : right;
  }

 private:
  Truth decisive_;
};

class Xor final : public ConditionNode {
 public:
  explicit Xor(std::vector<NodePtr> args) : ConditionNode(std::move(args)) {}
  Truth truth(const Scope& scope) override {
    const Truth left = arg(0).truth(scope), right = arg(1).truth(scope);
    if (left == Truth::null || right == Truth::null) return Truth::null;
    return truth_of(left != right);
  }
};

}  // namespace

Truth truth_of(const Value& value) {
  if (value.is_null()) return Truth::null;
  if (value.is_many()) {
    const auto& all = value.as_many();
    return truth_of(std::any_of(all.begin(), all.end(), [](const std::string& one) {
      return truth_of(Value(one)) == Truth::yes;
    }));
  }
  if (const auto number = value.number()) return truth_of(*number != 0);
  return truth_of(base::iequals(value.as_text(), "true"));
}

Value ConditionNode::text_of(Truth truth) {
  if (truth == Truth::null) return {};
  return truth == Truth::yes ? "True" : "False";
}

std::size_t column_of(const std::vector<std::string>& columns, std::string_view name) {
  const auto at = std::find(columns.begin(), columns.end(), name);
  return at == columns.end() ? Table::npos : static_cast<std::size_t>(at - columns.begin());
}

void warn(const Context& context, const std::string& text) {
  context.say(text);
}

void warn_too_large(const Context& context) {
  warn(context,
       "an eval expression built more than 16 MiB of text or a million values: NULL instead");
}

Value bounded(Value::Many values, const Context& context) {
  if (values.size() <= kMostValues) return Value::many(std::move(values));
  warn_too_large(context);
  return {};
}

NodePtr make_constant(Value value) { return std::make_unique<Constant>(std::move(value)); }
NodePtr make_field(std::string name) { return std::make_unique<Field>(std::move(name)); }

NodePtr make_operator(const spl::Expr& expr, std::vector<NodePtr> args, const Context& context) {
  if (expr.kind == spl::Expr::Kind::negate) return std::make_unique<Negate>(std::move(args));
  if (expr.kind == spl::Expr::Kind::logical_not) return std::make_unique<Not>(std::move(args));
  switch (expr.op) {
    case Op::add:
      return std::make_unique<Plus>(std::move(args), context);
    case Op::concat:
      return std::make_unique<Concat>(expr.text, std::move(args), context);
    case Op::logical_and:
      return std::make_unique<AndOr>(Truth::no, std::move(args));
    case Op::logical_or:
      return std::make_unique<AndOr>(Truth::yes, std::move(args));
    case Op::logical_xor:
      return std::make_unique<Xor>(std::move(args));
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::modulo:
      return std::make_unique<Arithmetic>(expr.op, std::move(args));
    default:
      return std::make_unique<Compare>(expr.op, std::move(args));
  }
}

}  // namespace escudo::pipeline
