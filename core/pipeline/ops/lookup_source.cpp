#include "pipeline/ops/lookup_source.hpp"

#include "base/text.hpp"

namespace escudo::pipeline {

LookupSource find_lookup(const std::string& name, base::Span span, const Build& build) {
  LookupSource out;
  out.table = std::make_shared<const LookupTable>();
  if (!build.context.lookups) out.own = std::make_unique<LookupStore>();
  auto absent = [&](std::string code, std::string why, std::string hint) {
    out.absence = "lookup " + name + ": " + why + "; it counts as empty";
    build.problems.push_back(
        {span, std::move(code), out.absence, std::move(hint), base::Severity::warning});
  };
  const catalog::LookupDefinition* found =
      build.context.catalog ? build.context.catalog->find_lookup(name) : nullptr;
  if (!found) {
    out.definition.name = name;
    std::string near;
    if (build.context.catalog) near = base::nearest(name, build.context.catalog->lookup_names());
    absent(
        "unknown-lookup", "no lookup has this name",
        near.empty() ? "define it in lookups/ beside the rules" : "did you mean `" + near + "`?");
    return out;
  }
  out.definition = *found;
  if (found->file.empty()) {
    absent("optional-lookup", "the table is one that a site keeps for itself",
           "put a CSV file beside its definition");
    return out;
  }
  auto loaded = out.store(build.context).table(*found);
  if (!loaded)
    absent("bad-lookup-file", loaded.error(), "");
  else
    out.table = *loaded;
  return out;
}

}  // namespace escudo::pipeline
