// Tested by tests/unit/runtime/lints_test.cpp.

#include "detect/readings.hpp"

#include <algorithm>
#include <set>

#include "detect/terms.hpp"
#include "spl/field_names.hpp"
#include "spl/named_groups.hpp"
#include "spl/walk.hpp"

namespace escudo::detect {
namespace {

using spl::Expr;
using spl::SearchExpr;

template <class Node, class Visit>
void walk(const Node& node, const Visit& visit) {
  visit(node);
  if constexpr (std::is_same_v<Node, SearchExpr>) {
    for (const Node& part : node.parts) walk(part, visit);
  } else {
    for (const Node& part : node.args) walk(part, visit);
  }
}

class Reader {
 public:
  Reader(const spl::Plan& plan, const catalog::Catalog& catalog, const Reach& reach)
      : plan_(plan), catalog_(catalog), reach_(reach) {}

  std::vector<std::string> read() {
    for (const spl::Feed& feed : plan_.feeds) this->feed(feed);
    pipeline(*plan_.pipeline);
    return std::move(notes_);
  }

 private:
  void note(const std::string& text) {
    if (std::ranges::find(notes_, text) == notes_.end()) notes_.push_back(text);
  }

  static bool needs(const spl::Feed& feed, std::string_view field) {
    if (feed.needs.names.contains(std::string(field))) return true;
    bool named = false;
    walk(feed.filter, [&](const SearchExpr& e) { named = named || e.field == field; });
    return named;
  }

  bool reaches(std::string_view channel, std::initializer_list<int> ids) const {
    for (const Reached& r : reached_) {
      if (r.channel != channel) continue;
      for (int id : ids) {
        if (std::ranges::find(r.ids, id) != r.ids.end()) return true;
      }
    }
    return false;
  }

  void feed(const spl::Feed& feed) {
    constexpr std::string_view sysmon = "Microsoft-Windows-Sysmon/Operational";
    reached_ = reach_.of(feed);
    walk(feed.filter, [&](const SearchExpr& e) { term(e); });
    if (feed.dataset == "Endpoint.Registry") {
      if (needs(feed, "registry_key_name")) {
        note(
            "registry_key_name: filters match the key's whole path or its last part, rows show the "
            "path");
      }
      if (needs(feed, "registry_value_data") && reaches("Security", {4657})) {
        note("registry_value_data of Security 4657 is NewValue");
      }
      if (needs(feed, "registry_value_type")) {
        note("registry_value_type of Sysmon 13 is the type's word in Details");
      }
    }
    if (feed.dataset == "Endpoint.Filesystem" && reaches(sysmon, {23, 26})) {
      note("Sysmon 23 and 26 count as members of Endpoint.Filesystem");
    }
    if (feed.dataset == "Endpoint.Processes" && any_process_passes(feed)) {
      note(
          "Endpoint.Processes has process creations only; with the Windows add-on 8.1 other events "
          "pass this filter");
    }
    if (feed.dataset.starts_with("Change.") && reaches(sysmon, {19, 20, 21})) {
      note("Sysmon 19, 20 and 21 count as members of Change");
    }
    if (feed.dataset == "Change.Account_Management" || feed.dataset == "Change.All_Changes") {
      if (needs(feed, "user") && reaches("Security", {4728, 4732, 4756})) {
        note("user of a change of a group is the group");
      }
    }
    if (feed.dataset.starts_with("Authentication.") && needs(feed, "app")) {
      note("app of a Security event without a logon type is win:unknown");
    }
    if (!feed.dataset.empty()) return;
    const bool parents = needs(feed, "parent_process") || needs(feed, "parent_process_name") ||
                         needs(feed, "parent_process_path") || needs(feed, "parent_process_id") ||
                         needs(feed, "parent_process_guid");
    if (parents && reaches(sysmon, {7, 8, 10})) {
      note("parent_process fields of Sysmon 7, 8 and 10 are those of the acting process");
    }
    if ((needs(feed, "process_guid") || needs(feed, "process_id")) && reaches(sysmon, {7})) {
      note("Sysmon 7 has process_guid and process_id");
    }
    if (needs(feed, "process") && reaches(sysmon, {5})) note("process of Sysmon 5 is Image");
    if (needs(feed, "action") && reaches(sysmon, {8, 10})) {
      note("action of Sysmon 8 and 10 is allowed");
    }
  }

  // Whether an event that is no process creation, all its fields `unknown` or null, would pass.
  bool any_process_passes(const spl::Feed& feed) const {
    const catalog::Dataset* dataset = catalog_.find_dataset(feed.dataset);
    if (!dataset) return false;
    return Terms(feed.filter).hold([&](const std::string& name) {
      const catalog::ModelField* field = dataset->find(name);
      return field && !field->fallback.empty() ? std::vector<std::string>{field->fallback}
                                               : std::vector<std::string>{};
    });
  }

  void term(const SearchExpr& e) {
    static const std::set<std::string> lines = {"process", "parent_process", "CommandLine", "ParentCommandLine"};
    for (const std::string& pattern : e.patterns) {
      if (lines.contains(e.field) && (pattern.ends_with(" *") || pattern.ends_with(' '))) {
        note("blanks at the end of a command line are kept, as the log has them");
      }
    }
    for (const std::string& pattern : e.patterns) {
      for (const char* entity : {"&gt;", "&lt;", "&amp;", "&quot;", "&apos;"}) {
        if (pattern.find(entity) != std::string::npos) {
          note("a pattern with XML entities matches the text they stand for as well");
        }
      }
      const std::string_view text = plan_.expanded.text;
      const std::string_view written = e.span.end <= text.size()
                                           ? text.substr(e.span.begin, e.span.end - e.span.begin)
                                           : std::string_view();
      if (written.find("()") != std::string_view::npos &&
          written.find('"') == std::string_view::npos) {
        note("parentheses glued to an unquoted word belong to the word");
      }
    }
  }

  void expression(const Expr& expr) {
    walk(expr, [&](const Expr& e) {
      if (e.kind != Expr::Kind::logical_not) return;
      const Expr& inner = e.args.front();
      if (inner.kind != Expr::Kind::call || inner.text != "in") return;
      for (std::size_t k = 1; k < inner.args.size(); ++k) {
        if (inner.args[k].kind == Expr::Kind::field) {
          note("x IN (…) with a null in its list is false, so NOT of it is true");
        }
      }
    });
  }

  void pipeline(const spl::Pipeline& pipeline) {
    for (const spl::Command& c : pipeline.commands) {
      command(c);
      for (const spl::PipelinePtr& inner : spl::sub_pipelines(c)) this->pipeline(*inner);
    }
  }

  void command(const spl::Command& c) {
    if (const auto* where = std::get_if<spl::Where>(&c.verb)) expression(where->expr);
    if (const auto* eval = std::get_if<spl::Eval>(&c.verb)) {
      for (const spl::Assignment& a : eval->assignments) {
        expression(a.expr);
        multivalue(a.field, a.expr);
      }
    }
    if (const auto* stats = std::get_if<spl::Stats>(&c.verb)) {
      many_.clear();
      for (const spl::Aggregate& a : stats->aggregates) {
        if (a.function == "values" || a.function == "list") many_.insert(a.output);
      }
    }
    if (const auto* tstats = std::get_if<spl::Tstats>(&c.verb)) {
      for (const spl::Aggregate& a : tstats->aggregates) {
        if (a.function == "values" || a.function == "list") many_.insert(a.output);
      }
    }
    if (const auto* rex = std::get_if<spl::Rex>(&c.verb); rex && rex->max_match != 1 && !rex->sed) {
      for (const std::string& group : spl::named_groups(rex->pattern)) many_.insert(group);
    }
    if (const auto* make = std::get_if<spl::MakeMv>(&c.verb)) many_.insert(make->field);
    if (const auto* expand = std::get_if<spl::MvExpand>(&c.verb)) many_.erase(expand->field);
    if (const auto* search = std::get_if<spl::Search>(&c.verb)) {
      walk(search->expr, [&](const SearchExpr& e) {
        term(e);
        if (e.kind == SearchExpr::Kind::compare && e.comparison == spl::Comparison::not_equal &&
            many_.contains(e.field)) {
          note("!= on a multivalue holds when no value equals");
        }
      });
    }
    if (const auto* each = std::get_if<spl::Foreach>(&c.verb)) {
      for (const std::string& field : each->fields) {
        if (field.find('*') != std::string::npos) {
          note("foreach takes fields in the order people count: a2 before a10");
        }
      }
    }
    if (const auto* rename = std::get_if<spl::Rename>(&c.verb)) {
      const auto wild = std::ranges::count_if(rename->pairs, [](const spl::FieldPair& p) {
        return p.from.find('*') != std::string::npos;
      });
      if (wild > 1) note("rename with several wildcards: the first pair that fits a name takes it");
    }
    if (const auto* join = std::get_if<spl::Join>(&c.verb)) {
      if (std::ranges::find(join->fields, "process_id") != join->fields.end() ||
          std::ranges::find(join->fields, "parent_process_id") != join->fields.end()) {
        note("process ids of Security 4688 are hexadecimal text, as logged");
      }
    }
    if (const auto* lookup = std::get_if<spl::Lookup>(&c.verb)) {
      const catalog::LookupDefinition* table = catalog_.find_lookup(lookup->table);
      if (table && table->max_matches == 1000)
        note("a lookup without max_matches gives up to 1,000 rows");
    }
  }

  void multivalue(const std::string& field, const Expr& expr) {
    static const std::set<std::string> makes = {"split",  "mvappend", "mvfilter", "mvdedup",
                                                "mvsort", "mvmap",    "mvzip"};
    if (expr.kind == Expr::Kind::call && makes.contains(expr.text))
      many_.insert(field);
    else
      many_.erase(field);
  }

  const spl::Plan& plan_;
  const catalog::Catalog& catalog_;
  const Reach& reach_;
  std::vector<Reached> reached_;  // of the feed that is looked at
  std::set<std::string> many_;    // fields that are multivalues, as far as the verbs tell
  std::vector<std::string> notes_;
};

}  // namespace

std::vector<std::string> readings(const CompiledRule& rule, const catalog::Catalog& catalog,
                                  const Reach& reach) {
  std::vector<std::string> out;
  for (const spl::Plan* plan : rule.plans()) {
    for (std::string& note : Reader(*plan, catalog, reach).read()) {
      if (std::ranges::find(out, note) == out.end()) out.push_back(std::move(note));
    }
  }
  return out;
}

}  // namespace escudo::detect
