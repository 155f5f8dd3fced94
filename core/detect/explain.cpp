// Following events through a detection. Tested by tests/unit/runtime/explain_test.cpp.

#include "detect/explain.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "detect/lost_at.hpp"
#include "detect/matcher.hpp"
#include "detect/prefixes.hpp"
#include "detect/risk_events.hpp"
#include "detect/rule_book.hpp"
#include "detect/run.hpp"
#include "event/number.hpp"

namespace escudo::detect {
namespace {

std::string name_event(const event::Event& event, std::string_view kind) {
  std::string out = "record " + std::to_string(event::number_of(event));
  if (!event.channel.empty()) out += " of " + std::string(event.channel);
  out += " (" + std::string(kind) + ")";
  if (event.has_time) out += ", " + base::format_utc(event.time);
  return out;
}

// The id of the detection that a prefix is made; no real one has a blank.
std::string prefix_name(std::size_t k) { return "prefix " + std::to_string(k); }

std::string kinds_of(const cim::Maps& maps, cim::DatasetId dataset) {
  constexpr std::size_t shown = 12;
  std::vector<std::string> names;
  for (std::uint32_t k = 0; k < maps.kind_count(); ++k) {
    if (maps.membership(maps.kind(k), dataset) == cim::Membership::never) continue;
    std::string name(cim::kind_name(maps.kind(k)));
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  std::string out;
  for (std::size_t k = 0; k < names.size() && k < shown; ++k) out += (k ? ", " : "") + names[k];
  if (names.size() > shown) out += " and " + std::to_string(names.size() - shown) + " more";
  return out;
}

// One base search and the values its filter sees.
struct FeedWatch {
  const spl::Feed* feed = nullptr;
  cim::DatasetId dataset;
  Terms terms;
  FeedAccount account;

  FeedWatch(const spl::Feed& f, const cim::Maps& maps)
      : feed(&f),
        dataset(f.dataset.empty() ? cim::DatasetId::raw() : maps.dataset(f.dataset)),
        terms(f.filter) {
    account.reads = f.dataset.empty() ? "raw events" : f.dataset;
    account.terms = terms.count();
  }
};

// Field names are case-sensitive, which is easily overlooked.
void hint_at_case(const event::Event& event, LostTerm& lost) {
  if (lost.saw.empty() || !lost.saw.front().second.empty()) return;
  for (const event::Column& column : event.schema->columns()) {
    const std::string_view name = event::name_of(column.field);
    if (name != lost.saw.front().first && base::iequals(name, lost.saw.front().first)) {
      lost.hint = "the event has " + std::string(name);
    }
  }
}

void take_row(FeedWatch& watch, const Terms::Values& see) {
  std::map<std::string, std::string> written;  // plain name -> as the search writes it
  for (const auto& [name, plain] : watch.feed->plain) written[plain] = name;
  for (const std::string& plain : watch.feed->needs.names) {
    const auto at = written.find(plain);
    watch.account.row.emplace_back(at == written.end() ? plain : at->second,
                                   event::Value::many(see(plain)));
  }
}

}  // namespace

struct Explainer::State {
  rules::RulePtr rule;
  const catalog::Catalog& catalog;
  const cim::Maps& maps;
  std::optional<std::uint64_t> record;
  RuleBook book;  // the rule itself, then its prefixes
  std::vector<Prefix> prefixes;
  std::unique_ptr<Matcher> matcher;
  std::unique_ptr<Run> run;
  std::vector<FeedWatch> watches;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint16_t, std::string>,
           std::unique_ptr<const cim::Recipe>>
      recipes;
  base::Arena scratch{16 * 1024};
  bool seen = false, cut = false;
  bool of_risk = false;  // it reads the findings of the rules behind the prefixes
  std::size_t rows = 0;

  const CompiledRule& compiled() const { return book.rules().front(); }

  std::vector<std::string> values(const event::Event& event, const event::Origin& origin,
                                  cim::DatasetId dataset, const std::string& field);
  void watch(const event::Event& event, const event::Origin& origin, bool in_question);
  void push(const event::Batch& batch, const event::Event* in_question);
  void account_risk(const std::vector<findings::Finding>& found);
  void account_stages(std::vector<findings::Finding> found, Explanation& out);
};

// Over all prefixes; some 1 KB each.
constexpr std::size_t max_rows = 200'000;

std::vector<std::string> Explainer::State::values(const event::Event& event,
                                                  const event::Origin& origin,
                                                  cim::DatasetId dataset,
                                                  const std::string& field) {
  const cim::Kind& kind = maps.kind_of(event);
  auto& recipe = recipes[{cim::kind_index(kind), event.schema->id(), dataset.index, field}];
  if (!recipe) recipe = maps.recipe(kind, *event.schema, dataset, event::intern(field));
  scratch.clear();
  const cim::FieldValues found = recipe->evaluate(event, origin, scratch);
  return {found.begin(), found.end()};
}

void Explainer::State::watch(const event::Event& event, const event::Origin& origin,
                             bool in_question) {
  const cim::Kind& kind = maps.kind_of(event);
  for (FeedWatch& w : watches) {
    if (w.feed->dataset == risk_dataset) continue;  // account_risk()
    FeedAccount& a = w.account;
    ++a.events;
    scratch.clear();
    const bool member = w.dataset.is_raw() || maps.belongs(kind, w.dataset, event, origin, scratch);
    const auto see = [&](const std::string& field) {
      return values(event, origin, w.dataset, field);
    };
    if (member) ++a.members;
    const bool passed = member && w.terms.hold(see);
    if (passed) ++a.matched;
    if (record ? !in_question : !member) continue;
    const std::size_t held = member ? w.terms.held(see) : 0;
    if (!record && !a.event.empty() && (a.passed || held <= a.held) && !(passed && !a.passed))
      continue;
    a.event = name_event(event, cim::kind_name(kind));
    a.member = member;
    a.held = held;
    a.passed = passed;
    a.lost = member ? w.terms.lost(see) : std::vector<LostTerm>{};
    for (LostTerm& lost : a.lost) hint_at_case(event, lost);
    a.row.clear();
    if (passed) take_row(w, see);
    if (!member) {
      a.members_are = maps.membership(kind, w.dataset) == cim::Membership::sometimes
                          ? "only some events of " + std::string(cim::kind_name(kind))
                          : kinds_of(maps, w.dataset);
    }
  }
}

void Explainer::State::push(const event::Batch& batch, const event::Event* in_question) {
  Matches matches = matcher->match(batch);
  if (in_question) {
    for (MatchedRecord& r : matches.records) r.in_question = true;
  }
  // An explanation needs no more than a good part of a large log; the event in question always goes
  // on.
  if (!in_question && rows > max_rows) {
    cut = cut || !matches.rows.empty();
    return;
  }
  rows += matches.rows.size();
  run->feed(std::move(matches));
}

Explainer::Explainer(rules::RulePtr rule, const catalog::Catalog& catalog, const cim::Maps& maps,
                     std::optional<std::uint64_t> record, const std::vector<rules::RulePtr>& others)
    : state_(new State{std::move(rule), catalog, maps, record, {}, {}, {}, {}, {}, {}}) {
  State& s = *state_;
  std::vector<rules::RulePtr> rules{s.rule};
  std::vector<spl::TextProblem> problems;
  if (const auto plan = spl::make_plan(s.rule->search, catalog, problems)) {
    s.prefixes = prefixes_of(*plan);
    for (std::size_t k = 0; k < s.prefixes.size(); ++k) {
      auto part = std::make_shared<rules::Rule>(*s.rule);
      part->name = prefix_name(k);
      part->id = part->name;
      part->search = s.prefixes[k].text;
      part->risk.reset();
      rules.push_back(std::move(part));
    }
    s.of_risk = std::ranges::any_of(
        plan->feeds, [](const spl::Feed& feed) { return feed.dataset == risk_dataset; });
  }
  if (s.of_risk) {
    for (const rules::RulePtr& other : others) {
      if (other != s.rule) rules.push_back(other);
    }
  }
  s.book = RuleBook::compile(rules, catalog, maps);
  s.matcher = std::make_unique<Matcher>(s.book, false);
  s.run = std::make_unique<Run>(s.book, std::nullopt);
  if (!s.compiled().plan) return;
  for (const spl::Feed& feed : s.compiled().plan->feeds) s.watches.emplace_back(feed, maps);
}

Explainer::~Explainer() = default;

void Explainer::take(const event::Batch& batch) {
  State& s = *state_;
  if (!s.compiled().executable()) return;
  const event::Event* in_question = nullptr;
  for (const event::Event& event : batch.events) {
    const bool it = s.record && !s.seen && event::number_of(event) == *s.record;
    if (it) {
      s.seen = true;
      in_question = &event;
    }
    s.watch(event, *batch.origin, it);
  }
  if (!in_question) {
    s.push(batch, nullptr);
    return;
  }
  // The event goes through by itself, so that its rows are known; the views stay those of `batch`.
  event::Batch part;
  const auto some = [&](auto begin, auto end, const event::Event* which) {
    part.origin = batch.origin;
    part.events.assign(begin, end);
    if (!part.events.empty()) s.push(part, which);
    part.events.clear();
  };
  const auto at = batch.events.begin() + (in_question - batch.events.data());
  some(batch.events.begin(), at, nullptr);
  some(at, at + 1, in_question);
  some(at + 1, batch.events.end(), nullptr);
}

// The risk events of the other detections are what a correlation's filter looks at.
void Explainer::State::account_risk(const std::vector<findings::Finding>& found) {
  for (const findings::Finding& finding : found) {
    const pipeline::Table events = risk_events({{finding, {}}}, catalog);
    for (const pipeline::Row& row : events.rows) {
      const auto see = [&](const std::string& field) {
        return events.cell(row, events.find(field)).values();
      };
      for (FeedWatch& w : watches) {
        if (w.feed->dataset != risk_dataset) continue;
        FeedAccount& a = w.account;
        ++a.events;
        ++a.members;
        const bool passed = w.terms.hold(see);
        if (passed) ++a.matched;
        if (record && !finding.evidence.in_question) continue;
        const std::size_t held = w.terms.held(see);
        if (!a.event.empty() && (a.passed || (held <= a.held && !passed))) continue;
        a.event = "risk of " + events.cell(row, events.find("risk_object")).text() + " from " +
                  finding.rule->name;
        a.member = true;
        a.held = held;
        a.passed = passed;
        a.lost = w.terms.lost(see);
        a.row.clear();
        if (passed) take_row(w, see);
      }
    }
  }
}

void Explainer::State::account_stages(std::vector<findings::Finding> found, Explanation& out) {
  std::map<std::string, std::vector<findings::Finding>> by_prefix;
  for (findings::Finding& f : found) by_prefix[f.rule->id].push_back(std::move(f));
  const auto kept_of = [&](const std::string& id) {
    const findings::Finding* kept = nullptr;
    for (const findings::Finding& f : by_prefix[id]) {
      if (!kept && (!record || f.evidence.in_question)) kept = &f;
    }
    return kept;
  };
  out.found = kept_of(rule->id) != nullptr;
  pipeline::Context context;
  context.catalog = &catalog;
  base::FixedClock clock{base::Time{}};
  context.clock = &clock;
  const findings::Finding* before = nullptr;
  for (std::size_t k = 0; k < prefixes.size(); ++k) {
    const Prefix& prefix = prefixes[k];
    if (!book.rules()[k + 1].executable()) continue;
    // An inner search only matters while one of its base searches let the event through.
    const auto concerned = std::ranges::find_if(
        prefix.feeds, [&](std::size_t f) { return watches[f].account.passed; });
    if (concerned == prefix.feeds.end()) continue;
    StageAccount stage;
    stage.stage = prefix.printed;
    stage.rows = by_prefix[prefix_name(k)].size();
    const findings::Finding* kept = kept_of(prefix_name(k));
    stage.kept = kept != nullptr;
    if (!kept) {
      // The first stage is given the event itself.
      const RowFields& given = before ? before->fields : watches[*concerned].account.row;
      if (before) stage.row = read_by(*prefix.command, given);
      stage.lost = lost_at(*prefix.command, given, context);
    }
    out.stages.push_back(std::move(stage));
    if (!kept) return;
    before = kept;
  }
}

Explanation Explainer::finish() {
  State& s = *state_;
  Explanation out;
  out.about_event = s.record.has_value();
  out.event_seen = s.seen;
  const CompiledRule& rule = s.compiled();
  if (!rule.executable()) {
    out.verdict = "the detection does not run: " + rule.reason;
    return out;
  }
  std::vector<findings::Finding> found;
  if (s.of_risk) {
    if (s.book.rules().size() == s.prefixes.size() + 1) {
      out.verdict = "the detection reads the findings of others, not events";
      return out;
    }
    found = s.run->finish();
    std::set<const rules::Rule*> raise;
    for (std::size_t k = s.prefixes.size() + 1; k < s.book.rules().size(); ++k) {
      if (!s.book.rules()[k].reads_risk) raise.insert(s.book.rules()[k].rule.get());
    }
    std::vector<findings::Finding> raised;
    for (const findings::Finding& f : found) {
      if (raise.contains(f.rule.get())) raised.push_back(f);
    }
    s.account_risk(raised);
  }
  for (FeedWatch& w : s.watches) out.feeds.push_back(w.account);
  out.cut = s.cut;
  if (s.record && !s.seen) {
    out.verdict = "no event read has record " + std::to_string(*s.record);
    return out;
  }
  const bool passed = std::ranges::any_of(out.feeds, [](const FeedAccount& f) { return f.passed; });
  if (passed) s.account_stages(s.of_risk ? std::move(found) : s.run->finish(), out);
  if (out.found) {
    out.verdict = s.record ? "it is part of a finding" : "there are findings";
  } else if (!passed) {
    const FeedAccount& first = out.feeds.front();
    const bool none_is_member = first.members == 0 || (s.record && !first.member);
    if (s.of_risk && none_is_member) {
      out.verdict = s.record ? "no detection raised risk from it" : "no detection raised risk";
      return out;
    }
    out.verdict = none_is_member
                      ? "lost at the source: " + std::string(s.record ? "it is" : "there is") +
                            " no event of " + first.reads
                      : "lost at the filter of " + first.reads +
                            (first.lost.empty() ? "" : ": " + first.lost.front().term);
  } else if (!out.stages.empty() && !out.stages.back().kept) {
    const StageAccount& last = out.stages.back();
    out.verdict = "lost at: " + (last.lost.empty() ? last.stage : last.lost.front().term);
  } else {
    out.verdict = "its rows are in no result row";
  }
  return out;
}

}  // namespace escudo::detect
