#include "solver.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>

#include "layouts.hpp"
#include "stages.hpp"

namespace escudo::witness {
namespace {

constexpr std::size_t kMostLeftOut = 20;  // events left out, one at a time
constexpr int kAttempts = 16;
constexpr int kTries = 110;  // worlds of a rule: bounded, so that the test stays quick

// The same value as a field of an event made before.
Atom same(const std::string& field, const Texts& theirs) {
  Atom out;
  out.field = field;
  out.wildcards = {theirs.front()};
  out.holds = [one = theirs.front()](const Texts& texts) {
    return std::find(texts.begin(), texts.end(), one) != texts.end();
  };
  return out;
}

Atom present(const std::string& field) {
  Atom out;
  out.field = field;
  out.holds = [](const Texts& texts) { return !texts.empty() && !texts.front().empty(); };
  return out;
}

}  // namespace

// One event for each demand, or for each case its aggregates tell apart; empty when one cannot be
// made.
std::vector<Piece> Solver::pieces(std::vector<Demand>& demands, const Attempt& attempt,
                                  Random& random, std::string& reason) {
  std::vector<Piece> out;
  for (Demand& demand : demands)
    for (const Demand::Link& link : demand.links)
      demands[link.demand].atoms.push_back(present(link.theirs));
  for (std::size_t d = 0; d < demands.size(); ++d) {
    Demand& demand = demands[d];
    for (const Demand::Link& link : demand.links)
      for (const Piece& piece : out)
        if (piece.demand == link.demand) {
          if (const Texts theirs =
                  maker_.values(piece.event, demands[link.demand].dataset, link.theirs);
              !theirs.empty())
            demand.atoms.push_back(same(link.ours, theirs));
          break;
        }
    const std::size_t cases = attempt.by_goals ? cases_of(*demand.pipeline) : 1;
    std::vector<Made> made;
    std::set<std::string> wanted;
    for (std::size_t c = cases;
         c-- > 0;) {  // the last first: what came before, or is left out, before what is new
      Goals goals;
      Wish wish{nullptr, nullptr, &made, attempt.distinct, 0};
      std::optional<Stages> stages;
      if (attempt.by_goals) {
        goals = goals_of(*demand.pipeline, demand.first, *demand.feed, knowledge_.catalog,
                         demand.columns, c, random);
        stages.emplace(*demand.pipeline, demand.first, knowledge_.catalog, demand.columns);
        wish.goals = &goals;
        for (const auto& [field, list] : goals)
          if (std::any_of(list.begin(), list.end(),
                          [](const Goal& goal) { return goal.kind != Goal::Kind::present; }))
            wanted.insert(field);
        wish.stages = &*stages;
      }
      std::string unsatisfied;
      auto one =
          maker_.make(demand.dataset, demand.atoms, demand.needed, random, unsatisfied, wish);
      if (!one) {
        reason = "no event makes its filter true: " + unsatisfied;
        return {};
      }
      made.push_back(std::move(*one));
    }
    for (Made& one : made) out.push_back({std::move(one), d, wanted});
  }
  return out;
}

Witness Solver::solve(const detect::CompiledRule& rule, int trace) {
  Witness out, second;  // second: a row that fills what the findings need, but not every column
  out.rule = second.rule = &rule;
  const Judge judge(rule, knowledge_);
  out.named = second.named = judge.named();
  std::vector<Alternative> alternatives;
  std::vector<Made> last;
  int tries = 0, layout = -1;
  for (unsigned n = 0; n < kAttempts && tries < kTries; ++n) {
    Random random(n * 7919 + 1);
    const Attempt attempt{n % 2 == 1, n % 4 >= 2};
    std::vector<double> numbers;
    std::vector<Demand> demands = demands_of(rule, knowledge_, n == 0 ? nullptr : &random,
                                             attempt.by_goals || n % 8 == 6, numbers);
    out.reason.clear();
    const std::vector<Piece> made = pieces(demands, attempt, random, out.reason);
    if (made.empty()) continue;
    if (n == 3 && demands.size() == 1) spread(rule, numbers, alternatives);
    if (made.size() == 1) alternatives.push_back({made[0].event, demands[0].atoms});
    for (std::vector<Made>& events :
         Layouts{maker_, knowledge_.catalog, demands, numbers, alternatives}.of(made)) {
      if (++tries > kTries) break;
      if (last.empty() ||
          (trace >= 0 && static_cast<int>(n) == trace / 100 && ++layout == trace % 100))
        last = events;
      const Opinion opinion = judge.of(events);
      if (opinion.complete) {
        out.reason.clear();
        out.events = std::move(events);
        out.negated = negated(judge, made, demands, out.events, out.by_id_alone);
        return out;
      }
      if (opinion.filled && second.events.empty()) {
        second.events = events;
        second.incomplete = opinion.missing;
        second.negated = negated(judge, made, demands, events, second.by_id_alone);
      }
      out.reason = opinion.found ? "no complete row:" + opinion.missing
                                 : "its events pass the filter, but not the search";
    }
  }
  if (trace >= 0 && !last.empty() && second.events.empty())
    std::printf("%s\n%s", rule.rule->name.c_str(), judge.trace(last).c_str());
  return second.events.empty() ? out : second;
}

// Events that use as many of the alternatives of a search as there are.
void Solver::spread(const detect::CompiledRule& rule, const std::vector<double>& numbers,
                    std::vector<Alternative>& out) {
  double most = 20;
  for (const double number : numbers)
    if (number <= 100) most = std::max(most, number);
  std::size_t failed = 0;
  for (unsigned n = 0; n < most * 4 && failed < 6; ++n) {
    Random random(n * 104729 + 7);
    std::vector<double> ignored;
    std::vector<Demand> demands = demands_of(rule, knowledge_, &random, true, ignored);
    std::string reason;
    std::vector<Piece> made = pieces(demands, {n % 2 == 1, false}, random, reason);
    failed += made.empty();
    for (Piece& piece : made) out.push_back({std::move(piece.event), demands[0].atoms});
  }
}

// The same events with the first term made false that the search needs: a field has another value,
// or one is missing (a threshold is not reached, a partner does not come). The id of an event comes
// last: without it there is hardly a search that finds anything.
std::vector<Made> Solver::negated(const Judge& judge, const std::vector<Piece>& made,
                                  const std::vector<Demand>& demands,
                                  const std::vector<Made>& events, bool& by_id_alone) {
  by_id_alone = false;
  const auto lost = [&](const std::vector<Made>& without) {
    const Opinion opinion = judge.of(without);
    return opinion.knows && !opinion.found;
  };
  for (const Piece& piece : made) {
    std::vector<std::string> fields;
    for (const Atom& atom : demands[piece.demand].atoms)
      if (atom.positive) fields.push_back(atom.field);
    fields.insert(fields.end(), piece.wanted.begin(), piece.wanted.end());
    for (const std::string& field : fields) {
      if (field == "EventCode" || field == "EventID") continue;
      for (const std::string& column :
           maker_.columns(*piece.event.kind, demands[piece.demand].dataset, field)) {
        const auto now = piece.event.raw.find(column);
        if (now == piece.event.raw.end() || now->second.empty()) continue;
        std::vector<Made> out = events;
        for (Made& event : out)
          if (event.kind == piece.event.kind) event.raw[column] = "z";
        if (lost(out)) return out;
      }
    }
  }
  for (std::size_t k = 0; events.size() > 1 && k < std::min(events.size(), kMostLeftOut); ++k) {
    std::vector<Made> out = events;
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(k));
    if (lost(out)) return out;
  }
  if (events.size() > 1)
    if (std::vector<Made> out{events.front()}; lost(out)) return out;
  for (const Piece& piece : made) {
    std::vector<Made> out = events;
    for (Made& event : out)
      if (event.kind == piece.event.kind) event.event_id = 64'999;
    by_id_alone = lost(out);
    if (by_id_alone) return out;
  }
  return {};
}

}  // namespace escudo::witness
