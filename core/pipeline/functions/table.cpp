// The one table of eval functions.
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

const std::vector<Function>& table() {
  static const std::vector<Function> all = [] {
    std::vector<Function> out;
    for (const Functions family :
         {address_functions(), bit_functions(), condition_functions(), conversion_functions(),
          digest_functions(), inspection_functions(), json_functions(), loop_functions(),
          math_functions(), multivalue_functions(), pattern_functions(), printf_functions(),
          search_functions(), sigfig_functions(), statistics_functions(), text_functions(),
          time_functions()})
      out.insert(out.end(), family.begin(), family.end());
    std::sort(out.begin(), out.end(),
              [](const Function& a, const Function& b) { return a.name < b.name; });
    return out;
  }();
  return all;
}

struct Missing {
  std::string_view name, why;
};
constexpr Missing kMissing[] = {
    {"getfields", "it reads the events of a search head"},
    {"json_append", "Escudo reads JSON but does not edit it"},
    {"json_delete", "Escudo reads JSON but does not edit it"},
    {"json_entries", "Escudo reads JSON but does not edit it"},
    {"json_extend", "Escudo reads JSON but does not edit it"},
    {"json_set", "Escudo reads JSON but does not edit it"},
    {"json_set_exact", "Escudo reads JSON but does not edit it"},
    {"lookup", "write the lookup command instead"},
};

std::string times(int n) { return std::to_string(n) + (n == 1 ? " argument" : " arguments"); }

}  // namespace

const Function* find_function(std::string_view name) {
  const auto& all = table();
  const auto at =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const Function& f, std::string_view n) { return f.name < n; });
  return at != all.end() && at->name == name ? &*at : nullptr;
}

std::string_view unsupported_function(std::string_view name) {
  for (const Missing& m : kMissing)
    if (m.name == name) return m.why;
  return {};
}

std::vector<std::string> eval_function_names() {
  std::vector<std::string> out;
  for (const Function& f : table()) out.emplace_back(f.name);
  return out;
}

std::vector<EvalFunction> eval_functions() {
  std::vector<EvalFunction> out;
  for (const Function& f : table()) out.push_back({std::string(f.name), std::string(f.usage)});
  return out;
}

const std::string* Call::literal(std::size_t k) const {
  return expr.args[k].kind == spl::Expr::Kind::string ? &expr.args[k].text : nullptr;
}

NodePtr Call::fail(base::Span where, std::string code, std::string message,
                   std::string hint) const {
  compiler.problems.push_back({where, std::move(code), std::move(message), std::move(hint)});
  return nullptr;
}

void Call::lint(base::Span where, std::string code, std::string message, std::string hint) const {
  compiler.problems.push_back(
      {where, std::move(code), std::move(message), std::move(hint), base::Severity::warning});
}

std::optional<std::int64_t> whole(const Value& value) {
  const auto n = value.number();
  if (!n) return {};
  return static_cast<std::int64_t>(std::clamp(std::trunc(*n), -1e15, 1e15));
}

// ---- calls ------------------------------------------------------------------------------------

NodePtr make_call(const spl::Expr& expr, Compiler& compiler) {
  const std::size_t before = compiler.problems.size();
  const auto failed = [&] {
    return std::any_of(compiler.problems.begin() + static_cast<std::ptrdiff_t>(before),
                       compiler.problems.end(),
                       [](const auto& p) { return p.severity == base::Severity::error; });
  };
  Call call{expr, {}, compiler};
  const base::Span name{expr.span.begin,
                        expr.span.begin + static_cast<std::uint32_t>(expr.text.size())};
  const Function* function = find_function(expr.text);
  if (!function) {
    if (const auto why = unsupported_function(expr.text); !why.empty())
      return call.fail(name, "unsupported-function", expr.text + "() is not supported",
                       std::string(why));
    const std::string near = base::nearest(expr.text, eval_function_names());
    return call.fail(
        name, "unknown-function", "no function is named " + expr.text,
        near.empty() ? "docs/spl.md lists the functions" : "did you mean " + near + "()?");
  }
  const auto n = static_cast<int>(expr.args.size());
  if (n < function->least || (function->most != Function::kAny && n > function->most)) {
    const int wanted = n < function->least ? function->least : function->most;
    const std::string_view bound = function->least == function->most ? ""
                                   : n < function->least             ? "at least "
                                                                     : "at most ";
    return call.fail(
        expr.span, "function-arguments",
        expr.text + "() takes " + std::string(bound) + times(wanted) + ", not " + std::to_string(n),
        "write " + std::string(function->usage));
  }
  for (const spl::Expr& arg : expr.args) {
    NodePtr node = compiler.compile(arg);
    if (!node) return nullptr;
    call.args.push_back(std::move(node));
  }
  NodePtr out = function->make(call);
  return failed() ? nullptr : std::move(out);
}

}  // namespace escudo::pipeline
