// Tested by tests/unit/runtime/tail_test.cpp and, against scan, by tests/tail.
#include "detect/streaming.hpp"

#include <algorithm>
#include <set>

#include "detect/schedule.hpp"
#include "spl/field_names.hpp"
#include "spl/named_groups.hpp"
#include "spl/volatile.hpp"
#include "spl/walk.hpp"

namespace escudo::detect {
namespace {

bool has_star(const std::string& name) { return name.find('*') != std::string::npos; }

class Judge {
 public:
  explicit Judge(const CompiledRule& rule) : plan_(*rule.plan) {
    if (rule.reads_risk) no("it correlates the risk of findings");
    if (!rule.map_plans.empty()) no("map runs further searches");
  }

  Streaming judge() {
    const spl::PlannedPipeline& root = *plan_.root;
    if (root.rows != spl::PlannedPipeline::Rows::feed) no("its rows are no events");
    if (plan_.feeds.size() > 1) no("it joins several searches");
    if (!plan_.feeds.empty() && plan_.feeds.front().has_subsearch) no("its filter is a search of its own");
    const auto& commands = root.pipeline->commands;
    for (std::size_t k = root.first; k < commands.size() && out_.because.empty(); ++k) {
      command_ = &commands[k];
      if (!spl::sub_pipelines(*command_).empty()) no(command_->name + " runs a search of its own");
      std::visit([&](const auto& verb) { out_.grouped ? after(verb) : before(verb); }, command_->verb);
    }
    if (out_.because.empty()) finish();
    out_.monotone = out_.because.empty();
    if (!out_.monotone) out_.grouped = false;
    return out_;
  }

 private:
  void no(const std::string& why) {
    if (out_.because.empty()) out_.because = why;
  }
  void needs_all() { no(command_->name + " needs all rows"); }

  // ---- before the grouping: events one by one ------------------------------------------------------
  void before(const spl::Search&) {}
  void before(const spl::Where& v) { timeless(v.expr); }
  void before(const spl::Eval& v) {
    for (const spl::Assignment& a : v.assignments) timeless(a.expr);
  }
  void before(const spl::Rename&) {}
  void before(const spl::Convert&) {}
  void before(const spl::Rex&) {}
  void before(const spl::Regex&) {}
  void before(const spl::Lookup&) {}
  void before(const spl::Table&) {}
  void before(const spl::Fields&) {}
  void before(const spl::FillNull& v) {
    if (v.fields.empty()) no("fillnull without fields looks at all rows");
  }
  void before(const spl::Bin& v) {
    if (!v.span && !v.time_span) no("bin without a span looks at all rows");
  }
  void before(const spl::MvExpand&) {}
  void before(const spl::NoMv&) {}
  void before(const spl::MakeMv&) {}
  void before(const spl::Spath&) {}
  void before(const spl::XmlKv&) {}
  void before(const spl::Replace&) {}
  void before(const spl::From&) {}
  void before(const spl::Noop&) {}
  void before(const spl::Tstats& v) {
    if (v.prestats || v.append) return needs_all();
    group(v.aggregates, v.by);
  }
  void before(const spl::Stats& v) {
    if (v.mode != spl::Stats::Mode::stats) return needs_all();
    group(v.aggregates, v.by);
  }
  template <class Verb>
  void before(const Verb&) { needs_all(); }

  void group(const std::vector<spl::Aggregate>& aggregates, const std::vector<std::string>& by) {
    if (by.empty()) return no(command_->name + " has no BY: one row for all events");
    for (const spl::Aggregate& a : aggregates) {
      // What comes first or last in Splunk's order is known only at the end; percentiles keep every value.
      for (const char* f : {"first", "last", "list", "mode", "perc"})
        if (a.function == f) return no(command_->name + " computes " + a.function);
      if (has_star(a.field)) return no(command_->name + " computes a wildcard");
      if (a.expression) timeless(*a.expression);
      open_.insert(a.output);
    }
    out_.grouped = true;
    keys_ = by;
    decided_.insert(by.begin(), by.end());
  }

  // ---- after it: only what the key decides ---------------------------------------------------------
  void after(const spl::Search& v) {
    if (!asks_key(v.expr)) no("search asks " + asked_);
  }
  void after(const spl::Where& v) {
    timeless(v.expr);
    if (!reads_key(v.expr)) no("where asks " + asked_);
  }
  void after(const spl::Eval& v) {
    for (const spl::Assignment& a : v.assignments) {
      timeless(a.expr);
      written(a.field, reads_key(a.expr));
    }
  }
  void after(const spl::Rename& v) {
    // As the operator does it: names are those the rows came with, the first pair that matches wins.
    const auto name_of = [&](const std::string& name) {
      for (const spl::FieldPair& pair : v.pairs)
        if (auto to = spl::renamed(pair, name)) return *to;
      return name;
    };
    std::set<std::string> decided;
    for (const std::string& name : decided_) decided.insert(name_of(name));
    for (std::string& key : keys_) key = name_of(key);
    for (const spl::FieldPair& pair : v.pairs)
      if (!has_star(pair.to) && !decided_.contains(pair.from)) {
        decided.erase(pair.to);
        if (is_key(pair.to)) no("rename replaces " + pair.to + " of the key");
      }
    decided_ = std::move(decided);
    std::set<std::string> open;
    for (const std::string& name : open_) open.insert(name_of(name));
    open_ = std::move(open);
    if (std::set<std::string>(keys_.begin(), keys_.end()).size() != keys_.size()) no("rename makes one of two keys");
  }
  void after(const spl::Convert& v) {
    for (const auto& item : v.items) {
      const std::string target = item.output.empty() ? item.field : item.output;
      if (has_star(target)) {
        for (const std::string& key : keys_)
          if (spl::match_name(target, key)) no("convert rewrites " + key + " of the key");
        std::erase_if(decided_, [&](const std::string& n) { return spl::match_name(target, n); });
      } else {
        written_somewhere(target, decided_.contains(item.field));
      }
    }
  }
  void after(const spl::Rex& v) {
    if (v.sed) return written(v.field, decided_.contains(v.field));
    for (const std::string& group : spl::named_groups(v.pattern)) written_somewhere(group, decided_.contains(v.field));
    if (!v.offset_field.empty()) written_somewhere(v.offset_field, decided_.contains(v.field));
  }
  void after(const spl::Regex& v) {
    if (!decided_.contains(v.field)) no("regex asks " + v.field);
  }
  void after(const spl::Lookup& v) {
    if (v.outputs.empty()) return no("lookup without OUTPUT may replace the key");
    bool known = true;
    for (const spl::FieldPair& key : v.keys) known = known && decided_.contains(key.to);
    for (const spl::FieldPair& output : v.outputs) written_somewhere(output.to, known);
  }
  void after(const spl::Table& v) { kept(v.fields); }
  void after(const spl::Fields& v) {
    if (!v.remove) return kept(v.fields);
    for (const std::string& pattern : v.fields)
      for (const std::string& key : keys_)
        if (spl::match_name(pattern, key)) no("fields drops " + key + " of the key");
  }
  void after(const spl::FillNull& v) {   // the key is never null
    if (v.fields.empty()) no("fillnull without fields looks at all rows");
  }
  void after(const spl::NoMv& v) { written(v.field, decided_.contains(v.field)); }
  void after(const spl::MakeMv& v) { written(v.field, decided_.contains(v.field)); }
  void after(const spl::Replace& v) {
    if (v.fields.empty()) return no("replace may rewrite the key");
    for (const std::string& field : v.fields) {
      for (const std::string& key : keys_)
        if (spl::match_name(field, key)) no("replace rewrites " + key + " of the key");
      if (has_star(field)) no("replace writes fields by wildcard");
    }
  }
  void after(const spl::Noop&) {}
  void after(const spl::MvExpand&) { no("mvexpand makes several rows of a group"); }
  void after(const spl::Foreach&) { no("foreach may rewrite the key"); }
  template <class Verb>
  void after(const Verb&) { needs_all(); }

  void written(const std::string& field, bool decided_by_key) {
    if (is_key(field)) no(command_->name + " rewrites " + field + " of the key");
    if (decided_by_key) {
      decided_.insert(field);
      open_.erase(field);
    } else {
      decided_.erase(field);
      open_.insert(field);
    }
  }
  // A row that the command does not fit keeps what it has under the name.
  void written_somewhere(const std::string& field, bool decided_by_key) {
    written(field, decided_by_key && !open_.contains(field));
  }
  void kept(const std::vector<std::string>& patterns) {
    for (const std::string& key : keys_)
      if (std::none_of(patterns.begin(), patterns.end(), [&](const std::string& p) { return spl::match_name(p, key); }))
        no(command_->name + " drops " + key + " of the key");
  }
  bool is_key(const std::string& field) const { return std::find(keys_.begin(), keys_.end(), field) != keys_.end(); }

  // ---- what expressions ask ------------------------------------------------------------------------
  void timeless(const spl::Expr& e) {
    if (const std::string_view call = spl::volatile_call(e); !call.empty())
      no(command_->name + " asks " + std::string(call) + "()");
  }
  bool reads_key(const spl::Expr& e) {
    if (e.kind == spl::Expr::Kind::field && !decided_.contains(e.text)) {
      asked_ = e.text;
      return false;
    }
    return std::all_of(e.args.begin(), e.args.end(), [&](const spl::Expr& a) { return reads_key(a); });
  }
  bool asks_key(const spl::SearchExpr& e) {
    using Kind = spl::SearchExpr::Kind;
    if (e.kind == Kind::term || e.kind == Kind::subsearch) {
      asked_ = "the event's text";
      return false;
    }
    if ((e.kind == Kind::compare || e.kind == Kind::member) && !decided_.contains(e.field)) {
      asked_ = e.field;
      return false;
    }
    return std::all_of(e.parts.begin(), e.parts.end(), [&](const spl::SearchExpr& p) { return asks_key(p); });
  }

  void finish() {
    command_ = nullptr;
    if (out_.grouped) {
      for (const std::string& key : keys_)
        if (plan_.columns_known && std::find(plan_.columns.begin(), plan_.columns.end(), key) == plan_.columns.end())
          no(key + " of the key does not reach the result");
    } else if (!plan_.columns_known) {
      no("without a grouping the columns of its rows are not known");
    }
  }

  const spl::Plan& plan_;
  const spl::Command* command_ = nullptr;
  std::vector<std::string> keys_;     // by their names of now
  std::set<std::string> decided_;     // fields that the key decides
  std::set<std::string> open_;        // fields that rows may have without its deciding them
  std::string asked_;
  Streaming out_;
};

}  // namespace

Streaming streaming_of(const CompiledRule& rule) { return Judge(rule).judge(); }

std::string streaming_text(const CompiledRule& rule) {
  const Streaming s = streaming_of(rule);
  if (s.monotone) return "monotone";
  return "windowed " + Schedule::of(*rule.rule).text() + ": " + s.because;
}

}  // namespace escudo::detect
