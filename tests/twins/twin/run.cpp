// A search from its first command to its last: where the rows come from, and what several verbs ask.
#include <algorithm>
#include <cmath>

#include "aggregate.hpp"
#include "base/text.hpp"
#include "expression.hpp"
#include "filter.hpp"
#include "interpreter.hpp"
#include "spl/macro.hpp"
#include "spl/parser.hpp"

namespace escudo::twin {
namespace {

// Newest first; of one time the later read.
void newest_first(Rows& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return *b.records.begin() < *a.records.begin();
  });
}

Texts texts_of(const View& view, const std::string& field) {
  if (const auto other = view.spellings.find(field); other != view.spellings.end())
    return other->second;
  const auto at = view.fields.find(field);
  return at == view.fields.end() ? Texts() : at->second.values();
}

spl::SearchExpr equals(const std::string& field, const std::string& value) {
  spl::SearchExpr out;
  out.kind = spl::SearchExpr::Kind::compare;
  out.field = field;
  out.patterns = {value};
  return out;
}

// Terms that choose what is searched and filter nothing: time ranges (a run searches all it is given)
// and, in tstats, the node of the data model, which goes to `node`.
spl::SearchExpr without_settings(const spl::SearchExpr& expr, std::string* node = nullptr) {
  const auto is_setting = [&](const spl::SearchExpr& e) {
    if (e.kind != spl::SearchExpr::Kind::compare || e.comparison != spl::Comparison::equal) return false;
    if (node && e.field == "nodename") {
      *node = e.patterns.front().substr(e.patterns.front().rfind('.') + 1);
      return true;
    }
    static const std::set<std::string> ranges{"earliest", "latest", "_index_earliest", "_index_latest", "starttime", "endtime",
        "startminutesago", "endminutesago", "starthoursago", "endhoursago", "startdaysago", "enddaysago"};
    return ranges.contains(e.field);
  };
  if (is_setting(expr)) return {};
  spl::SearchExpr out = expr;
  if (out.kind == spl::SearchExpr::Kind::all_of) std::erase_if(out.parts, is_setting);
  return out;
}

// index=risk is another name of the data model of risk events.
bool of_risk_index(const spl::SearchExpr& expr) {
  if (expr.kind == spl::SearchExpr::Kind::all_of) return std::ranges::any_of(expr.parts, of_risk_index);
  return expr.kind == spl::SearchExpr::Kind::compare && expr.comparison == spl::Comparison::equal && expr.field == "index" &&
         expr.patterns.front() == "risk";
}

}  // namespace

const Value& Row::get(const std::string& name) const {
  static const Value null;
  const auto at = fields.find(name);
  return at == fields.end() ? null : at->second;
}

void Row::set(const std::string& name, Value value) {
  if (value.is_null())
    fields.erase(name);
  else
    fields[name] = std::move(value);
}

std::set<std::string> names_of(const Rows& rows) {
  std::set<std::string> out;
  for (const Row& row : rows)
    for (const auto& [name, value] : row.fields) out.insert(name);
  return out;
}

bool name_matches(const std::string& pattern, const std::string& name,
                  std::vector<std::string>* stood) {
  const std::size_t star = pattern.find('*');
  if (star == std::string::npos) return pattern == name;
  if (name.compare(0, star, pattern, 0, star) != 0) return false;
  for (std::size_t end = star; end <= name.size(); ++end) {
    std::vector<std::string> rest;
    if (!name_matches(pattern.substr(star + 1), name.substr(end), &rest)) continue;
    if (stood) {
      *stood = {name.substr(star, end - star)};
      stood->insert(stood->end(), rest.begin(), rest.end());
    }
    return true;
  }
  return false;
}

std::string name_from(const std::string& to, const std::vector<std::string>& stood) {
  std::string out;
  std::size_t used = 0;
  for (const char c : to) {
    if (c == '*' && used < stood.size())
      out += stood[used++];
    else
      out += c;
  }
  return out;
}

double seconds_of(const spl::TimeSpan& span) {
  return static_cast<double>(span.microseconds) / 1e6 + span.months * 30 * 86400.0;
}

double floored(double time, const spl::TimeSpan& span) {
  if (span.months == 0) {
    const double seconds = static_cast<double>(span.microseconds) / 1e6;
    return std::floor(time / seconds) * seconds;
  }
  using namespace std::chrono;
  const auto day = sys_days(days(static_cast<int>(std::floor(time / 86400))));
  const year_month_day date(day);
  int index = static_cast<int>(date.year()) * 12 + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  index -= index % span.months;
  const sys_days first = year(index / 12) / month(static_cast<unsigned>(index % 12) + 1) / 1;
  return static_cast<double>(first.time_since_epoch().count()) * 86400;
}

int order(const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return static_cast<int>(a.is_null()) - static_cast<int>(b.is_null());
  const auto x = a.number(), y = b.number();
  if (x && y) return *x < *y ? -1 : *x > *y;
  if (x || y) return x ? -1 : 1;
  const int texts = a.text().compare(b.text());
  return texts < 0 ? -1 : texts > 0;
}

Rows Interpreter::events(const std::string& dataset, const spl::SearchExpr& expr) {
  const Filter filter(expr);
  Rows out;
  for (const Event& event : *world_.events) {
    const View* view = nullptr;
    if (event.everywhere || (dataset.empty() && event.in_raw)) {
      view = &event.raw;
    } else if (!dataset.empty()) {
      const auto at = event.datasets.find(dataset);
      if (at != event.datasets.end()) view = &at->second;
    }
    if (!view) continue;
    if (!filter.matches([&](const std::string& field) { return texts_of(*view, field); })) continue;
    out.push_back({view->fields, {event.record}});
  }
  newest_first(out);
  return out;
}

Rows Interpreter::subsearch(const spl::Pipeline& pipeline) {
  Rows rows = search(pipeline);
  if (rows.size() > world_.subsearch_rows) rows.resize(world_.subsearch_rows);
  return rows;
}

// The columns of a row are an AND, the rows an OR. No rows: nothing matches.
spl::SearchExpr Interpreter::resolved(const spl::SearchExpr& expr) {
  spl::SearchExpr out = expr;
  for (spl::SearchExpr& part : out.parts) part = resolved(part);
  if (expr.kind != spl::SearchExpr::Kind::subsearch) return out;
  out = {};
  out.kind = spl::SearchExpr::Kind::any_of;
  Rows rows = search(*expr.subsearch);
  if (rows.size() > world_.filter_rows) rows.resize(world_.filter_rows);
  for (const Row& row : rows) {
    spl::SearchExpr all;
    all.kind = spl::SearchExpr::Kind::all_of;
    for (const auto& [name, value] : row.fields) {
      if (name.starts_with('_')) continue;
      if (name == "search" || name == "query") {
        std::vector<spl::TextProblem> problems;
        if (auto inner = spl::parse_search_expression(value.text(), problems))
          all.parts.push_back(*inner);
        continue;
      }
      spl::SearchExpr any;
      any.kind = spl::SearchExpr::Kind::any_of;
      for (const std::string& one : value.values()) any.parts.push_back(equals(name, one));
      all.parts.push_back(std::move(any));
    }
    if (!all.parts.empty()) out.parts.push_back(std::move(all));
  }
  return out;
}

Rows Interpreter::search(const spl::Pipeline& pipeline) {
  if (pipeline.commands.empty()) throw Unfit{"a search without commands"};
  // A search that begins with `search` reads raw events; every other first command makes its rows
  // itself, out of nothing.
  if (const auto* first = std::get_if<spl::Search>(&pipeline.commands.front().verb)) {
    const std::string dataset = of_risk_index(first->expr) ? "Risk.All_Risk" : "";
    return apply(pipeline, 1, events(dataset, resolved(without_settings(first->expr))));
  }
  return apply(pipeline, 0, {});
}

Rows Interpreter::apply(const spl::Pipeline& pipeline, std::size_t first, Rows rows) {
  for (std::size_t k = first; k < pipeline.commands.size(); ++k) {
    const spl::Command& command = pipeline.commands[k];
    try {
      rows = std::visit([&](const auto& verb) { return (*this)(verb, std::move(rows)); }, command.verb);
    } catch (const Unfit& unfit) {
      throw Unfit{command.name + ": " + unfit.reason};
    }
  }
  return rows;
}

// ---- data models ------------------------------------------------------------------------------

namespace {

// "Processes.user" is user; so is "All_Changes.Account_Management.user".
std::string plain(std::string field, const std::string& model, const std::string& node,
                  const catalog::Catalog& catalog) {
  for (std::size_t dot; (dot = field.find('.')) != std::string::npos;) {
    const std::string head = field.substr(0, dot);
    if (head != node && !catalog.find_dataset(model, head)) break;
    field.erase(0, dot + 1);
  }
  return field;
}

template <class Change>
void change_fields(spl::SearchExpr& expr, const Change& change) {
  if (!expr.field.empty()) expr.field = change(expr.field);
  for (spl::SearchExpr& part : expr.parts) change_fields(part, change);
}

void fields_of(const spl::SearchExpr& expr, std::vector<std::string>& out) {
  if (!expr.field.empty()) out.push_back(expr.field);
  for (const spl::SearchExpr& part : expr.parts) fields_of(part, out);
}

const catalog::Dataset* dataset_of(const std::string& model, const std::string& node,
                                   const std::vector<std::string>& fields,
                                   const catalog::Catalog& catalog) {
  if (!node.empty()) return catalog.find_dataset(model, node);
  for (const std::string& field : fields)
    if (const std::size_t dot = field.find('.'); dot != std::string::npos)
      if (const auto* found = catalog.find_dataset(model, field.substr(0, dot))) return found;
  for (const catalog::Dataset& dataset : catalog.datasets())
    if (dataset.model == model) return &dataset;
  return nullptr;
}

}  // namespace

Rows Interpreter::operator()(const spl::Tstats& verb, Rows) {
  const catalog::Catalog& catalog = *world_.catalog;
  std::vector<std::string> fields = verb.by;
  fields_of(verb.where, fields);
  for (const spl::Aggregate& a : verb.aggregates) fields.push_back(a.field);
  std::string node = verb.dataset;
  const spl::SearchExpr filter = without_settings(verb.where, &node);
  const catalog::Dataset* dataset = dataset_of(verb.model, node, fields, catalog);
  if (!dataset) throw Unfit{"no data model " + verb.model + "." + node};
  const auto short_name = [&](const std::string& field) {
    return plain(field, verb.model, verb.dataset, catalog);
  };
  spl::SearchExpr where = resolved(filter);
  change_fields(where, short_name);
  Rows rows = events(dataset->full_name(), where);

  std::vector<std::string> by;
  for (const std::string& field : verb.by) by.push_back(short_name(field));
  std::vector<spl::Aggregate> aggregates = verb.aggregates;
  for (spl::Aggregate& a : aggregates) a.field = short_name(a.field);
  Rows out;
  std::map<std::vector<Value>, std::vector<const Row*>, KeyOrder> groups;
  Rows keyed = rows;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (const std::string& field : by) {
      if (field == "_time" && verb.time_span && keyed[r].get("_time").number())
        keyed[r].set("_time", floored(*keyed[r].get("_time").number(), *verb.time_span));
      else if (field != "_time" && verb.fill_null && keyed[r].get(field).is_null())
        keyed[r].set(field, *verb.fill_null);
    }
    for (auto& key : keys_of(keyed[r], by)) groups[key].push_back(&rows[r]);
  }
  if (groups.empty() && by.empty()) {
    Row row;
    for (const spl::Aggregate& a : aggregates) row.set(a.output, aggregated_nothing(a));
    return {row};
  }
  for (const auto& [key, members] : groups) {
    Row row;
    for (std::size_t k = 0; k < by.size(); ++k) row.set(verb.by[k], key[k]);
    for (const spl::Aggregate& a : aggregates) row.set(a.output, aggregated(a, members, {}, world_.now));
    for (const Row* member : members) row.records.insert(member->records.begin(), member->records.end());
    out.push_back(std::move(row));
  }
  return out;
}

Rows Interpreter::operator()(const spl::From& verb, Rows) {
  const catalog::Dataset* dataset = dataset_of(verb.model, verb.dataset, {}, *world_.catalog);
  if (!dataset) throw Unfit{"no data model " + verb.model};
  return events(dataset->full_name(), {});
}

Rows Interpreter::operator()(const spl::MakeResults& verb, Rows) {
  Row row;
  row.set("_time", base::to_epoch_seconds(world_.now));
  return Rows(static_cast<std::size_t>(verb.count), row);
}

Rows Interpreter::operator()(const spl::Search& verb, Rows rows) {
  const Filter filter(resolved(verb.expr));
  std::erase_if(rows, [&](const Row& row) {
    return !filter.matches([&](const std::string& field) { return row.get(field).values(); });
  });
  return rows;
}

// ---- the face ---------------------------------------------------------------------------------

Search::Search(const std::string& text, const catalog::Catalog& catalog) {
  std::vector<spl::TextProblem> problems;
  const spl::ExpandedText expanded = spl::expand_macros(text, catalog, problems);
  pipeline_ = spl::parse(expanded.text, problems);
  for (const spl::TextProblem& problem : problems)
    if (problem.severity == base::Severity::error && problem_.empty()) problem_ = problem.message;
  if (!pipeline_ && problem_.empty()) problem_ = "the search does not parse";
}

Answer Search::run(const World& world) const {
  Answer out;
  out.problem = problem_;
  if (!out.ok()) return out;
  try {
    out.rows = Interpreter(world).search(*pipeline_);
  } catch (const Unfit& unfit) {
    out.problem = unfit.reason;
  }
  for (const spl::Command& command : pipeline_->commands)
    out.ordered = out.ordered || std::holds_alternative<spl::Sort>(command.verb) ||
                  std::holds_alternative<spl::Reverse>(command.verb);
  return out;
}

Answer run(const std::string& text, const World& world) {
  return Search(text, *world.catalog).run(world);
}

}  // namespace escudo::twin
