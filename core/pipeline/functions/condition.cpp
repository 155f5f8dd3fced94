// if, case, validate, coalesce, nullif, in, and the constants null, true, false.
#include <unordered_set>

#include "base/text_hash.hpp"
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

// A result that is one of its arguments, picked per row: a truth when all it can pick are truths.
class Pick : public Node {
 public:
  Pick(std::vector<NodePtr> args, bool is_condition)
      : Node(std::move(args)), is_condition_(is_condition) {}
  const Value& value(const Scope& scope, Value& hold) final {
    Node* picked = pick(scope);
    return picked ? picked->value(scope, hold) : Scope::null_value();
  }
  Truth truth(const Scope& scope) final {
    Node* picked = pick(scope);
    return picked ? picked->truth(scope) : Truth::null;
  }
  bool is_condition() const final { return is_condition_; }

 protected:
  virtual Node* pick(const Scope& scope) = 0;  // null: NULL

 private:
  bool is_condition_;
};

// Whether the arguments from `first` on, every `step`-th, are truths; null() goes with either.
bool all_conditions(const Call& call, std::size_t first, std::size_t step) {
  bool any = false;
  for (std::size_t k = first; k < call.args.size(); k += step) {
    if (call.args[k]->is_condition())
      any = true;
    else if (call.expr.args[k].kind != spl::Expr::Kind::call || call.expr.args[k].text != "null")
      return false;
  }
  return any;
}

class If final : public Pick {
 public:
  using Pick::Pick;

 private:
  Node* pick(const Scope& scope) override {
    return &arg(arg(0).truth(scope) == Truth::yes ? 1 : 2);
  }
};

// case and validate: the value beside the first condition that is `wanted`.
class Case final : public Pick {
 public:
  Case(std::vector<NodePtr> args, bool is_condition, Truth wanted)
      : Pick(std::move(args), is_condition), wanted_(wanted) {}

 private:
  Node* pick(const Scope& scope) override {
    for (std::size_t k = 0; k < arity(); k += 2)
      if (arg(k).truth(scope) == wanted_) return &arg(k + 1);
    return nullptr;
  }
  Truth wanted_;
};

NodePtr make_if(Call& call) {
  const bool truth = all_conditions(call, 1, 1);
  return std::make_unique<If>(std::move(call.args), truth);
}

NodePtr make_pairs(Call& call, Truth wanted) {
  if (call.args.size() % 2)
    return call.fail(call.expr.span, "function-arguments",
                     call.expr.text + "() takes pairs of a condition and a value",
                     "the last value has no condition; true() is one that always holds");
  const bool truth = all_conditions(call, 1, 2);
  return std::make_unique<Case>(std::move(call.args), truth, wanted);
}
NodePtr make_case(Call& call) { return make_pairs(call, Truth::yes); }
NodePtr make_validate(Call& call) { return make_pairs(call, Truth::no); }

class Coalesce final : public Node {
 public:
  Coalesce(std::vector<NodePtr> args, bool is_condition)
      : Node(std::move(args)), is_condition_(is_condition) {}
  const Value& value(const Scope& scope, Value& hold) override {
    for (std::size_t k = 0; k < arity(); ++k)
      if (const Value& v = arg(k).value(scope, hold); !v.is_null()) return v;
    return Scope::null_value();
  }
  Truth truth(const Scope& scope) override {
    for (std::size_t k = 0; k < arity(); ++k)
      if (const Truth t = arg(k).truth(scope); t != Truth::null) return t;
    return Truth::null;
  }
  bool is_condition() const override { return is_condition_; }

 private:
  bool is_condition_;
};

NodePtr make_coalesce(Call& call) {
  const bool truth = all_conditions(call, 0, 1);
  return std::make_unique<Coalesce>(std::move(call.args), truth);
}

NodePtr make_nullif(Call& call) {
  return of_all(call, [](Args args) {
    const bool equal = compare_values(spl::Expr::Op::equal, *args[0], *args[1]) == Truth::yes;
    return equal ? Value() : *args[0];
  });
}

// x IN (…). Texts that are no numbers are looked up at once, the rest is compared one by one.
class In final : public ConditionNode {
 public:
  explicit In(Call& call) {
    x_ = std::move(call.args[0]);
    for (std::size_t k = 1; k < call.args.size(); ++k) {
      const std::string* text = call.literal(k);
      if (text && !Value(*text).number())
        words_.insert(*text);
      else
        items_.push_back(std::move(call.args[k]));
    }
  }
  void bind(const std::vector<std::string>& columns) override {
    x_->bind(columns);
    for (const NodePtr& item : items_) item->bind(columns);
  }
  Truth truth(const Scope& scope) override {
    Value left;
    const Value& x = x_->value(scope, left);
    if (x.is_null()) return Truth::null;
    if (!words_.empty()) {
      const Truth among = any_text(x, [&](std::string_view s) { return words_.contains(s); });
      if (among == Truth::yes) return Truth::yes;
    }
    for (const NodePtr& item : items_) {
      Value hold;
      if (member_of(x, item->value(scope, hold)) == Truth::yes) return Truth::yes;
    }
    return Truth::no;
  }

 private:
  NodePtr x_;
  std::unordered_set<std::string, base::TextHash, std::equal_to<>> words_;
  std::vector<NodePtr> items_;
};

NodePtr make_in(Call& call) { return std::make_unique<In>(call); }

class Certain final : public ConditionNode {
 public:
  explicit Certain(Truth truth) : truth_(truth) {}
  Truth truth(const Scope&) override { return truth_; }

 private:
  Truth truth_;
};

NodePtr make_null(Call&) { return make_constant(Value()); }
NodePtr make_true(Call&) { return std::make_unique<Certain>(Truth::yes); }
NodePtr make_false(Call&) { return std::make_unique<Certain>(Truth::no); }

constexpr Function kFunctions[] = {
    {"case", 2, Function::kAny, "case(condition, value, …)", make_case},
    {"coalesce", 1, Function::kAny, "coalesce(value, …)", make_coalesce},
    {"false", 0, 0, "false()", make_false},
    {"if", 3, 3, "if(condition, value, otherwise)", make_if},
    {"in", 2, Function::kAny, "in(value, item, …), or value IN (item, …)", make_in},
    {"null", 0, 0, "null()", make_null},
    {"nullif", 2, 2, "nullif(value, other)", make_nullif},
    {"true", 0, 0, "true()", make_true},
    {"validate", 2, Function::kAny, "validate(condition, value, …)", make_validate},
};

}  // namespace

Functions condition_functions() { return kFunctions; }

}  // namespace escudo::pipeline
