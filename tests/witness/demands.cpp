#include "demands.hpp"

#include <algorithm>

#include "spl/field_names.hpp"
#include "spl/named_groups.hpp"
#include "twin/interpreter.hpp"

namespace escudo::witness {

std::string field_behind(const spl::Pipeline& pipeline, std::size_t first, std::size_t end,
                         const spl::Feed& feed, const catalog::Catalog& catalog,
                         const std::string& name) {
  spl::Pipeline part = pipeline;
  part.commands.resize(end);
  for (spl::Command& command : part.commands)  // only where names come from
    if (std::holds_alternative<spl::Where>(command.verb) ||
        std::holds_alternative<spl::Search>(command.verb) ||
        std::holds_alternative<spl::Regex>(command.verb))
      command.verb = spl::Noop{};
  for (spl::Command& command : part.commands)
    if (auto* stats = std::get_if<spl::Stats>(&command.verb))
      std::erase_if(stats->by, [&](const std::string& by) { return by != name; });
  Random same(1);
  const Goals goals = goals_of(part, first, feed, catalog, {}, 0, same,
                               {{name, Goal{Goal::Kind::text, "witness-link"}}});
  for (const auto& [field, wanted] : goals)
    for (const Goal& goal : wanted)
      if (goal.text == "witness-link") return field;
  return {};
}

namespace {

// A filter with the rows of its subsearches over tables in their place; other subsearches stay.
spl::SearchExpr with_tables(const spl::SearchExpr& expr, const spl::Feed& feed,
                            const catalog::Catalog& catalog) {
  spl::SearchExpr out = expr;
  for (spl::SearchExpr& part : out.parts) part = with_tables(part, feed, catalog);
  if (expr.kind != spl::SearchExpr::Kind::subsearch || !expr.subsearch ||
      expr.subsearch->commands.empty() ||
      !std::holds_alternative<spl::InputLookup>(expr.subsearch->commands[0].verb))
    return out;
  const std::vector<twin::Event> nothing;
  const twin::World world{&catalog, &nothing, base::Time{}};
  try {
    out = {};
    out.kind = spl::SearchExpr::Kind::any_of;
    for (const twin::Row& row : twin::Interpreter(world).search(*expr.subsearch)) {
      spl::SearchExpr all;
      all.kind = spl::SearchExpr::Kind::all_of;
      for (const auto& [name, value] : row.fields) {
        spl::SearchExpr one;
        one.kind = spl::SearchExpr::Kind::compare;
        const auto plain = feed.plain.find(name);
        one.field = plain != feed.plain.end()       ? plain->second
                    : name.starts_with(feed.prefix) ? name.substr(feed.prefix.size())
                                                    : name;
        one.patterns = {value.text()};
        all.parts.push_back(std::move(one));
      }
      out.parts.push_back(std::move(all));
    }
  } catch (const twin::Unfit&) {
    return expr;
  }
  return out;
}

// Names that a search makes itself: no event need have them.
std::set<std::string> made_by(const spl::Pipeline& pipeline) {
  std::set<std::string> out{"null"};  // where null() is meant
  for (const spl::Command& command : pipeline.commands) {
    if (const auto* rex = std::get_if<spl::Rex>(&command.verb))
      for (const std::string& name : spl::named_groups(rex->pattern))
        if (name != rex->field) out.insert(name);
    if (const auto* lookup = std::get_if<spl::Lookup>(&command.verb))
      for (const spl::FieldPair& output : lookup->outputs)
        if (lookup->overwrite) out.insert(output.to);
    if (std::holds_alternative<spl::Transaction>(command.verb))
      out.insert({"duration", "eventcount"});
  }
  return out;
}

struct Collector {
  const runtime::Knowledge& knowledge;
  Random* random;
  bool filter_only;
  std::vector<double>& numbers;
  std::vector<Demand> out;

  static bool read(const spl::Feed& feed, const std::string& field) {
    return feed.needs.everything || feed.needs.names.contains(field) ||
           std::any_of(feed.needs.patterns.begin(), feed.needs.patterns.end(),
                       [&](const std::string& p) { return spl::match_name(p, field); });
  }

  void link(const spl::PlannedPipeline& planned, std::size_t ours,
            const spl::PlannedPipeline& child, std::size_t theirs) {
    for (std::size_t k = planned.first; k < planned.pipeline->commands.size(); ++k) {
      const auto* join = std::get_if<spl::Join>(&planned.pipeline->commands[k].verb);
      if (!join || join->right != child.pipeline) continue;
      for (const std::string& name : join->fields) {
        if (name == "_time") continue;
        const std::string left = field_behind(*planned.pipeline, planned.first, k, *out[ours].feed,
                                              knowledge.catalog, name);
        const std::string right =
            field_behind(*child.pipeline, child.first, child.pipeline->commands.size(),
                         *out[theirs].feed, knowledge.catalog, name);
        if (!left.empty() && !right.empty()) out[theirs].links.push_back({ours, left, right});
      }
    }
  }

  void add(const spl::Plan& plan, const spl::PlannedPipeline& planned) {
    const std::size_t own = out.size();
    if (planned.rows == spl::PlannedPipeline::Rows::feed) {
      const spl::Feed& feed = plan.feeds[planned.feed];
      Demand demand;
      demand.feed = &feed;
      demand.dataset =
          feed.dataset.empty() ? cim::DatasetId::raw() : knowledge.maps->dataset(feed.dataset);
      atoms_of(feed.has_subsearch ? with_tables(feed.whole_filter, feed, knowledge.catalog)
                                  : feed.filter,
               true, random, demand.atoms);
      std::vector<Atom> later;
      atoms_of(*planned.pipeline, planned.first, feed, knowledge.catalog, random, later, numbers);
      for (Atom& atom : later)
        if (!filter_only && read(feed, atom.field)) demand.atoms.push_back(std::move(atom));
      demand.needed = feed.needs.names;
      if (demand.dataset.is_raw())
        for (const std::string& name : made_by(*planned.pipeline)) demand.needed.erase(name);
      demand.pipeline = planned.pipeline.get();
      demand.first = planned.first;
      out.push_back(std::move(demand));
    }
    for (const auto& child : planned.children) {
      const std::size_t theirs = out.size();
      add(plan, *child);
      if (out.size() > theirs && planned.rows == spl::PlannedPipeline::Rows::feed &&
          child->rows == spl::PlannedPipeline::Rows::feed)
        link(planned, own, *child, theirs);
    }
  }
};

}  // namespace

std::vector<Demand> demands_of(const detect::CompiledRule& rule,
                               const runtime::Knowledge& knowledge, Random* random,
                               bool filter_only, std::vector<double>& numbers) {
  Collector all{knowledge, random, filter_only, numbers, {}};
  all.add(*rule.plan, *rule.plan->root);
  if (rule.plan->columns_known && !all.out.empty())
    all.out.front().columns.insert(rule.plan->columns.begin(), rule.plan->columns.end());
  for (const auto& map : rule.map_plans) {
    const std::size_t begin = all.out.size();
    all.add(*map.plan, *map.plan->root);
    // Its rows go on into the search around it, which its plan does not know.
    for (std::size_t k = begin; k < all.out.size(); ++k)
      all.out[k].needed.insert(rule.plan->columns.begin(), rule.plan->columns.end());
  }
  return std::move(all.out);
}

}  // namespace escudo::witness
