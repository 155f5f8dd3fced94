// What rules cost, without the reader: events are made in memory once, then every engine goes over
// them on one thread.
//
//   bench_rules --content content --rules ../shared/content/security_content
//
// Prints a table in Markdown (docs/performance.md shows one). An engine is timed --runs times; the
// median counts.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "altered_rules.hpp"
#include "detect/run.hpp"
#include "event_mix.hpp"
#include "runtime/knowledge.hpp"
#include "twin/events.hpp"
#include "twin/twin.hpp"

namespace escudo::bench {
namespace {

struct Options {
  std::vector<std::string> rules;
  std::string content;
  std::uint64_t events = 1'000'000;
  unsigned runs = 3;
  std::uint64_t seed = 1;
  std::uint64_t plain_events = 2000;   // the plain interpreter is slow: it gets so many
  std::size_t by_rule = 0;   // lists so many rules that take the most rows
};

Options parse(int argc, char** argv) {
  Options out;
  for (int k = 1; k < argc; k += 2) {
    const std::string name = argv[k];
    if (k + 1 == argc) throw std::invalid_argument(name + " needs a value");
    const std::string value = argv[k + 1];
    if (name == "--rules") out.rules.push_back(value);
    else if (name == "--content") out.content = value;
    else if (name == "--events") out.events = std::stoull(value);
    else if (name == "--runs") out.runs = static_cast<unsigned>(std::stoul(value));
    else if (name == "--seed") out.seed = std::stoull(value);
    else if (name == "--plain-events") out.plain_events = std::stoull(value);
    else if (name == "--by-rule") out.by_rule = std::stoull(value);
    else throw std::invalid_argument("unknown option " + name);
  }
  if (out.content.empty() || out.events == 0 || out.runs == 0)
    throw std::invalid_argument(
        "usage: bench_rules --content DIR [--rules PATH]... [--events N] [--runs N] [--seed N]\n"
        "       [--by-rule N] [--plain-events N]");
  return out;
}

// Processor time of this process, which has one thread: what a core does, whoever else wants it.
double seconds(const std::function<void()>& work) {
  const std::clock_t begin = std::clock();
  work();
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

struct Measured {
  std::string name;
  double median = 0, fastest = 0, slowest = 0;   // microseconds an event
  double matching = 0, searching = 0, finishing = 0;   // of the last run, the same
  std::uint64_t rows = 0, findings = 0;
};

// One pass of the engine over all events, to the findings.
void pass(const detect::RuleBook& book, const EventMix& mix, Measured& out) {
  detect::Matcher matcher(book);
  detect::Run run(book, std::nullopt);
  const double part = 1e6 / static_cast<double>(mix.events);
  out.rows = 0;
  out.matching = out.searching = 0;
  for (const event::Batch& batch : mix.batches) {
    detect::Matches matches;
    out.matching += part * seconds([&] { matches = matcher.match(batch); });
    out.rows += matches.rows.size();
    out.searching += part * seconds([&] { run.feed(std::move(matches)); });
  }
  out.finishing = part * seconds([&] { out.findings = run.finish().size(); });
}

// The rules that take the most rows: what a faster matcher cannot help.
void list_rules(const detect::RuleBook& book, const EventMix& mix, std::size_t count) {
  detect::Matcher matcher(book);
  std::vector<std::pair<std::uint64_t, std::size_t>> rows(book.rules().size());
  for (std::size_t k = 0; k < rows.size(); ++k) rows[k].second = k;
  for (const event::Batch& batch : mix.batches)
    for (const detect::MatchedRow& row : matcher.match(batch).rows)
      ++rows[book.feeds()[row.feed].rule].first;
  std::sort(rows.rbegin(), rows.rend());
  for (std::size_t k = 0; k < std::min(count, rows.size()); ++k)
    std::printf("%9llu  %s\n", static_cast<unsigned long long>(rows[k].first),
                book.rules()[rows[k].second].rule->name.c_str());
  std::puts("");
}

// One pass of the plain interpreter, over events it has decoded before.
void plain_pass(const std::vector<twin::Search>& searches, const twin::World& world, Measured& out) {
  out.searching = 1e6 / static_cast<double>(world.events->size()) * seconds([&] {
    out.findings = 0;
    for (const twin::Search& search : searches) out.findings += search.run(world).rows.size();
  });
}

Measured measure(std::string name, unsigned runs, std::uint64_t events,
                 const std::function<void(Measured&)>& work) {
  Measured out;
  out.name = std::move(name);
  std::vector<double> times;
  for (unsigned k = 0; k < runs; ++k)
    times.push_back(seconds([&] { work(out); }) * 1e6 / static_cast<double>(events));
  std::sort(times.begin(), times.end());
  out.median = times[times.size() / 2];
  out.fastest = times.front();
  out.slowest = times.back();
  return out;
}

void print(const Measured& m, double reference) {
  std::printf("| %-28s | %8.3f | %8.3f–%.3f | %5.3f + %5.3f + %5.3f | %10.0f | %6.2f | %9llu | %8llu |\n",
              m.name.c_str(), m.median, m.fastest, m.slowest, m.matching, m.searching,
              m.finishing, 1e6 / m.median, m.median / reference,
              static_cast<unsigned long long>(m.rows), static_cast<unsigned long long>(m.findings));
  std::fflush(stdout);
}

int run(const Options& options) {
  runtime::KnowledgeOptions wanted;
  wanted.rules = options.rules;
  wanted.content = options.content;
  std::unique_ptr<const runtime::Knowledge> knowledge;
  const double loading = seconds([&] { knowledge = runtime::load_knowledge(wanted); });
  const auto count = [](const detect::RuleBook& book) {
    return std::count_if(book.rules().begin(), book.rules().end(),
                         [](const detect::CompiledRule& r) { return r.executable(); });
  };
  std::printf("%zu rules loaded and compiled in %.2f s; %lld run, %zu feeds, %zu predicates\n",
              knowledge->rule_set.rules.size(), loading,
              static_cast<long long>(count(*knowledge->book)), knowledge->book->feeds().size(),
              knowledge->book->predicates().size());

  std::vector<rules::RulePtr> twice = knowledge->rule_set.rules;
  for (rules::RulePtr& rule : altered_rules(twice, knowledge->catalog)) twice.push_back(rule);
  const auto book_twice = detect::RuleBook::compile(twice, knowledge->catalog, *knowledge->maps);
  std::printf("with altered copies: %lld run, %zu feeds, %zu predicates\n",
              static_cast<long long>(count(book_twice)), book_twice.feeds().size(),
              book_twice.predicates().size());

  const EventMix mix = make_events(options.events, options.seed);
  std::printf("%llu events, %llu process creations, %.0f bytes of text an event\n\n",
              static_cast<unsigned long long>(mix.events),
              static_cast<unsigned long long>(mix.process_creations),
              static_cast<double>(mix.text_bytes) / static_cast<double>(mix.events));

  if (options.by_rule > 0) list_rules(*knowledge->book, mix, options.by_rule);
  std::puts(
      "| engine                       | µs/event | fastest–slowest | match + search + finish | "
      "events/s   | ratio  | rows      | findings |");
  std::puts("|---|---|---|---|---|---|---|---|");
  const Measured once = measure("all rules", options.runs, mix.events,
                                [&](Measured& m) { pass(*knowledge->book, mix, m); });
  print(once, once.median);
  if (options.plain_events > 0) {
    const EventMix some = make_events(options.plain_events, options.seed);
    std::vector<twin::Event> events;
    for (const event::Batch& batch : some.batches) twin::decode(batch, *knowledge->maps, events);
    std::vector<twin::Search> searches;
    for (const detect::CompiledRule& rule : knowledge->book->rules())
      if (rule.executable() && !rule.reads_risk) searches.emplace_back(rule.rule->search, knowledge->catalog);
    const twin::World world{&knowledge->catalog, &events, some.batches.back().events.back().time};
    print(measure("plain interpreter", 1, some.events, [&](Measured& m) { plain_pass(searches, world, m); }),
          once.median);
  }
  print(measure("all rules and altered copies", options.runs, mix.events,
                [&](Measured& m) { pass(book_twice, mix, m); }),
        once.median);
  return 0;
}

}  // namespace
}  // namespace escudo::bench

int main(int argc, char** argv) {
  try {
    return escudo::bench::run(escudo::bench::parse(argc, argv));
  } catch (const std::exception& e) {
    std::cerr << "bench_rules: " << e.what() << "\n";
    return 64;
  }
}
