#include "goals.hpp"

#include <algorithm>

#include "base/csv.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "event/value.hpp"
#include "inverse.hpp"
#include "spl/field_names.hpp"
#include "spl/named_groups.hpp"
#include "twin/filter.hpp"

namespace escudo::witness {
namespace {

// The aggregates that ask something of their rows: func(eval(if(condition, value, null))).
bool tells_apart(const spl::Aggregate& a) {
  return a.expression && a.expression->kind == spl::Expr::Kind::call &&
         (a.expression->text == "if" || a.expression->text == "case") &&
         (a.function == "values" || a.function == "latest" || a.function == "earliest" ||
          a.function == "list");
}

class Backward {
 public:
  Backward(const spl::Feed& feed, const catalog::Catalog& catalog, std::size_t which,
           Random& random)
      : feed_(feed), catalog_(catalog), which_(which), random_(random), inverse_{goals_, random} {}

  void want(const std::string& name, Goal goal) { inverse_.want(name, std::move(goal)); }

  void command(const spl::Command& command) {
    if (const auto* search = std::get_if<spl::Search>(&command.verb))
      inverse_.condition(search->expr, true);
    else if (const auto* where = std::get_if<spl::Where>(&command.verb))
      inverse_.condition(where->expr, true);
    else if (const auto* regex = std::get_if<spl::Regex>(&command.verb)) {
      if (!regex->negated) want(regex->field, {Goal::Kind::pattern, regex->pattern});
    } else if (const auto* rex = std::get_if<spl::Rex>(&command.verb))
      extracted(*rex);
    else if (const auto* rename = std::get_if<spl::Rename>(&command.verb))
      renamed(*rename);
    else if (const auto* eval = std::get_if<spl::Eval>(&command.verb)) {
      for (auto a = eval->assignments.rbegin(); a != eval->assignments.rend(); ++a)
        for (const Goal& goal : taken(a->field)) inverse_.wanted(a->expr, goal);
    } else if (const auto* lookup = std::get_if<spl::Lookup>(&command.verb))
      looked_up(*lookup);
    else if (const auto* stats = std::get_if<spl::Stats>(&command.verb)) {
      aggregated(stats->aggregates, stats->by, stats->mode == spl::Stats::Mode::stats);
    } else if (const auto* tstats = std::get_if<spl::Tstats>(&command.verb))
      aggregated(tstats->aggregates, tstats->by, true);
    else if (const auto* both = std::get_if<spl::Transaction>(&command.verb)) {
      taken("duration");
      taken("eventcount");
      const auto& mark = which_ % 2 ? both->ends_with : both->starts_with;
      if (mark) inverse_.condition(*mark, true);
      for (const std::string& name : both->fields) want(name, {});
    } else if (std::holds_alternative<spl::Spath>(command.verb) ||
               std::holds_alternative<spl::XmlKv>(command.verb)) {
      Goals before;
      before.swap(goals_);
      for (auto& [name, goals] : before)
        for (Goal& goal : goals)
          want(name.substr(name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1),
               std::move(goal));
    }
  }

  // By the plain names of the feed.
  Goals finish() {
    Goals out;
    for (auto& [name, goals] : goals_) {
      std::string plain = name;
      if (const auto at = feed_.plain.find(name); at != feed_.plain.end())
        plain = at->second;
      else if (!feed_.prefix.empty() && name.starts_with(feed_.prefix))
        plain = name.substr(feed_.prefix.size());
      for (Goal& goal : goals) out[plain].push_back(std::move(goal));
    }
    return out;
  }

 private:
  std::vector<Goal> taken(const std::string& name) {
    const auto node = goals_.extract(name);
    return node ? std::move(node.mapped()) : std::vector<Goal>();
  }

  void renamed(const spl::Rename& verb) {
    Goals before;
    before.swap(goals_);
    for (auto& [name, goals] : before) {
      std::string from = name;
      for (const spl::FieldPair& pair : verb.pairs)
        if (const auto old = spl::renamed({pair.to, pair.from, {}}, name)) from = *old;
      // A rename that takes a prefix off every field: "Processes.*" AS "*".
      for (Goal& goal : goals) want(from, std::move(goal));
    }
  }

  // The field is a match whose groups are what is wanted of them; one match for each of several
  // texts.
  void extracted(const spl::Rex& verb) {
    if (verb.sed) return;
    std::map<std::string, std::vector<std::string>> texts;
    std::size_t most = 0;
    bool wanted = false;
    for (const std::string& name : spl::named_groups(verb.pattern)) {
      const std::vector<Goal> goals = taken(name);
      wanted = wanted || !goals.empty();
      for (const Goal& goal : goals) {
        std::string text = text_for(goal, random_);
        auto& list = texts[name];
        if (!text.empty() && std::find(list.begin(), list.end(), text) == list.end())
          list.push_back(std::move(text));
      }
      most = std::max(most, texts[name].size());
      if (texts[name].empty()) texts.erase(name);
    }
    if (!wanted) return;
    std::vector<std::string> samples;
    for (std::size_t k = 0; k < std::max<std::size_t>(most, 1); ++k) {
      std::map<std::string, std::string> groups;
      for (const auto& [name, list] : texts) groups[name] = list[std::min(k, list.size() - 1)];
      Random same = random_;  // what is not asked for is alike in all of them
      samples.push_back(text_found_by(verb.pattern, same, groups));
    }
    (void)random_();
    if (verb.max_match != 1) {
      std::string all;
      for (const std::string& sample : samples) all += sample;
      want(verb.field, {Goal::Kind::text, all});
    } else {
      for (std::string& sample : samples) want(verb.field, {Goal::Kind::text, std::move(sample)});
    }
  }

  // A row of the table whose outputs are as wanted.
  void looked_up(const spl::Lookup& verb) {
    if (verb.table == "ut_shannon_lookup" &&
        !verb.keys.empty()) {  // letters that are all different
      taken("ut_shannon");
      want(verb.keys.front().to, {Goal::Kind::text, "aB3xQ9zKw7LmT2vR8yH5"});
      return;
    }
    const catalog::LookupDefinition* definition = catalog_.find_lookup(verb.table);
    const auto text = definition && !definition->file.empty()
                          ? base::read_file(definition->file)
                          : base::Result<std::string>(base::Error{"none"});
    const auto table =
        text ? base::parse_csv(*text) : base::Result<base::CsvTable>(base::Error{"none"});
    if (!table || table->rows.empty()) return;
    const auto column = [&](const std::string& name) {
      return static_cast<std::size_t>(std::find(table->header.begin(), table->header.end(), name) -
                                      table->header.begin());
    };
    const auto fits = [&](const std::vector<std::string>& row, const std::string& name,
                          const Goal& goal) {
      const std::size_t at = column(name);
      if (at >= row.size()) return false;
      switch (goal.kind) {
        case Goal::Kind::text:
          return base::iequals(row[at], goal.text);
        case Goal::Kind::wildcard:
          return twin::glob(base::to_lower(goal.text), base::to_lower(row[at]));
        default:
          return !row[at].empty();
      }
    };
    std::vector<spl::FieldPair> outputs = verb.outputs;
    if (outputs.empty())
      for (const std::string& name : table->header) outputs.push_back({name, name, {}});
    std::vector<std::pair<std::string, Goal>> goals;
    for (const spl::FieldPair& output : outputs)
      for (Goal& goal : taken(output.to)) goals.emplace_back(output.from, std::move(goal));
    if (goals.empty()) return;
    // One row that is right in everything, else one for each text.
    std::vector<std::size_t> rows;
    const std::size_t begin = random_() % table->rows.size();
    const auto find = [&](const auto& test) {
      for (std::size_t k = 0; k < table->rows.size(); ++k) {
        const std::size_t row = (begin + k) % table->rows.size();
        if (test(table->rows[row])) return rows.push_back(row), true;
      }
      return false;
    };
    if (!find([&](const auto& row) {
          return std::all_of(goals.begin(), goals.end(),
                             [&](const auto& g) { return fits(row, g.first, g.second); });
        }))
      for (const auto& [name, goal] : goals)
        if (goal.kind == Goal::Kind::text || goal.kind == Goal::Kind::wildcard)
          find([&, n = &name, g = &goal](const auto& row) { return fits(row, *n, *g); });
    for (const std::size_t row : rows)
      for (const spl::FieldPair& key : verb.keys)
        if (const std::size_t at = column(key.from);
            at < table->rows[row].size() && !table->rows[row][at].empty()) {
          const std::string& cell = table->rows[row][at];
          const bool wild = cell.find('*') != std::string::npos;
          want(key.to, {wild ? Goal::Kind::wildcard : Goal::Kind::text, cell});
        }
  }

  void aggregated(const std::vector<spl::Aggregate>& aggregates, const std::vector<std::string>& by,
                  bool replaces) {
    static const std::set<std::string> passing{"values", "list", "latest", "earliest", "first",
                                               "last",   "min",  "max",    "mode"};
    Goals after;
    after.swap(goals_);
    std::size_t number = 0;
    for (const spl::Aggregate& a : aggregates) {
      std::vector<Goal> goals;
      if (const auto node = after.extract(a.output)) goals = node.mapped();
      const bool apart = tells_apart(a);
      if (apart && number++ % cases_ != which_ % cases_) continue;
      if (a.expression) {
        const bool counts = !passing.contains(a.function);
        if (counts && std::all_of(goals.begin(), goals.end(),
                                  [](const Goal& g) { return g.kind == Goal::Kind::present; }))
          continue;
        if (goals.empty() || counts) goals = {Goal{}};
        for (const Goal& goal : goals) inverse_.wanted(*a.expression, goal);
      } else if (passing.contains(a.function)) {
        for (const Goal& goal : goals) want(a.field, goal);
      } else if (!a.field.empty() && std::any_of(goals.begin(), goals.end(), [](const Goal& g) {
                   return g.kind != Goal::Kind::present;
                 })) {
        want(a.field, {});  // a number of these is asked for
      }
    }
    for (auto& [name, goals] : after)
      if (!replaces || std::find(by.begin(), by.end(), name) != by.end())
        for (Goal& goal : goals) want(name, std::move(goal));
    for (const std::string& name : by) want(name, {});
  }

 public:
  std::size_t cases_ = 1;

 private:
  const spl::Feed& feed_;
  const catalog::Catalog& catalog_;
  std::size_t which_;
  Random& random_;
  Goals goals_;
  Inverse inverse_;
};

}  // namespace

std::size_t cases_of(const spl::Pipeline& pipeline) {
  std::size_t out = 1;
  for (const spl::Command& command : pipeline.commands) {
    if (const auto* stats = std::get_if<spl::Stats>(&command.verb))
      out = std::max<std::size_t>(
          out, static_cast<std::size_t>(
                   std::count_if(stats->aggregates.begin(), stats->aggregates.end(), tells_apart)));
    if (const auto* both = std::get_if<spl::Transaction>(&command.verb))
      if (both->starts_with && both->ends_with) out = std::max<std::size_t>(out, 2);
  }
  return std::min<std::size_t>(out, 4);
}

Goals goals_of(const spl::Pipeline& pipeline, std::size_t first, const spl::Feed& feed,
               const catalog::Catalog& catalog, const std::set<std::string>& columns,
               std::size_t which, Random& random, const std::map<std::string, Goal>& more) {
  Backward walk(feed, catalog, which, random);
  walk.cases_ = cases_of(pipeline);
  for (const std::string& name : columns) walk.want(name, {});
  for (const auto& [name, goal] : more) walk.want(name, goal);
  for (std::size_t k = pipeline.commands.size(); k-- > first;) walk.command(pipeline.commands[k]);
  if (first > 0 && std::holds_alternative<spl::Tstats>(pipeline.commands[0].verb))
    walk.command(pipeline.commands[0]);
  return walk.finish();
}

std::string text_for(const Goal& goal, Random& random) {
  switch (goal.kind) {
    case Goal::Kind::text:
      return goal.text;
    case Goal::Kind::wildcard:
      return base::replace_all(goal.text, "*", "w");
    case Goal::Kind::pattern:
      return text_found_by(goal.text, random);
    case Goal::Kind::length:
      return std::string(static_cast<std::size_t>(
                             std::clamp(event::parse_number(goal.text).value_or(1), 0.0, 50'000.0)),
                         'w');
    case Goal::Kind::present:
      return {};
  }
  return {};
}

}  // namespace escudo::witness
