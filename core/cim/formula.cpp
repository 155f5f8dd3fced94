#include "cim/formula.hpp"

namespace escudo::cim {
namespace {

struct Special {
  std::string_view name;
  Form form;
  std::size_t least, most;
};

constexpr Special specials[] = {
    {"first", Form::first, 1, any_number}, {"if", Form::choice, 2, 3},
    {"lookup", Form::lookup, 2, 3},        {"alias", Form::alias, 2, any_number},
    {"event_data_xml", Form::block, 0, 0}, {"user_data_xml", Form::block, 0, 1},
    {"system_xml", Form::block, 0, 0},
};

base::Error wrong_count(std::string_view name, std::size_t least, std::size_t most) {
  std::string expected = std::to_string(least);
  if (most == any_number)
    expected = "at least " + expected;
  else if (most != least)
    expected += " to " + std::to_string(most);
  return {std::string(name) + "() takes " + expected +
          (expected == "1" ? " argument" : " arguments")};
}

base::Result<Formula> resolve_call(const Expression& e, const TableScope& tables) {
  Formula out;
  out.text = e.text;
  std::size_t least = 0, most = 0;
  const Special* special = nullptr;
  for (const Special& s : specials) {
    if (s.name == e.text) special = &s;
  }
  if (special) {
    out.form = special->form;
    least = special->least;
    most = special->most;
  } else if (const Transform* transform = find_transform(e.text)) {
    out.form = Form::transform;
    out.transform = transform;
    least = transform->least;
    most = transform->most;
  } else {
    return base::Error{"no transform is named " + e.text + "()"};
  }
  if (e.arguments.size() < least || e.arguments.size() > most) {
    return wrong_count(e.text, least, most);
  }
  for (std::size_t i = 0; i < e.arguments.size(); ++i) {
    const Expression& argument = e.arguments[i];
    if (out.form == Form::lookup && i == 1) {
      auto it = tables.find(argument.text);
      if (argument.type != Expression::Type::field || it == tables.end()) {
        return base::Error{"no table is named " + argument.print()};
      }
      out.table = it->second;
      continue;
    }
    if (out.form == Form::block && argument.type != Expression::Type::constant) {
      return base::Error{e.text + "() takes the name of an element in quotes"};
    }
    auto resolved = resolve(argument, tables);
    if (!resolved) return resolved;
    out.arguments.push_back(std::move(*resolved));
  }
  return out;
}

}  // namespace

base::Result<Formula> resolve(const Expression& e, const TableScope& tables) {
  Formula out;
  switch (e.type) {
    case Expression::Type::constant:
      out.form = Form::constant;
      out.text = e.text;
      return out;
    case Expression::Type::field:
      out.form = Form::field;
      out.field = event::intern(e.text);
      return out;
    case Expression::Type::call:
      break;
  }
  return resolve_call(e, tables);
}

base::Result<Formula> parse_formula(std::string_view text, const TableScope& tables) {
  auto parsed = parse_expression(text);
  if (!parsed) return base::Error{parsed.error()};
  return resolve(*parsed, tables);
}

void fields_named(const Formula& formula, std::vector<event::FieldId>& out) {
  if (formula.form == Form::field) out.push_back(formula.field);
  for (const Formula& argument : formula.arguments) fields_named(argument, out);
}

}  // namespace escudo::cim
