// Follows the fields that an event alone decides down the pipeline: from the event, or from the key of
// its groups, through the verbs that work row by row. What those fields decide can be asked early;
// what reads anything else is left out. Tested by tests/unit/pipeline/narrowing_test.cpp and the twins.
#include "spl/early_filter.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "spl/field_names.hpp"
#include "spl/named_groups.hpp"
#include "spl/volatile.hpp"

namespace escudo::spl {
namespace {

using Names = std::set<std::string>;

bool has_star(const std::string& name) { return name.find('*') != std::string::npos; }

// What an expression reads; nothing when that cannot be listed, or depends on more than the row.
template <class Expression>
std::optional<Names> reads_of(const Expression& expr) {
  Flow flow = Flow::open();
  flow.read(expr);
  if (flow.needs().everything || !flow.needs().patterns.empty()) return {};
  return flow.needs().names;
}

bool has_subsearch(const SearchExpr& e) {
  return e.kind == SearchExpr::Kind::subsearch || std::any_of(e.parts.begin(), e.parts.end(), has_subsearch);
}

class Follower {
 public:
  Follower(const Plan& plan, const PlannedPipeline& pipeline)
      : feed_(plan.feeds[pipeline.feed]), pipeline_(pipeline) {}

  std::shared_ptr<const EarlyFilter> follow() {
    const auto& commands = pipeline_.pipeline->commands;
    for (std::size_t k = pipeline_.first; k < commands.size() && !stopped_; ++k) {
      command_ = &commands[k];
      if (k == pipeline_.first && !std::holds_alternative<Tstats>(command_->verb)) start_with_events();
      std::visit([this](const auto& verb) { pass(verb); }, command_->verb);
    }
    return result();
  }

 private:
  // A command of the filter, and the fields of the event it rests on.
  struct Step {
    Verb verb;
    Names inputs;
    bool filters = false;
  };

  // ---- what is known of a field ------------------------------------------------------------------
  bool decided(const std::string& name) const { return from_.contains(name); }
  bool decided(const Names& names) const {
    return std::all_of(names.begin(), names.end(), [this](const std::string& n) { return decided(n); });
  }
  Names inputs_of(const Names& names) const {
    Names out;
    for (const std::string& name : names) {
      const Names& some = from_.at(name);
      out.insert(some.begin(), some.end());
    }
    return out;
  }
  // A command writes `name` from `reads` in every row, or (`some_rows`) only where it applies.
  // True when the result is decided.
  bool write(const std::string& name, const Names& reads, bool some_rows) {
    const bool known_before = decided(name) || (closed_ && !seen_.contains(name));
    seen_.insert(name);
    if (!decided(reads) || (some_rows && !known_before)) {
      from_.erase(name);
      return false;
    }
    Names inputs = inputs_of(reads);
    if (some_rows && decided(name)) inputs.merge(Names(from_.at(name)));
    from_[name] = std::move(inputs);
    return true;
  }
  void add(Verb verb, Names inputs, bool filters = false) {
    steps_.push_back({std::move(verb), std::move(inputs), filters});
  }

  // ---- where rows begin ----------------------------------------------------------------------------
  void begin(const std::string& written, const std::string& plain) {
    if (plain == "_time" || plain == "_raw") return;
    from_[written] = {written};
    inputs_[written] = plain;
    seen_.insert(written);
  }
  void start_with_events() {
    for (const std::string& name : feed_.needs.names) begin(name, name);
  }
  // The row falls into a group for each value of a field, and where it has none into no group.
  void group_by(const std::string& name, const std::optional<std::string>& fill) {
    const Names inputs = from_.at(name);
    if (fill) {
      add(FillNull{*fill, {name}}, inputs);
    } else {
      Expr field, there;
      field.kind = Expr::Kind::field;
      field.text = name;
      there.kind = Expr::Kind::call;
      there.text = "isnotnull";
      there.args.push_back(std::move(field));
      add(Where{std::move(there)}, inputs);
    }
    add(MvExpand{name, 0}, inputs);
  }
  void close(const std::vector<std::string>& by, const std::vector<Aggregate>& aggregates) {
    closed_ = true;
    std::erase_if(from_, [&](const auto& known) { return std::find(by.begin(), by.end(), known.first) == by.end(); });
    seen_.insert(by.begin(), by.end());
    for (const Aggregate& a : aggregates) {
      if (has_star(a.field) || has_star(a.output)) stopped_ = true;   // names that rows decide
      seen_.insert(a.output);
      from_.erase(a.output);
    }
  }

  // ---- verbs ---------------------------------------------------------------------------------------
  void pass(const Tstats& v) {
    if (v.prestats || v.append || v.by.empty()) return stop();
    for (const std::string& name : v.by) {
      const auto plain = feed_.plain.find(name);
      begin(name, plain == feed_.plain.end() ? name : plain->second);
    }
    close(v.by, v.aggregates);
    for (const std::string& name : v.by)
      if (decided(name)) group_by(name, v.fill_null);
  }
  void pass(const Stats& v) {
    if (v.mode != Stats::Mode::stats || v.by.empty()) return stop();
    close(v.by, v.aggregates);
    for (const std::string& name : v.by)
      if (decided(name)) group_by(name, {});
  }
  void pass(const Search& v) { filter(v.expr); }
  void filter(const SearchExpr& expr) {
    if (expr.kind == SearchExpr::Kind::everything) return;
    if (expr.kind == SearchExpr::Kind::all_of) {
      for (const SearchExpr& part : expr.parts) filter(part);
      return;
    }
    const auto reads = reads_of(expr);
    if (has_subsearch(expr) || !reads || !decided(*reads)) return;
    add(Search{expr}, inputs_of(*reads), true);
  }
  void pass(const Where& v) { filter(v.expr); }
  void filter(const Expr& expr) {
    if (expr.kind == Expr::Kind::binary && expr.op == Expr::Op::logical_and) {
      for (const Expr& part : expr.args) filter(part);
      return;
    }
    const auto reads = reads_of(expr);
    if (!volatile_call(expr).empty() || !reads || reads->empty() || !decided(*reads)) return;
    add(Where{expr}, inputs_of(*reads), true);
  }
  void pass(const Regex& v) {
    if (decided(v.field)) add(v, from_.at(v.field), true);
  }
  void pass(const Eval& v) {
    for (const Assignment& a : v.assignments) {
      if (a.field.find('{') != std::string::npos) return stop();   // the row names it
      const auto reads = reads_of(a.expr);
      if (!volatile_call(a.expr).empty() || !reads || !decided(*reads)) {
        seen_.insert(a.field);
        from_.erase(a.field);
        continue;
      }
      write(a.field, *reads, false);
      add(Eval{{a}}, from_.at(a.field));
    }
  }
  // Names are those the rows came with, the first pair that matches one takes it.
  void pass(const Rename& v) {
    for (const FieldPair& pair : v.pairs)
      if (has_star(pair.from) && !closed_) return stop();   // any column may take any name
    const auto name_of = [&](const std::string& name) {
      for (const FieldPair& pair : v.pairs)
        if (auto to = renamed(pair, name)) return *to;
      return name;
    };
    std::map<std::string, Names> from;
    Names twice, seen;
    for (const auto& [name, inputs] : from_)
      if (!from.try_emplace(name_of(name), inputs).second) twice.insert(name_of(name));
    for (const std::string& name : seen_) {
      seen.insert(name_of(name));
      if (!decided(name)) twice.insert(name_of(name));
    }
    for (const FieldPair& pair : v.pairs)
      if (!has_star(pair.from)) {
        seen.insert(pair.to);
        if (!decided(pair.from)) twice.insert(pair.to);
      }
    // Two columns of one name: which wins is the verb's business.
    for (const std::string& name : twice) from.erase(name);
    from_ = std::move(from);
    seen_ = std::move(seen);
    add(v, {});
  }
  void pass(const Convert& v) {
    for (const Convert::Item& item : v.items)
      if (has_star(item.field)) return stop();
    for (const Convert::Item& item : v.items) {
      const std::string target = item.output.empty() ? item.field : item.output;
      if (!write(target, {item.field}, true)) continue;
      Convert one = v;
      one.items = {item};
      add(std::move(one), from_.at(target));
    }
  }
  void pass(const Rex& v) {
    Names targets;
    if (v.sed) {
      targets.insert(v.field);
    } else {
      for (const std::string& group : named_groups(v.pattern)) targets.insert(group);
      if (!v.offset_field.empty()) targets.insert(v.offset_field);
    }
    write_together(v, targets, {v.field});
  }
  void pass(const Lookup& v) {
    if (v.outputs.empty()) return stop();
    Names targets, reads;
    for (const FieldPair& output : v.outputs) targets.insert(output.to);
    for (const FieldPair& key : v.keys) reads.insert(key.to);
    write_together(v, targets, reads);
  }
  // One command that writes several fields where it applies. Decided only as a whole: the command
  // finds what the fields had before, or nothing.
  void write_together(const Verb& verb, const Names& targets, const Names& reads) {
    Names inputs;
    bool all = true;
    for (const std::string& target : targets) all = write(target, reads, true) && all;
    for (const std::string& target : targets) {
      if (!all) from_.erase(target);
      else inputs.merge(Names(from_.at(target)));
    }
    if (!all || targets.empty()) return;
    for (const std::string& target : targets) from_[target] = inputs;
    add(verb, inputs);
  }
  void pass(const FillNull& v) {
    if (v.fields.empty()) return stop();   // fields that some row has
    for (const std::string& field : v.fields) {
      if (has_star(field)) return stop();
      if (write(field, {}, true)) add(FillNull{v.value, {field}}, from_.at(field));
    }
  }
  void pass(const NoMv& v) { in_place(v, v.field); }
  void pass(const MakeMv& v) { in_place(v, v.field); }
  void pass(const MvExpand& v) { in_place(v, v.field); }
  template <class OneField>
  void in_place(const OneField& verb, const std::string& field) {
    if (decided(field)) add(verb, from_.at(field));
  }
  void pass(const Replace& v) {
    if (v.fields.empty()) return stop();
    for (const std::string& field : v.fields) {
      if (has_star(field)) return stop();
      if (!decided(field)) continue;
      Replace one = v;
      one.fields = {field};
      add(std::move(one), from_.at(field));
    }
  }
  void pass(const Bin& v) {
    if (!v.span && !v.time_span) return stop();   // looks at all rows
    seen_.insert(v.output);
    from_.erase(v.output);
  }
  void pass(const Table& v) { keep(v.fields); }
  void pass(const Fields& v) {
    if (!v.remove) return keep(v.fields);
    std::erase_if(from_, [&](const auto& known) { return matches(v.fields, known.first); });
  }
  void keep(const std::vector<std::string>& patterns) {
    std::erase_if(from_, [&](const auto& known) { return !matches(patterns, known.first); });
  }
  static bool matches(const std::vector<std::string>& patterns, const std::string& name) {
    return std::any_of(patterns.begin(), patterns.end(), [&](const std::string& p) { return match_name(p, name); });
  }
  void pass(const Noop&) {}
  // Everything else looks at several rows, or at more than the row.
  template <class Other>
  void pass(const Other&) { stop(); }
  void stop() { stopped_ = true; }

  // Steps that rest on no other field than the filters do, up to the last filter.
  std::shared_ptr<const EarlyFilter> result() {
    Names wanted;
    std::size_t end = 0;
    for (std::size_t k = 0; k < steps_.size(); ++k) {
      if (!steps_[k].filters) continue;
      end = k + 1;
      wanted.insert(steps_[k].inputs.begin(), steps_[k].inputs.end());
    }
    if (wanted.empty()) return nullptr;
    auto out = std::make_shared<EarlyFilter>();
    for (const std::string& name : wanted) out->fields.push_back({inputs_.at(name), name});
    for (std::size_t k = 0; k < end; ++k) {
      if (!std::includes(wanted.begin(), wanted.end(), steps_[k].inputs.begin(), steps_[k].inputs.end())) continue;
      out->commands.commands.push_back({"early", std::move(steps_[k].verb), {}});
    }
    return out;
  }

  const Feed& feed_;
  const PlannedPipeline& pipeline_;
  const Command* command_ = nullptr;
  bool closed_ = false, stopped_ = false;
  std::map<std::string, Names> from_;           // decided fields, and the inputs each rests on
  std::map<std::string, std::string> inputs_;   // as written, plain
  Names seen_;                                  // once the columns are fixed: every name there has been
  std::vector<Step> steps_;
};

}  // namespace

std::shared_ptr<const EarlyFilter> early_filter(const Plan& plan, const PlannedPipeline& pipeline) {
  if (pipeline.rows != PlannedPipeline::Rows::feed) return nullptr;
  return Follower(plan, pipeline).follow();
}

}  // namespace escudo::spl
