#pragma once
// Function: an eval function as the table knows it, and the few shapes most of them share. A family
// of functions is a file; each hands its list to table.cpp.
//
// A function of one value that is given a multivalue works on each of its values (docs/spl.md).

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/eval_compare.hpp"
#include "pipeline/eval_node.hpp"

namespace escudo::pipeline {

// A call being compiled.
struct Call {
  const spl::Expr& expr;
  std::vector<NodePtr> args;
  Compiler& compiler;

  const Context& context() const { return compiler.context; }
  const Limits& limits() const { return compiler.context.limits; }
  // The text of an argument written as "text"; null for anything else.
  const std::string* literal(std::size_t k) const;
  base::Span span_of(std::size_t k) const { return expr.args[k].span; }
  // Adds a problem; gives the null a factory then returns.
  NodePtr fail(base::Span where, std::string code, std::string message,
               std::string hint = {}) const;
  void lint(base::Span where, std::string code, std::string message, std::string hint = {}) const;
};

struct Function {
  std::string_view name;  // lower case
  int least = 0;
  int most = 0;            // kAny: no bound
  std::string_view usage;  // "substr(text, start [, length])"
  NodePtr (*make)(Call&) = nullptr;

  static constexpr int kAny = -1;
};

using Functions = std::span<const Function>;
Functions address_functions(), bit_functions(), condition_functions(), conversion_functions(),
    digest_functions(), inspection_functions(), json_functions(), loop_functions(),
    math_functions(), multivalue_functions(), pattern_functions(), printf_functions(),
    search_functions(), sigfig_functions(), statistics_functions(), text_functions(),
    time_functions();

const Function* find_function(std::string_view name);  // lower case
// Documented by Splunk and not done here: why, or empty.
std::string_view unsupported_function(std::string_view name);

// ---- shapes -----------------------------------------------------------------------------------

// The values of all arguments, in order.
using Args = std::span<const Value* const>;

// The arguments of a call, evaluated together into memory that is used again for every row.
class ArgumentValues {
 public:
  explicit ArgumentValues(std::size_t n) : holds_(n), values_(n) {}
  template <class Ask>  // Ask: const Value&(std::size_t k, Value& hold)
  Args fill(const Ask& ask) {
    for (std::size_t k = 0; k < values_.size(); ++k) values_[k] = &ask(k, holds_[k]);
    return values_;
  }

 private:
  std::vector<Value> holds_;
  std::vector<const Value*> values_;
};

namespace detail {

template <class F>
class OfAll final : public ValueNode {
 public:
  OfAll(std::vector<NodePtr> args, F f)
      : ValueNode(std::move(args)), f_(std::move(f)), values_(arity()) {}
  const Value& value(const Scope& scope, Value& hold) override {
    const Args args = values_.fill(
        [&](std::size_t k, Value& h) -> const Value& { return arg(k).value(scope, h); });
    hold = f_(args);
    return hold;
  }

 private:
  F f_;
  ArgumentValues values_;
};

template <class F>
class OfEach final : public ValueNode {
 public:
  OfEach(std::vector<NodePtr> args, F f, const Context& context)
      : ValueNode(std::move(args)), f_(std::move(f)), context_(context), values_(arity()) {}
  const Value& value(const Scope& scope, Value& hold) override {
    const Args args = values_.fill(
        [&](std::size_t k, Value& h) -> const Value& { return arg(k).value(scope, h); });
    const Value& first = *args[0];
    if (first.is_null()) {
      hold = Value();
    } else if (!first.is_many()) {
      hold = f_(first, args);
    } else {
      hold = each(first.as_many(), args);
    }
    return hold;
  }

 private:
  Value each(const Value::Many& all, Args args) {
    Value::Many out;
    std::size_t bytes = 0;
    for (const std::string& one : all) {
      const Value result = f_(Value(one), args);
      if (result.is_null()) continue;
      out.push_back(result.text());
      bytes += out.back().size();
      if (bytes <= kLongestText) continue;
      warn_too_large(context_);
      return {};
    }
    return Value::many(std::move(out));
  }

  F f_;
  const Context& context_;
  ArgumentValues values_;
};

template <class F>
class Condition final : public ConditionNode {
 public:
  Condition(std::vector<NodePtr> args, F f)
      : ConditionNode(std::move(args)), f_(std::move(f)), values_(arity()) {}
  Truth truth(const Scope& scope) override {
    return f_(values_.fill(
        [&](std::size_t k, Value& h) -> const Value& { return arg(k).value(scope, h); }));
  }

 private:
  F f_;
  ArgumentValues values_;
};

}  // namespace detail

// F: Value(Args).
template <class F>
NodePtr of_all(Call& call, F f) {
  return std::make_unique<detail::OfAll<F>>(std::move(call.args), std::move(f));
}

// F: Value(const Value& x, Args), x being each value of the first argument: a text or a number.
template <class F>
NodePtr of_each(Call& call, F f) {
  return std::make_unique<detail::OfEach<F>>(std::move(call.args), std::move(f), call.context());
}

// F: Truth(Args).
template <class F>
NodePtr condition(Call& call, F f) {
  return std::make_unique<detail::Condition<F>>(std::move(call.args), std::move(f));
}

// Whether some value of a multivalue, or the one value, fits. NULL is NULL. F:
// bool(std::string_view).
template <class F>
Truth any_text(const Value& v, F f) {
  if (v.is_null()) return Truth::null;
  if (!v.is_many()) return truth_of(f(*Text(v)));
  for (const std::string& one : v.as_many())
    if (f(std::string_view(one))) return Truth::yes;
  return Truth::no;
}

// The whole number of a value, cut towards zero and kept within ±10^15; nothing when it is no
// number.
std::optional<std::int64_t> whole(const Value& value);

}  // namespace escudo::pipeline
