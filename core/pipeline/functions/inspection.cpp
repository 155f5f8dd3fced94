// What a value is: isnull, isnum, typeof and their kin. Splunk is untyped: a text that looks like a
// number is a number.
#include <cmath>

#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

bool is_number(const Value& v) { return v.number().has_value(); }

bool is_whole(const Value& v) {
  const auto n = v.number();
  if (!n || *n != std::trunc(*n)) return false;
  // "3.0" is written as a fraction.
  return v.is_number() || v.as_text().find_first_of(".eE") == std::string::npos;
}

// Asks a question about a value that has a definite answer even for NULL.
template <bool (*question)(const Value&)>
NodePtr ask(Call& call) {
  return condition(call, [](Args args) { return truth_of(question(*args[0])); });
}

bool is_null(const Value& v) { return v.is_null(); }
bool is_not_null(const Value& v) { return !v.is_null(); }
bool is_many(const Value& v) { return v.is_many(); }
bool is_fraction(const Value& v) { return is_number(v) && !is_whole(v); }

// A truth is neither a text nor a number.
NodePtr make_is_string(Call& call) {
  const bool truth = call.args[0]->is_condition();
  return condition(call, [truth](Args args) {
    return truth_of(!truth && !args[0]->is_null() && !is_number(*args[0]));
  });
}

NodePtr make_is_bool(Call& call) {
  const bool truth = call.args[0]->is_condition();
  return condition(call, [truth](Args args) { return truth_of(truth && !args[0]->is_null()); });
}

NodePtr make_typeof(Call& call) {
  const bool truth = call.args[0]->is_condition();
  return of_all(call, [truth](Args args) -> Value {
    const Value& v = *args[0];
    if (v.is_null()) return "Invalid";
    if (truth) return "Boolean";
    if (v.is_many()) return "Multivalue";
    return is_number(v) ? "Number" : "String";
  });
}

constexpr Function kFunctions[] = {
    {"isbool", 1, 1, "isbool(value)", make_is_bool},
    {"isdouble", 1, 1, "isdouble(value)", ask<is_fraction>},
    {"isint", 1, 1, "isint(value)", ask<is_whole>},
    {"ismv", 1, 1, "ismv(value)", ask<is_many>},
    {"isnotnull", 1, 1, "isnotnull(value)", ask<is_not_null>},
    {"isnull", 1, 1, "isnull(value)", ask<is_null>},
    {"isnum", 1, 1, "isnum(value)", ask<is_number>},
    {"isstr", 1, 1, "isstr(value)", make_is_string},
    {"typeof", 1, 1, "typeof(value)", make_typeof},
};

}  // namespace

Functions inspection_functions() { return kFunctions; }

}  // namespace escudo::pipeline
