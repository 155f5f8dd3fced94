// rooms: rules base
// A detection's YAML: never crashes, and a rule that loads is whole and says why otherwise.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "rules/rule.hpp"

using namespace escudo;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::Diagnostics problems;
  const std::string yaml(reinterpret_cast<const char*>(data), size);
  const auto rule = rules::load_rule(yaml, "fuzz.yml", problems);

  bool failed = false;
  for (const base::Diagnostic& d : problems) {
    expect(!d.code.empty() && !d.message.empty());
    expect(d.render().ends_with('\n'));
    failed = failed || d.severity == base::Severity::error;
  }
  expect(failed == !rule);
  if (rule) {
    expect(!rule->name.empty() && !rule->id.empty() && !rule->search.empty());
    expect(rule->search == rule->search_node.text());
    if (rule->risk) (void)rule->risk->score();
    // The engine points into the search by ranges of its text.
    const auto end = static_cast<std::uint32_t>(rule->search.size());
    for (const base::Span span :
         {base::Span{0, 1}, base::Span{end / 2, end}, base::Span{end, end}}) {
      expect(!rule->search_node.complain_at(span, "code", "message").render().empty());
    }
  }
  return 0;
}
