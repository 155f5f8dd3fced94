// From AST to Plan: finds every base search, takes the dataset's prefix off its fields and works out
// what its events must carry. Tested by the `plan` sections under tests/spl.
#include "spl/plan.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "spl/parser.hpp"
#include "spl/print.hpp"

namespace escudo::spl {
namespace {

class Planner {
 public:
  Planner(const catalog::Catalog& catalog, Plan& plan, std::vector<TextProblem>& problems)
      : catalog_(catalog), plan_(plan), problems_(problems) {}

  std::unique_ptr<PlannedPipeline> pipeline(const PipelinePtr& p, bool given) {
    auto out = std::make_unique<PlannedPipeline>();
    out->pipeline = p;
    if (given) {
      out->rows = PlannedPipeline::Rows::given;
    } else {
      const Command& first = p->commands.front();
      if (const auto* tstats = std::get_if<Tstats>(&first.verb)) {
        out->feed = tstats_feed(*tstats, first.span);
        out->first = 0;   // the aggregation itself is the first operator
        filters(tstats->where, *out);
      } else if (const auto* search = std::get_if<Search>(&first.verb)) {
        out->feed = raw_feed(*search, p);
        out->first = 1;
        filters(search->expr, *out);
      } else if (const auto* from = std::get_if<From>(&first.verb)) {
        out->feed = from_feed(*from, p, first.span);
        out->first = 1;
      } else if (std::holds_alternative<InputLookup>(first.verb)) {
        out->rows = PlannedPipeline::Rows::lookup;
      } else if (std::holds_alternative<MakeResults>(first.verb) || std::holds_alternative<Multisearch>(first.verb)) {
        out->rows = PlannedPipeline::Rows::generated;
      } else {
        const bool known = std::holds_alternative<Unsupported>(first.verb);
        problem(first.span, known ? "unsupported-command" : "no-rows",
                known ? first.name + " needs what only Splunk has" : first.name + " cannot start a search",
                known ? "" : "start with search, tstats, from or inputlookup");
        return out;
      }
    }
    for (std::size_t k = out->rows == PlannedPipeline::Rows::feed ? out->first : 0; k < p->commands.size(); ++k) {
      if (k > 0 || given) check_place(p->commands[k]);
      command(p->commands[k], *out);
    }
    return out;
  }

 private:
  void problem(Span span, std::string code, std::string message, std::string hint = {}) {
    problems_.push_back({plan_.expanded.original(span), std::move(code), std::move(message), std::move(hint)});
  }

  // Commands that make rows of their own can only begin a search.
  void check_place(const Command& c) {
    const auto* lookup = std::get_if<InputLookup>(&c.verb);
    if (std::holds_alternative<MakeResults>(c.verb) || std::holds_alternative<From>(c.verb) ||
        std::holds_alternative<Tstats>(c.verb) || (lookup && !lookup->append))
      problem(c.span, "misplaced-command", c.name + " makes rows of its own and can only stand first",
              lookup ? "inputlookup append=true adds its rows to those so far" : "append [ … ] adds the rows of another search");
  }

  void add_child(const PipelinePtr& p, bool given, PlannedPipeline& parent) {
    if (!p) return;
    parent.child_spans.push_back(p->span);
    parent.children.push_back(pipeline(p, given));
  }

  void filters(const SearchExpr& expr, PlannedPipeline& out) {
    if (expr.kind == SearchExpr::Kind::subsearch) add_child(expr.subsearch, false, out);
    for (const SearchExpr& part : expr.parts) filters(part, out);
  }

  void command(const Command& c, PlannedPipeline& out) {
    if (const auto* join = std::get_if<Join>(&c.verb)) add_child(join->right, false, out);
    else if (const auto* append = std::get_if<Append>(&c.verb)) add_child(append->pipeline, false, out);
    else if (const auto* cols = std::get_if<AppendCols>(&c.verb)) add_child(cols->pipeline, false, out);
    else if (const auto* pipe = std::get_if<AppendPipe>(&c.verb)) add_child(pipe->pipeline, true, out);
    else if (const auto* multi = std::get_if<Multisearch>(&c.verb)) {
      for (const PipelinePtr& p : multi->pipelines) add_child(p, false, out);
    } else if (const auto* search = std::get_if<Search>(&c.verb)) filters(search->expr, out);
    else if (std::holds_alternative<Unsupported>(c.verb))
      problem(c.span, "unsupported-command", c.name + " needs what only Splunk has");
  }

  // The dataset a tstats reads, and its field prefix.
  const catalog::Dataset* dataset_of(const std::string& model, const std::string& node, const std::vector<std::string>& fields,
                                     Span span) {
    if (!node.empty()) {
      const catalog::Dataset* found = catalog_.find_dataset(model, node);
      if (!found) unknown_dataset(model + "." + node, span);
      return found;
    }
    // datamodel=Change: the prefix of the fields names the node.
    for (const std::string& field : fields) {
      const std::size_t dot = field.find('.');
      if (dot == std::string::npos) continue;
      if (const catalog::Dataset* found = catalog_.find_dataset(model, field.substr(0, dot))) return found;
    }
    for (const catalog::Dataset& d : catalog_.datasets())
      if (d.model == model) return &d;   // no field tells: the model's first, its root
    unknown_dataset(model, span);
    return nullptr;
  }

  void unknown_dataset(const std::string& name, Span span) {
    const std::string near = base::nearest(name, catalog_.dataset_names());
    problem(span, "unknown-dataset", "no data model dataset " + name + " is known",
            near.empty() ? "content/datamodels lists what Escudo can feed" : "did you mean " + near + "?");
  }

  static void collect(const SearchExpr& expr, std::vector<std::string>& fields) {
    if (!expr.field.empty()) fields.push_back(expr.field);
    for (const SearchExpr& part : expr.parts) collect(part, fields);
  }

  // earliest=-24h and its kin choose the time range of a search in Splunk. Escudo searches all it is given.
  static bool is_time_range(const SearchExpr& expr) {
    if (expr.kind != SearchExpr::Kind::compare || expr.comparison != Comparison::equal) return false;
    for (std::string_view name : {"earliest", "latest", "_index_earliest", "_index_latest", "starttime", "endtime", "startminutesago",
                                  "endminutesago", "starthoursago", "endhoursago", "startdaysago", "enddaysago"})
      if (expr.field == name) return true;
    return false;
  }

  SearchExpr without_time_range(SearchExpr expr) {
    const auto drop = [&](const SearchExpr& e) {
      if (!is_time_range(e)) return false;
      problem(e.span, "time-range-ignored", e.field + "= has no effect: Escudo searches all events it is given", "use --from and --to");
      problems_.back().severity = base::Severity::warning;
      return true;
    };
    if (drop(expr)) return {};
    if (expr.kind != SearchExpr::Kind::all_of) return expr;
    std::erase_if(expr.parts, drop);
    if (expr.parts.empty()) return {};
    return expr.parts.size() == 1 ? expr.parts.front() : expr;
  }

  // nodename=DNS chooses the dataset, like its name behind the model's.
  static std::string node_named(const SearchExpr& expr) {
    if (expr.field == "nodename" && expr.kind == SearchExpr::Kind::compare && expr.comparison == Comparison::equal) {
      const std::string& node = expr.patterns.front();
      return node.substr(node.rfind('.') + 1);
    }
    if (expr.kind != SearchExpr::Kind::all_of) return {};
    for (const SearchExpr& part : expr.parts)
      if (std::string node = node_named(part); !node.empty()) return node;
    return {};
  }

  // What chose the dataset has nothing left to filter.
  static SearchExpr without_nodename(SearchExpr expr) {
    if (expr.field == "nodename" && !node_named(expr).empty()) {
      SearchExpr all;
      all.span = expr.span;
      return all;
    }
    if (expr.kind != SearchExpr::Kind::all_of) return expr;
    std::erase_if(expr.parts, [](const SearchExpr& part) { return part.field == "nodename" && !node_named(part).empty(); });
    if (expr.parts.empty()) return {};
    return expr.parts.size() == 1 ? expr.parts.front() : expr;
  }

  // "Processes.user" -> "user"; a child node's "All_Changes.Account_Management.src_user" -> "src_user".
  std::string plain(const std::string& field, const std::string& prefix, const std::string& model) {
    if (prefix.empty() || !field.starts_with(prefix)) return field;
    std::string rest = field.substr(prefix.size());
    const std::size_t dot = rest.find('.');
    if (dot != std::string::npos && catalog_.find_dataset(model, rest.substr(0, dot))) rest = rest.substr(dot + 1);
    return rest;
  }

  SearchExpr strip(SearchExpr expr, const std::string& prefix, const std::string& model) {
    if (!expr.field.empty()) expr.field = plain(expr.field, prefix, model);
    for (SearchExpr& part : expr.parts) part = strip(std::move(part), prefix, model);
    return expr;
  }

  static bool has_subsearch(const SearchExpr& expr) {
    return expr.kind == SearchExpr::Kind::subsearch || std::any_of(expr.parts.begin(), expr.parts.end(), has_subsearch);
  }

  // Subsearch terms taken as true. Under NOT the term cannot be decided early, so the NOT is true too.
  static SearchExpr without_subsearch(const SearchExpr& expr) {
    if (!has_subsearch(expr)) return expr;
    SearchExpr out;
    out.span = expr.span;
    if (expr.kind != SearchExpr::Kind::all_of) return out;   // everything
    for (const SearchExpr& part : expr.parts)
      if (!has_subsearch(part)) out.parts.push_back(part);
    if (out.parts.empty()) return out;
    if (out.parts.size() == 1) return out.parts.front();
    out.kind = SearchExpr::Kind::all_of;
    return out;
  }

  void set_filter(Feed& feed, SearchExpr filter, const std::string& model = {}) {
    feed.has_subsearch = has_subsearch(filter);
    if (!feed.has_subsearch) {
      feed.filter = std::move(filter);
      return;
    }
    feed.filter = without_subsearch(filter);
    Flow flow = Flow::open();
    flow.read(filter);
    for (const std::string& name : flow.needs().names) {
      feed.needs.names.insert(plain(name, feed.prefix, model));
      if (const std::string p = plain(name, feed.prefix, model); p != name) feed.plain[name] = p;
    }
    feed.needs.everything = feed.needs.everything || flow.needs().everything;
    feed.whole_filter = std::move(filter);
  }

  std::size_t tstats_feed(const Tstats& v, Span span) {
    Feed feed;
    feed.span = span;
    std::vector<std::string> fields = v.by;
    collect(v.where, fields);
    for (const Aggregate& a : v.aggregates)
      if (!a.field.empty()) fields.push_back(a.field);
    const std::string node = v.dataset.empty() ? node_named(v.where) : v.dataset;
    if (const catalog::Dataset* dataset = dataset_of(v.model, node, fields, v.model_span)) {
      feed.dataset = dataset->full_name();
      feed.prefix = prefix_of(v.model, node, *dataset, fields);
    }
    auto need = [&](const std::string& field) {
      if (field.empty()) return;
      if (field.find('*') != std::string::npos) feed.needs.everything = true;
      else {
        const std::string name = plain(field, feed.prefix, v.model);
        feed.needs.names.insert(name);
        if (name != field) feed.plain[field] = name;
      }
    };
    for (const std::string& field : v.by) need(field);
    for (const Aggregate& a : v.aggregates) {
      need(a.field);
      // A function that asks which value came first looks at the time of the event.
      if (a.function == "first" || a.function == "last" || a.function.starts_with("earliest") || a.function.starts_with("latest")) need("_time");
    }
    set_filter(feed, strip(without_time_range(without_nodename(v.where)), feed.prefix, v.model), v.model);
    plan_.feeds.push_back(std::move(feed));
    return plan_.feeds.size() - 1;
  }

  std::string prefix_of(const std::string& model, const std::string& node, const catalog::Dataset& dataset, const std::vector<std::string>& fields) {
    for (const std::string& field : fields) {
      const std::size_t dot = field.find('.');
      if (dot == std::string::npos) continue;
      const std::string head = field.substr(0, dot);
      if (head == node || head == dataset.name || catalog_.find_dataset(model, head)) return head + ".";
    }
    return dataset.name + ".";
  }

  void later_needs(Feed& feed, const PipelinePtr& p) {
    Flow flow = Flow::open();
    for (std::size_t k = 1; k < p->commands.size(); ++k) flow.pass(p->commands[k]);
    flow.finish();
    for (const std::string& name : flow.needs().names) feed.needs.names.insert(plain(name, feed.prefix, ""));
    for (const std::string& pattern : flow.needs().patterns) feed.needs.patterns.insert(pattern);
    feed.needs.everything = feed.needs.everything || flow.needs().everything;
  }

  // index=risk: the risk events, which the data model Risk.All_Risk has too.
  static bool wants_risk(const SearchExpr& expr) {
    if (expr.field == "index" && expr.kind == SearchExpr::Kind::compare && expr.comparison == Comparison::equal)
      return base::iequals(expr.patterns.front(), "risk");
    return expr.kind == SearchExpr::Kind::all_of && std::any_of(expr.parts.begin(), expr.parts.end(), wants_risk);
  }

  std::size_t raw_feed(const Search& v, const PipelinePtr& p) {
    Feed feed;
    feed.span = p->commands.front().span;
    if (wants_risk(v.expr) && catalog_.find_dataset("Risk", "All_Risk")) feed.dataset = "Risk.All_Risk";
    later_needs(feed, p);
    set_filter(feed, without_time_range(v.expr));
    plan_.feeds.push_back(std::move(feed));
    return plan_.feeds.size() - 1;
  }

  std::size_t from_feed(const From& v, const PipelinePtr& p, Span span) {
    Feed feed;
    feed.span = span;
    if (const catalog::Dataset* dataset = dataset_of(v.model, v.dataset, {}, v.model_span)) feed.dataset = dataset->full_name();
    later_needs(feed, p);
    plan_.feeds.push_back(std::move(feed));
    return plan_.feeds.size() - 1;
  }

  const catalog::Catalog& catalog_;
  Plan& plan_;
  std::vector<TextProblem>& problems_;
};

bool has_errors(const std::vector<TextProblem>& problems) {
  return std::any_of(problems.begin(), problems.end(), [](const TextProblem& p) { return p.severity == base::Severity::error; });
}

std::string print_needs(const FieldNeeds& needs) {
  std::string out;
  if (needs.everything) out = "*";
  else {
    for (const std::string& n : needs.names) out += (out.empty() ? "" : " ") + quote(n);
    for (const std::string& n : needs.patterns) out += (out.empty() ? "" : " ") + quote(n);
  }
  return out.empty() ? "(nothing)" : out;
}

void print_pipeline(const Plan& plan, const PlannedPipeline& p, int indent, std::string& out) {
  const std::string pad(2 * indent, ' ');
  if (p.rows == PlannedPipeline::Rows::feed) {
    const Feed& feed = plan.feeds[p.feed];
    out += pad + "feed " + std::to_string(p.feed) + " " + (feed.dataset.empty() ? "raw events" : feed.dataset) + "\n";
    out += pad + "  filter " + print(feed.filter) + "\n";
    if (feed.has_subsearch) out += pad + "  then   " + print(feed.whole_filter) + "\n";
    out += pad + "  needs  " + print_needs(feed.needs) + "\n";
  }
  Pipeline rest;
  rest.commands.assign(p.pipeline->commands.begin() + static_cast<std::ptrdiff_t>(p.rows == PlannedPipeline::Rows::feed ? p.first : 0), p.pipeline->commands.end());
  out += print(rest, indent);
  for (const auto& child : p.children) {
    if (child->rows != PlannedPipeline::Rows::feed) continue;
    out += pad + "with\n";
    print_pipeline(plan, *child, indent + 1, out);
  }
}

}  // namespace

const PlannedPipeline* PlannedPipeline::child_of(const PipelinePtr& p) const {
  for (const auto& child : children)
    if (child->pipeline == p) return child.get();
  return nullptr;
}

std::unique_ptr<Plan> make_plan(const std::string& search, const catalog::Catalog& catalog,
                                std::vector<TextProblem>& problems) {
  auto plan = std::make_unique<Plan>();
  plan->original = search;
  plan->expanded = expand_macros(search, catalog, problems);
  plan->macros = plan->expanded.macros;
  if (has_errors(problems)) return nullptr;
  std::vector<TextProblem> found;
  plan->pipeline = parse(plan->expanded.text, found);
  for (TextProblem& p : found) {
    p.span = plan->expanded.original(p.span);
    problems.push_back(std::move(p));
  }
  if (!plan->pipeline || has_errors(problems)) return nullptr;
  Planner planner(catalog, *plan, problems);
  plan->root = planner.pipeline(plan->pipeline, false);
  if (has_errors(problems)) return nullptr;
  Flow flow = Flow::open();
  flow.pass(*plan->pipeline);
  plan->columns = flow.columns();
  plan->columns_known = !flow.is_open() && !flow.may_have("\x01");
  return plan;
}

std::string print(const Plan& plan) {
  std::string out;
  if (plan.root) print_pipeline(plan, *plan.root, 0, out);
  return out;
}

}  // namespace escudo::spl
