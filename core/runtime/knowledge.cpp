#include "runtime/knowledge.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"

namespace escudo::runtime {

std::uint64_t Knowledge::count(detect::Status status) const {
  return static_cast<std::uint64_t>(std::count_if(book->rules().begin(), book->rules().end(),
                                                  [&](const detect::CompiledRule& r) { return r.status == status; }));
}

std::unique_ptr<const Knowledge> load_knowledge(const KnowledgeOptions& options) {
  auto out = std::make_unique<Knowledge>();
  std::vector<std::string> paths = options.rules;
  if (paths.empty()) paths.push_back(base::join_path(options.content, "detections"));
  // First come, first served: the user's macros, then the checkouts', then what Escudo ships.
  for (const std::string& file : options.macros) out->catalog.add_macro_file(file, out->problems);
  for (const std::string& path : paths)
    if (auto checkout = rules::checkout_of(path)) out->catalog.add_folder(*checkout, out->problems);
  out->catalog.add_folder(options.content, out->problems);
  out->rule_set = rules::load_rules(paths);
  out->maps = std::make_unique<cim::Maps>(cim::Maps::load(base::join_path(options.content, "maps"), out->catalog, out->problems, options.compat));
  for (const std::string& name : options.compat) {
    const auto known = out->maps->known_switches();
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    base::Diagnostic d;
    d.code = "unknown-switch";
    d.message = "nothing can be turned on as " + name;
    const std::string near = base::nearest(name, known);
    if (!near.empty()) d.hint = "did you mean " + near + "?";
    out->problems.push_back(std::move(d));
  }
  out->book = std::make_unique<detect::RuleBook>(detect::RuleBook::compile(out->rule_set.rules, out->catalog, *out->maps));
  return out;
}

std::string why_refused(const Knowledge& loaded) {
  if (!loaded.rule_set.failed_paths.empty()) return loaded.rule_set.failed_paths.front() + " does not load";
  for (const detect::CompiledRule& rule : loaded.book->rules())
    if (rule.status == detect::Status::invalid) return rule.rule->name + " does not compile: " + rule.reason;
  if (std::ranges::none_of(loaded.book->rules(), [](const auto& r) { return r.executable(); })) return "no detection in it runs";
  return "";
}

}  // namespace escudo::runtime
