// A macro: {name, definition, arguments: [a, b] or "a, b"}. The name may carry its arity, as in
// Splunk's macros.conf: ctime(1).

#include "base/text.hpp"
#include "catalog/load.hpp"

namespace escudo::catalog {
namespace {

std::vector<std::string> argument_names(const base::Yaml& node) {
  std::vector<std::string> out;
  for (const std::string& item : node.strings()) {
    for (const std::string_view name : base::split(item, ',')) {
      if (const auto trimmed = base::trim(name); !trimmed.empty()) out.emplace_back(trimmed);
    }
  }
  return out;
}

}  // namespace

std::optional<Macro> read_macro(const base::Yaml& node, base::Diagnostics& problems) {
  Macro macro;
  // In a file that maps names to macros, the key is the name.
  macro.name = base::trim(node["name"].text_or(node.key().text()));
  macro.definition = node["definition"].text();
  macro.arguments = argument_names(node["arguments"]);
  macro.file = node.file();

  if (macro.name.empty() || !node["definition"].is_scalar()) {
    warn(node, "bad-macro", "a macro needs a `name` and a `definition`", "it is left out",
         problems);
    return {};
  }
  const std::size_t paren = macro.name.find('(');
  if (paren != std::string::npos) {
    const std::string arity = macro.name.substr(paren);
    macro.name = base::trim(std::string_view(macro.name).substr(0, paren));
    if (arity != '(' + std::to_string(macro.arguments.size()) + ')') {
      warn(node["name"], "bad-macro",
           "the name says `" + arity + "`, but " + std::to_string(macro.arguments.size()) +
               " arguments are named",
           "the named arguments count", problems);
    }
  }
  return macro;
}

}  // namespace escudo::catalog
