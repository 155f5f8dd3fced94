// From plan to operators, and how rows run through them. The one place where a verb's operator is
// registered. Tested by every tests/spl file with a `result` section.
#include <algorithm>
#include <optional>
#include <variant>

#include "pipeline/ops/newest_first.hpp"
#include "pipeline/ops/ops.hpp"
#include "spl/columns.hpp"

namespace escudo::pipeline {

void Build::fail(base::Span where, std::string code, std::string message, std::string hint) const {
  problems.push_back({where, std::move(code), std::move(message), std::move(hint)});
}

class Builder {
 public:
  Builder(const spl::Plan& plan, const Context& context, std::vector<spl::TextProblem>& problems)
      : plan_(plan), context_(context), problems_(problems) {}

  // `as_read`: the rows it is given are raw events in the order they were read. `ordered_end`:
  // whoever takes the stream's rows asks which comes first.
  std::unique_ptr<Stream> stream(const spl::PlannedPipeline& planned, bool as_read,
                                 bool ordered_end) {
    using Rows = spl::PlannedPipeline::Rows;
    auto out = std::make_unique<Stream>();
    const auto& commands = planned.pipeline->commands;
    const std::size_t first = planned.rows == Rows::feed ? planned.first : 0;
    const spl::Feed* feed = nullptr;
    if (planned.rows == Rows::feed) {
      out->feed_ = planned.feed;
      feed = out->planned_feed_ = &plan_.feeds[planned.feed];
      as_read = true;
    } else if (planned.rows == Rows::generated) {
      as_read = gathers_raw_events(commands.front(), planned);
    }
    Build build{plan_, feed, context_, problems_};
    build.child = [&](const spl::PipelinePtr& p, bool ordered) -> std::unique_ptr<Stream> {
      const spl::PlannedPipeline* child = planned.child_of(p);
      if (!child) return nullptr;
      auto inner = stream(*child, as_read, ordered);
      out->children_.push_back(inner.get());
      return inner;
    };
    if (feed && feed->has_subsearch) add(*out, make_late_filter(feed->whole_filter, build));
    for (std::size_t k = first; k < commands.size(); ++k) {
      build.span = commands[k].span;
      build.order_matters = order_matters(*planned.pipeline, k + 1, ordered_end);
      if (as_read && wants_order(commands[k], build, k == first)) {
        add(*out, make_newest_first());
        as_read = false;
      }
      if (row_order(commands[k]) != RowOrder::passes) as_read = false;
      add(*out, make(commands[k], build), &commands[k]);
    }
    if (as_read && ordered_end) add(*out, make_newest_first());
    return out;
  }

  std::vector<OperatorPtr> body(const spl::Pipeline& pipeline) {
    Build build{plan_, nullptr, context_, problems_};
    build.child = [](const spl::PipelinePtr&, bool) { return nullptr; };
    std::vector<OperatorPtr> out;
    for (const spl::Command& command : pipeline.commands) {
      build.span = command.span;
      if (OperatorPtr op = make(command, build)) out.push_back(std::move(op));
    }
    return out;
  }

 private:
  static void add(Stream& stream, OperatorPtr op, const spl::Command* command = nullptr) {
    if (!op) return;
    stream.operators_.push_back(std::move(op));
    stream.commands_.push_back(command);
  }

  // multisearch over raw events gives raw events again.
  static bool gathers_raw_events(const spl::Command& command, const spl::PlannedPipeline& planned) {
    const auto* multi = std::get_if<spl::Multisearch>(&command.verb);
    if (!multi) return false;
    return std::all_of(
        multi->pipelines.begin(), multi->pipelines.end(), [&](const spl::PipelinePtr& p) {
          const spl::PlannedPipeline* child = planned.child_of(p);
          if (!child || child->rows != spl::PlannedPipeline::Rows::feed) return false;
          return std::all_of(
              p->commands.begin() + static_cast<std::ptrdiff_t>(child->first), p->commands.end(),
              [](const spl::Command& c) { return row_order(c) == RowOrder::passes; });
        });
  }

  // Whether a command needs its rows in order. Where further rows follow the ones so far, these
  // must be in order by then if anyone asks later: Splunk does not sort the two parts into each
  // other.
  static bool wants_order(const spl::Command& command, const Build& build, bool first) {
    if (std::holds_alternative<spl::Append>(command.verb) ||
        std::holds_alternative<spl::Join>(command.verb) ||   // its rows carry the right side's records
        std::holds_alternative<spl::AppendPipe>(command.verb) ||
        (!first && std::holds_alternative<spl::Multisearch>(command.verb)))
      return build.order_matters;
    return row_order(command) == RowOrder::needs;
  }

  OperatorPtr make(const spl::Command& command, const Build& build) {
    const std::size_t problems_before = problems_.size();
    OperatorPtr out =
        std::visit([&](const auto& verb) { return make_verb(verb, build); }, command.verb);
    if (!out && problems_.size() == problems_before &&
        !std::holds_alternative<spl::Noop>(command.verb))
      build.fail(command.span, "unsupported-command", command.name + " is not supported",
                 "docs/spl.md lists what is");
    return out;
  }

  static OperatorPtr make_verb(const spl::Search& v, const Build& b) { return make_search(v, b); }
  static OperatorPtr make_verb(const spl::Tstats& v, const Build& b) { return make_tstats(v, b); }
  static OperatorPtr make_verb(const spl::Where& v, const Build& b) { return make_where(v, b); }
  static OperatorPtr make_verb(const spl::Eval& v, const Build& b) { return make_eval(v, b); }
  static OperatorPtr make_verb(const spl::Stats& v, const Build& b) { return make_stats(v, b); }
  static OperatorPtr make_verb(const spl::Rename& v, const Build& b) { return make_rename(v, b); }
  static OperatorPtr make_verb(const spl::Convert& v, const Build& b) { return make_convert(v, b); }
  static OperatorPtr make_verb(const spl::Rex& v, const Build& b) { return make_rex(v, b); }
  static OperatorPtr make_verb(const spl::Regex& v, const Build& b) { return make_regex(v, b); }
  static OperatorPtr make_verb(const spl::Lookup& v, const Build& b) { return make_lookup(v, b); }
  static OperatorPtr make_verb(const spl::InputLookup& v, const Build& b) {
    return make_inputlookup(v, b);
  }
  static OperatorPtr make_verb(const spl::OutputLookup& v, const Build& b) {
    return make_outputlookup(v, b);
  }
  static OperatorPtr make_verb(const spl::Join& v, const Build& b) { return make_join(v, b); }
  static OperatorPtr make_verb(const spl::Append& v, const Build& b) { return make_append(v, b); }
  static OperatorPtr make_verb(const spl::AppendPipe& v, const Build& b) {
    return make_appendpipe(v, b);
  }
  static OperatorPtr make_verb(const spl::AppendCols& v, const Build& b) {
    return make_appendcols(v, b);
  }
  static OperatorPtr make_verb(const spl::Multisearch& v, const Build& b) {
    return make_multisearch(v, b);
  }
  static OperatorPtr make_verb(const spl::Map& v, const Build& b) { return make_map(v, b); }
  static OperatorPtr make_verb(const spl::Bin& v, const Build& b) { return make_bin(v, b); }
  static OperatorPtr make_verb(const spl::Timechart& v, const Build& b) {
    return make_timechart(v, b);
  }
  static OperatorPtr make_verb(const spl::Chart& v, const Build& b) { return make_chart(v, b); }
  static OperatorPtr make_verb(const spl::Top& v, const Build& b) { return make_top(v, b); }
  static OperatorPtr make_verb(const spl::Table& v, const Build& b) { return make_table(v, b); }
  static OperatorPtr make_verb(const spl::Fields& v, const Build& b) { return make_fields(v, b); }
  static OperatorPtr make_verb(const spl::FillNull& v, const Build& b) {
    return make_fillnull(v, b);
  }
  static OperatorPtr make_verb(const spl::MvExpand& v, const Build& b) {
    return make_mvexpand(v, b);
  }
  static OperatorPtr make_verb(const spl::MvCombine& v, const Build& b) {
    return make_mvcombine(v, b);
  }
  static OperatorPtr make_verb(const spl::NoMv& v, const Build& b) { return make_nomv(v, b); }
  static OperatorPtr make_verb(const spl::MakeMv& v, const Build& b) { return make_makemv(v, b); }
  static OperatorPtr make_verb(const spl::Dedup& v, const Build& b) { return make_dedup(v, b); }
  static OperatorPtr make_verb(const spl::Sort& v, const Build& b) { return make_sort(v, b); }
  static OperatorPtr make_verb(const spl::Head& v, const Build& b) { return make_head(v, b); }
  static OperatorPtr make_verb(const spl::Tail& v, const Build& b) { return make_tail(v, b); }
  static OperatorPtr make_verb(const spl::Reverse& v, const Build& b) { return make_reverse(v, b); }
  static OperatorPtr make_verb(const spl::Spath& v, const Build& b) { return make_spath(v, b); }
  static OperatorPtr make_verb(const spl::XmlKv& v, const Build& b) { return make_xmlkv(v, b); }
  static OperatorPtr make_verb(const spl::Foreach& v, const Build& b) { return make_foreach(v, b); }
  static OperatorPtr make_verb(const spl::Replace& v, const Build& b) { return make_replace(v, b); }
  static OperatorPtr make_verb(const spl::Transaction& v, const Build& b) {
    return make_transaction(v, b);
  }
  static OperatorPtr make_verb(const spl::AddTotals& v, const Build& b) {
    return make_addtotals(v, b);
  }
  static OperatorPtr make_verb(const spl::MakeResults& v, const Build& b) {
    return make_makeresults(v, b);
  }
  static OperatorPtr make_verb(const spl::From&, const Build&) { return nullptr; }
  static OperatorPtr make_verb(const spl::Noop&, const Build&) { return nullptr; }
  static OperatorPtr make_verb(const spl::Unsupported&, const Build&) { return nullptr; }

  const spl::Plan& plan_;
  const Context& context_;
  std::vector<spl::TextProblem>& problems_;
};

std::unique_ptr<Stream> Stream::build(const spl::Plan& plan, const spl::PlannedPipeline& planned,
                                      const Context& context,
                                      std::vector<spl::TextProblem>& problems) {
  const std::size_t before = problems.size();
  auto out = Builder(plan, context, problems).stream(planned, false, false);
  for (std::size_t k = before; k < problems.size(); ++k)
    if (problems[k].severity == base::Severity::error) return nullptr;
  return out;
}

std::vector<OperatorPtr> make_body(const spl::Pipeline& pipeline, const spl::Plan& plan,
                                   const Context& context,
                                   std::vector<spl::TextProblem>& problems) {
  const std::size_t before = problems.size();
  std::vector<OperatorPtr> out = Builder(plan, context, problems).body(pipeline);
  for (std::size_t k = before; k < problems.size(); ++k)
    if (problems[k].severity == base::Severity::error) return {};
  return out;
}

Table Stream::run_from(std::size_t first, Table rows) {
  for (std::size_t k = first; k < operators_.size(); ++k) {
    if (rows.rows.empty()) return {};
    rows = operators_[k]->push(std::move(rows));
  }
  return rows;
}

void Stream::push(Table rows) { ready_.append(run_from(0, std::move(rows))); }

void Stream::push(const Views& rows) {
  if (operators_.empty()) return ready_.append(rows.table());
  ready_.append(run_from(1, operators_.front()->push_views(rows)));
}

Table Stream::finish() {
  // Behind a join that has nothing to join with, for one, no row counts.
  std::size_t first = operators_.size();
  while (first > 0 && operators_[first - 1]->wants_rows(expected_)) --first;
  if (first == 0 && source_) {
    for (std::size_t k = 0; k < operators_.size(); ++k)
      for (Wanted& wanted : at_source(operators_[k]->wanted(), k)) wanted_.push_back(std::move(wanted));
    source_(wanted_, [this](const Views& rows) { push(rows); });
  }
  for (std::size_t k = first > 0 ? first - 1 : 0; k < operators_.size(); ++k)
    operators_[k]->finish_into([&](Table rows) { ready_.append(run_from(k + 1, std::move(rows))); });
  return std::move(ready_);
}

std::optional<std::string> Stream::source_column(std::string name, std::size_t end) const {
  for (std::size_t k = end; k > 0; --k) {
    if (!commands_[k - 1]) continue;
    auto before = spl::column_before(*commands_[k - 1], name);
    if (!before) return {};
    name = std::move(*before);
  }
  return name;
}

std::vector<Wanted> Stream::at_source(const std::vector<Wanted>& wanted, std::size_t end) const {
  std::vector<Wanted> out;
  if (!planned_feed_) return out;
  // Else rows that nobody wants may still name columns.
  const bool fixed = std::any_of(commands_.begin(), commands_.begin() + static_cast<std::ptrdiff_t>(end),
                                 [](const spl::Command* c) { return c && spl::fixes_columns(*c); });
  for (const Wanted& each : wanted) {
    const auto name = source_column(each.name, end);
    if (!name || !fixed) continue;
    const auto plain = planned_feed_->plain.find(*name);
    out.push_back({plain == planned_feed_->plain.end() ? *name : plain->second, each.keys});
  }
  return out;
}

bool Stream::want_only(const std::vector<Wanted>& wanted, std::uint64_t most) {
  if (!source_ || operators_.empty()) return false;
  for (std::size_t k = 0; k < commands_.size(); ++k) {
    if (!commands_[k]) continue;
    if (spl::multiplies_rows(*commands_[k])) return false;
    // Of a field that is computed nobody knows how many values it has, and so how many groups.
    if (const auto* stats = std::get_if<spl::Stats>(&commands_[k]->verb))
      for (const std::string& name : stats->by)
        if (!source_column(name, k)) return false;
  }
  std::vector<Wanted> columns = at_source(wanted, operators_.size());
  if (columns.empty()) return false;
  std::unordered_set<std::uint64_t> groups;
  std::uint64_t rows = 0, more = 0;
  source_({}, [&](const Views& views) {
    if (groups.size() + more + rows > most || operators_.front()->count_groups(views, groups, more)) return;
    // A grouping that follows has a row in a group for each combination of its values.
    for (const ViewRow& row : views.rows) {
      std::uint64_t combinations = 1;
      for (std::size_t c = 0; c < views.columns->size() && combinations <= most; ++c)
        combinations *= std::max<std::size_t>(row.cells[c].size(), 1);
      rows += combinations;
    }
  });
  if (groups.size() + more + rows > most) return false;
  wanted_ = std::move(columns);
  return true;
}

Table Stream::take_ready() {
  Table out = std::move(ready_);
  ready_ = {};
  return out;
}

GroupStates* Stream::groups() {
  for (const auto& op : operators_)
    if (GroupStates* groups = op->groups()) return groups;
  return nullptr;
}

Table Stream::pass_groups(Table rows) {
  for (std::size_t k = 0; k < operators_.size(); ++k)
    if (operators_[k]->groups()) return run_from(k + 1, std::move(rows));
  return rows;
}

void Stream::collect(std::vector<Stream*>& by_feed) {
  if (feed_ != static_cast<std::size_t>(-1)) {
    if (by_feed.size() <= feed_) by_feed.resize(feed_ + 1);
    by_feed[feed_] = this;
  }
  for (Stream* child : children_) child->collect(by_feed);
}

}  // namespace escudo::pipeline
