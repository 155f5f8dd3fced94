// Functions that read and make JSON: json_extract, json_keys, json_object and their kin, spath.
#include "pipeline/functions/function.hpp"
#include "pipeline/functions/json_text.hpp"
#include "pipeline/ops/spath.hpp"

namespace escudo::pipeline {
namespace {

std::optional<Json> json_of(const Value& v) {
  if (v.is_null() || v.is_many()) return {};
  return parse_json(*Text(v));
}

// One result as it is, several as a JSON array.
NodePtr make_extract(Call& call) {
  return of_each(call, [](const Value& x, Args args) -> Value {
    const auto root = json_of(x);
    if (!root) return {};
    if (args.size() == 1) return json_text(*root);
    std::vector<const Json*> found;
    for (std::size_t k = 1; k < args.size(); ++k) {
      const Text path(*args[k]);
      for (const Json* one : json_at(*root, *path)) found.push_back(one);
    }
    if (found.empty()) return {};
    if (found.size() == 1) {
      auto text = json_value_text(*found[0]);
      return text ? Value(std::move(*text)) : Value();
    }
    Json all = Json::array();
    for (const Json* one : found) all.push_back(*one);
    return json_text(all);
  });
}

// Member names are taken as they are, points and all.
NodePtr make_extract_exact(Call& call) {
  return of_each(call, [](const Value& x, Args args) -> Value {
    const auto root = json_of(x);
    if (!root || !root->is_object()) return {};
    const auto member = root->find(args[1]->text());
    if (member == root->end()) return {};
    auto text = json_value_text(*member);
    return text ? Value(std::move(*text)) : Value();
  });
}

NodePtr make_has_key(Call& call) {
  return condition(call, [](Args args) {
    if (args[0]->is_null() || args[1]->is_null()) return Truth::null;
    const auto root = json_of(*args[0]);
    return truth_of(root && root->is_object() && root->contains(args[1]->text()));
  });
}

NodePtr make_valid(Call& call) {
  return condition(call, [](Args args) {
    return args[0]->is_null() ? Truth::null : truth_of(json_of(*args[0]).has_value());
  });
}

NodePtr make_json(Call& call) {
  return of_each(call, [](const Value& x, Args) -> Value {
    const auto root = json_of(x);
    return root ? Value(json_text(*root)) : Value();
  });
}

NodePtr make_keys(Call& call) {
  return of_each(call, [](const Value& x, Args) -> Value {
    const auto root = json_of(x);
    if (!root || !root->is_object()) return {};
    Json keys = Json::array();
    for (const auto& [key, member] : root->items()) keys.push_back(key);
    return json_text(keys);
  });
}

// The elements as values; with a second argument that holds, texts keep their quotes.
NodePtr make_array_to_mv(Call& call) {
  const Context& context = call.context();
  return of_all(call, [&context](Args args) -> Value {
    const auto root = json_of(*args[0]);
    if (!root || !root->is_array()) return {};
    const bool quotes = args.size() > 1 && truth_of(*args[1]) == Truth::yes;
    Value::Many out;
    for (const Json& one : *root)
      out.push_back(quotes ? json_text(one) : json_value_text(one).value_or("null"));
    return bounded(std::move(out), context);
  });
}

// With a second argument that holds, values that are JSON (numbers, true, objects) go in as such.
NodePtr make_mv_to_array(Call& call) {
  return of_all(call, [](Args args) -> Value {
    if (args[0]->is_null()) return {};
    const bool infer = args.size() > 1 && truth_of(*args[1]) == Truth::yes;
    Json out = Json::array();
    for (const std::string& one : args[0]->values()) {
      auto parsed = infer ? parse_json(one) : std::nullopt;
      if (parsed)
        out.push_back(std::move(*parsed));
      else
        out.push_back(one);
    }
    return json_text(out);
  });
}

// How an argument of json_object or json_array is written, as far as the search tells.
enum class Kind { plain, truth, json };

std::vector<Kind> kinds_of(const Call& call) {
  std::vector<Kind> out;
  for (std::size_t k = 0; k < call.args.size(); ++k) {
    const spl::Expr& arg = call.expr.args[k];
    const bool json =
        arg.kind == spl::Expr::Kind::call &&
        (arg.text == "json" || arg.text.starts_with("json_") || arg.text == "mv_to_json_array");
    out.push_back(call.args[k]->is_condition() ? Kind::truth : json ? Kind::json : Kind::plain);
  }
  return out;
}

Json json_from(const Value& v, Kind kind) {
  if (v.is_null()) return nullptr;
  if (kind == Kind::truth) return truth_of(v) == Truth::yes;
  if (v.is_many()) return v.as_many();
  if (kind == Kind::json)
    if (auto parsed = parse_json(*Text(v))) return std::move(*parsed);
  if (!v.is_number()) return v.as_text();
  if (const auto n = integer_of(v)) return *n;
  return v.as_number();
}

NodePtr make_object(Call& call) {
  if (call.args.size() % 2)
    return call.fail(call.expr.span, "function-arguments",
                     "json_object() takes pairs of a name and a value");
  return of_all(call, [kinds = kinds_of(call)](Args args) -> Value {
    Json out = Json::object();
    for (std::size_t k = 0; k + 1 < args.size(); k += 2)
      if (!args[k]->is_null()) out[args[k]->text()] = json_from(*args[k + 1], kinds[k + 1]);
    return json_text(out);
  });
}

NodePtr make_array(Call& call) {
  return of_all(call, [kinds = kinds_of(call)](Args args) -> Value {
    Json out = Json::array();
    for (std::size_t k = 0; k < args.size(); ++k) out.push_back(json_from(*args[k], kinds[k]));
    return json_text(out);
  });
}

// The values at a path into JSON or XML, as the command spath finds them; several are a multivalue.
NodePtr make_spath(Call& call) {
  std::optional<std::vector<spath::Step>> fixed;
  if (const std::string* path = call.literal(1)) {
    fixed.emplace();
    if (!spath::parse_path(*path, *fixed))
      return call.fail(call.span_of(1), "bad-path", "`" + *path + "` is no path",
                       "write a.b, a{}.b, a{0}.b or a.b{@attribute}");
  }
  const Context& context = call.context();
  return of_all(call, [&context, fixed = std::move(fixed)](Args args) -> Value {
    if (args[1]->is_null()) return {};
    std::vector<spath::Step> read;
    if (!fixed && !spath::parse_path(*Text(*args[1]), read)) return {};
    const auto& path = fixed ? *fixed : read;
    const int depth = context.limits.document_depth;
    Value::Many out;
    for (const std::string& text : args[0]->values()) {
      if (text.size() > context.limits.document_bytes)
        warn_too_large(context);
      else if (spath::looks_like_xml(text))
        spath::xml_at(text, path, depth, out);
      else
        spath::json_at(text, path, depth, out);
    }
    return bounded(std::move(out), context);
  });
}

constexpr Function kFunctions[] = {
    {"json", 1, 1, "json(text)", make_json},
    {"json_array", 0, Function::kAny, "json_array(value, …)", make_array},
    {"json_array_to_mv", 1, 2, "json_array_to_mv(array [, keep quotes])", make_array_to_mv},
    {"json_extract", 1, Function::kAny, "json_extract(json, \"a.b{0}\", …)", make_extract},
    {"json_extract_exact", 2, 2, "json_extract_exact(json, \"name\")", make_extract_exact},
    {"json_has_key_exact", 2, 2, "json_has_key_exact(json, \"name\")", make_has_key},
    {"json_keys", 1, 1, "json_keys(json)", make_keys},
    {"json_object", 0, Function::kAny, "json_object(\"name\", value, …)", make_object},
    {"json_valid", 1, 1, "json_valid(text)", make_valid},
    {"mv_to_json_array", 1, 2, "mv_to_json_array(values [, infer types])", make_mv_to_array},
    {"spath", 2, 2, "spath(json or xml, \"a.b{}.c\")", make_spath},
};

}  // namespace

Functions json_functions() { return kFunctions; }

}  // namespace escudo::pipeline
