// Tested by tests/unit/spl/columns_test.cpp.
#include "spl/columns.hpp"

#include <algorithm>

#include "spl/field_names.hpp"
#include "spl/named_groups.hpp"

namespace escudo::spl {
namespace {

using Before = std::optional<std::string>;

bool names(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& p) { return match_name(p, name); });
}
bool has_star(const std::string& name) { return name.find('*') != std::string::npos; }
bool has_wildcard(const std::vector<Aggregate>& aggregates) {
  return std::any_of(aggregates.begin(), aggregates.end(), [](const Aggregate& a) { return has_star(a.field); });
}
Before unless(bool written, const std::string& name) {
  if (written) return {};
  return name;
}
Before key(const std::vector<std::string>& by, const std::string& name) {
  return unless(name == "_time" || std::find(by.begin(), by.end(), name) == by.end(), name);
}

struct Visitor {
  const std::string& name;

  Before operator()(const Search& v) const { return unless(has_subsearch(v.expr), name); }
  Before operator()(const Where&) const { return name; }
  Before operator()(const Regex&) const { return name; }
  Before operator()(const Noop&) const { return name; }
  Before operator()(const Eval& v) const {
    return unless(std::any_of(v.assignments.begin(), v.assignments.end(),
                              [&](const Assignment& a) { return a.field == name || a.field.find('{') != std::string::npos; }),
                  name);
  }
  Before operator()(const Rename& v) const {
    // What some pair makes of some name, and what none makes of this one.
    Before found;
    for (const FieldPair& pair : v.pairs) {
      const Before from = renamed({pair.to, pair.from, {}}, name);
      if (!from || renamed(pair, *from) != name) continue;
      if (found) return {};
      found = from;
    }
    if (found) {
      for (const FieldPair& pair : v.pairs)   // the first pair takes it
        if (const auto to = renamed(pair, *found)) return unless(*to != name, *found);
      return {};
    }
    for (const FieldPair& pair : v.pairs)
      if (renamed(pair, name) || pair.to == name) return {};
    return name;
  }
  Before operator()(const Convert& v) const {
    return unless(std::any_of(v.items.begin(), v.items.end(),
                              [&](const Convert::Item& item) {
                                return match_name(item.output.empty() ? item.field : item.output, name);
                              }),
                  name);
  }
  Before operator()(const Rex& v) const {
    if (v.sed) return unless(v.field == name, name);
    const std::vector<std::string> groups = named_groups(v.pattern);
    return unless(v.offset_field == name || std::find(groups.begin(), groups.end(), name) != groups.end(), name);
  }
  Before operator()(const Lookup& v) const {
    return unless(v.outputs.empty() || std::any_of(v.outputs.begin(), v.outputs.end(), [&](const FieldPair& o) { return o.to == name; }),
                  name);
  }
  Before operator()(const FillNull& v) const { return unless(v.fields.empty() || names(v.fields, name), name); }
  Before operator()(const Bin& v) const { return unless((!v.span && !v.time_span) || v.output == name, name); }
  Before operator()(const Table& v) const { return unless(!names(v.fields, name), name); }
  Before operator()(const Fields& v) const { return unless(names(v.fields, name) == v.remove, name); }
  Before operator()(const MvExpand& v) const { return unless(v.field == name, name); }
  Before operator()(const NoMv& v) const { return unless(v.field == name, name); }
  Before operator()(const MakeMv& v) const { return unless(v.field == name, name); }
  Before operator()(const Replace& v) const { return unless(v.fields.empty() || names(v.fields, name), name); }
  Before operator()(const Tstats& v) const {
    if (v.prestats || v.append) return {};
    return key(v.by, name);
  }
  Before operator()(const Stats& v) const {
    if (v.mode != Stats::Mode::stats || has_wildcard(v.aggregates)) return {};
    return key(v.by, name);
  }
  template <class Other>
  Before operator()(const Other&) const { return {}; }

  static bool has_subsearch(const SearchExpr& e) {
    return e.kind == SearchExpr::Kind::subsearch || std::any_of(e.parts.begin(), e.parts.end(), has_subsearch);
  }
};

}  // namespace

std::optional<std::string> column_before(const Command& command, const std::string& name) {
  return std::visit(Visitor{name}, command.verb);
}

bool fixes_columns(const Command& command) {
  if (std::holds_alternative<Tstats>(command.verb)) return true;
  if (const auto* stats = std::get_if<Stats>(&command.verb))
    return stats->mode == Stats::Mode::stats && !has_wildcard(stats->aggregates);
  const auto* table = std::get_if<Table>(&command.verb);
  return table && std::none_of(table->fields.begin(), table->fields.end(), has_star);
}

bool multiplies_rows(const Command& command) { return std::holds_alternative<MvExpand>(command.verb); }

}  // namespace escudo::spl
