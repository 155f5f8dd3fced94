// twin_generated [--pairs N] [--seed S] [--case SEED]: generated searches over generated events, by
// the engine and by the twin. What they see differently is cut down and printed as a text test, to be
// kept under tests/spl once it is settled who is right.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "compare/compare.hpp"
#include "generated/grammar.hpp"
#include "pipeline/filter.hpp"
#include "pipeline/lookup_table.hpp"
#include "pipeline/operator.hpp"
#include "spl/field_names.hpp"
#include "spl/plan.hpp"

namespace {

using namespace escudo;

bool wanted(const spl::FieldNeeds& needs, const std::string& name) {
  return needs.everything || needs.names.contains(name) ||
         std::any_of(needs.patterns.begin(), needs.patterns.end(), [&](const std::string& p) { return spl::match_name(p, name); });
}

struct Outcome {
  enum class State { agrees, differs, refused, not_understood } state = State::agrees;
  std::string text;     // of a difference, or of the reason
  twin::Answer answer;
};

class Runner {
 public:
  Outcome run(const twin::Case& one) const {
    Outcome out;
    std::vector<spl::TextProblem> problems;
    const auto plan = spl::make_plan(one.search(), catalog_, problems);
    std::unique_ptr<pipeline::Stream> stream;
    const base::FixedClock clock(base::from_epoch_seconds(1709170000));
    pipeline::Context context;
    context.catalog = &catalog_;
    context.clock = &clock;
    if (plan) stream = pipeline::Stream::build(*plan, *plan->root, context, problems);
    if (!stream) {
      out.state = Outcome::State::refused;
      for (const spl::TextProblem& p : problems)
        if (p.severity == base::Severity::error) out.text = p.message;
      return out;
    }
    std::vector<pipeline::Stream*> by_feed;
    stream->collect(by_feed);
    for (std::size_t f = 0; f < by_feed.size(); ++f)
      for (std::size_t e = 0; by_feed[f] && e < one.events.size(); ++e) feed(plan->feeds[f], one.events[e], e, *by_feed[f]);
    const pipeline::Table table = stream->finish();

    std::vector<twin::Event> events;
    for (const twin::GeneratedEvent& event : one.events) {
      twin::Event e;
      e.record = {time_of(event).value_or(base::Time{}), events.size() + 1};
      for (const auto& [name, value] : event) e.raw.fields[name] = value;
      events.push_back(std::move(e));
    }
    out.answer = twin::run(one.search(), {&catalog_, &events, clock.now()});
    out.state = Outcome::State::not_understood;
    out.text = out.answer.problem;
    if (!out.answer.ok()) return out;
    out.text = twin::difference(table, out.answer);
    out.state = out.text.empty() ? Outcome::State::agrees : Outcome::State::differs;
    return out;
  }

  twin::Case shrunk(twin::Case one) const {
    for (bool better = true; better;) {
      better = false;
      for (twin::Case& next : twin::smaller(one)) {
        if (run(next).state != Outcome::State::differs) continue;
        one = std::move(next);
        better = true;
        break;
      }
    }
    return one;
  }

 private:
  static std::optional<base::Time> time_of(const twin::GeneratedEvent& event) {
    for (const auto& [name, value] : event)
      if (name == "_time") return base::from_epoch_seconds(*value.number());
    return {};
  }

  static void feed(const spl::Feed& feed, const twin::GeneratedEvent& event, std::size_t number, pipeline::Stream& stream) {
    pipeline::Table all, table;
    pipeline::Row row;
    const auto time = time_of(event);
    row.evidence = pipeline::Evidence::of(number + 1, time.value_or(base::Time{}), time.has_value());
    for (const auto& [name, value] : event) {
      all.columns.push_back(name);
      row.cells.push_back(value);
    }
    all.rows.push_back(row);
    pipeline::keep_matching(all, feed.filter);
    if (all.rows.empty()) return;
    std::vector<std::size_t> keep;
    for (std::size_t c = 0; c < all.columns.size(); ++c)
      if (wanted(feed.needs, all.columns[c])) keep.push_back(c);
    all.project(keep);
    stream.push(std::move(all));
  }

  catalog::Catalog catalog_;
};

void append(std::string& out, const event::Value& value) {
  base::JsonWriter json(out);
  if (value.is_number()) {
    json.value(value.as_number());
  } else if (value.is_many()) {
    json.begin_array();
    for (const std::string& one : value.as_many()) json.value(one);
    json.end_array();
  } else {
    json.value(value.text());
  }
}

void print_test(const twin::Case& one, const Outcome& outcome) {
  std::string out = "# (what it shows)\n--- search\n" + one.search() + "\n--- events\n";
  for (const twin::GeneratedEvent& event : one.events) {
    out += '{';
    for (const auto& [name, value] : event) {
      if (out.back() != '{') out += ", ";
      base::append_json_string(out, name);
      out += ": ";
      append(out, value);
    }
    out += "}\n";
  }
  out += "--- result\n";
  for (const twin::Row& row : outcome.answer.rows) {
    out += '{';
    for (const auto& [name, value] : row.fields) {
      if (out.back() != '{') out += ',';
      base::append_json_string(out, name);
      out += ':';
      append(out, value);
    }
    out += "}\n";
  }
  std::printf("%s%s\n", out.c_str(), outcome.text.c_str());
}

}  // namespace

int main(int count, char** arguments) {
  std::uint64_t pairs = 10'000, seed = 20'240'229, most = 10;
  bool only_one = false;
  for (int k = 1; k + 1 < count; k += 2) {
    const std::string option = arguments[k];
    const std::uint64_t value = std::stoull(arguments[k + 1]);
    if (option == "--pairs") pairs = value;
    if (option == "--seed") seed = value;
    if (option == "--most") most = value;
    if (option == "--case") {
      seed = value;
      pairs = 1;
      only_one = true;
    }
  }
  const Runner runner;
  std::map<Outcome::State, std::uint64_t> states;
  std::map<std::string, std::uint64_t> reasons;
  std::uint64_t nonempty = 0;
  for (std::uint64_t k = 0; k < pairs; ++k) {
    // Neighbouring seeds of the generator are unrelated cases.
    const twin::Case one = twin::generate(seed + k);
    if (only_one) std::printf("%s\n", one.search().c_str());
    const Outcome outcome = runner.run(one);
    ++states[outcome.state];
    nonempty += !outcome.answer.rows.empty();
    if (outcome.state == Outcome::State::refused || outcome.state == Outcome::State::not_understood) ++reasons[outcome.text];
    if (outcome.state != Outcome::State::differs) continue;
    const twin::Case least = runner.shrunk(one);
    std::printf("case %llu, cut down:\n", static_cast<unsigned long long>(seed + k));
    print_test(least, runner.run(least));
    if (states[Outcome::State::differs] >= most) break;
  }
  using State = Outcome::State;
  for (const auto& [reason, times] : reasons) std::printf("%llu times: %s\n", static_cast<unsigned long long>(times), reason.c_str());
  std::printf("%llu pairs: %llu agree (%llu with rows), %llu differ, %llu refused by the engine, %llu not understood by the twin\n",
              static_cast<unsigned long long>(pairs), static_cast<unsigned long long>(states[State::agrees]), static_cast<unsigned long long>(nonempty),
              static_cast<unsigned long long>(states[State::differs]), static_cast<unsigned long long>(states[State::refused]),
              static_cast<unsigned long long>(states[State::not_understood]));
  // A generator whose searches are mostly refused would prove nothing.
  const bool meaningful = only_one || (states[State::agrees] * 10 >= pairs * 9 && nonempty * 10 >= pairs * 3);
  return states[State::differs] == 0 && meaningful ? 0 : 1;
}
