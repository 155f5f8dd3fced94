// mvmap and mvfilter: an expression run once for each value of a field, which then stands for it.
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

class Loop : public ValueNode {
 public:
  Loop(NodePtr source, NodePtr body, std::string field)
      : source_(std::move(source)), body_(std::move(body)), field_(std::move(field)) {}
  void bind(const std::vector<std::string>& columns) override {
    column_ = column_of(columns, field_);
    source_->bind(columns);
    body_->bind(columns);
  }
  const Value& value(const Scope& scope, Value& hold) override {
    Value list;
    const Value& all = source_->value(scope, list);
    const std::size_t n = all.count();
    Value::Many out;
    for (std::size_t k = 0; k < n; ++k) {
      const Value one = all.is_many() ? Value(all.as_many()[k]) : all;
      const Binding binding{column_, &one, scope.bindings};
      take(*body_, Scope{scope.row, &binding}, one, out);
    }
    if (n == 1 && out.size() == 1 && all.is_number() && out[0] == all.text())
      hold = all;
    else
      hold = Value::many(std::move(out));
    return hold;
  }

 protected:
  virtual void take(Node& body, const Scope& scope, const Value& one, Value::Many& out) = 0;

 private:
  NodePtr source_, body_;
  std::string field_;  // stands for each value of the source in the body
  std::size_t column_ = Table::npos;
};

class Filter final : public Loop {
 public:
  using Loop::Loop;

 private:
  void take(Node& body, const Scope& scope, const Value& one, Value::Many& out) override {
    if (body.truth(scope) == Truth::yes) out.push_back(one.text());
  }
};

// What the expression gives for each value; a NULL leaves the value out.
class Map final : public Loop {
 public:
  Map(NodePtr source, NodePtr body, std::string field, const Context& context)
      : Loop(std::move(source), std::move(body), std::move(field)), context_(context) {}

 private:
  void take(Node& body, const Scope& scope, const Value&, Value::Many& out) override {
    Value hold;
    const Value& result = body.value(scope, hold);
    if (out.size() + result.count() > kMostValues) {
      warn_too_large(context_);
      return;
    }
    for (std::string& text : result.values()) out.push_back(std::move(text));
  }
  const Context& context_;
};

NodePtr make_mvfilter(Call& call) {
  const std::vector<std::string> fields = fields_of(call.expr.args[0]);
  if (fields.size() != 1)
    return call.fail(call.expr.span, "function-arguments",
                     fields.empty() ? "the condition of mvfilter() reads no field"
                                    : "the condition of mvfilter() reads more than one field",
                     "write mvfilter(match(field, \"…\")), with one field");
  return std::make_unique<Filter>(make_field(fields.front()), std::move(call.args[0]),
                                  fields.front());
}

NodePtr make_mvmap(Call& call) {
  const std::vector<std::string> fields = fields_of(call.expr.args[0]);
  if (fields.size() != 1)
    return call.fail(call.span_of(0), "function-arguments",
                     "mvmap() goes through the values of one field",
                     "write mvmap(field, expression with field)");
  return std::make_unique<Map>(std::move(call.args[0]), std::move(call.args[1]), fields.front(),
                               call.context());
}

constexpr Function kFunctions[] = {
    {"mvfilter", 1, 1, "mvfilter(condition over one field)", make_mvfilter},
    {"mvmap", 2, 2, "mvmap(field, expression)", make_mvmap},
};

}  // namespace

Functions loop_functions() { return kFunctions; }

}  // namespace escudo::pipeline
