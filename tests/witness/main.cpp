// witness [--rules PATH]… [--list FILE] --program ESCUDO: for every detection that `runs` makes events
// that satisfy it, writes them as logs and expects `escudo scan` to find it with a complete row; with one
// term made false, so that the plain interpreter (tests/twins) finds nothing, it must not be found.
// Detections without a witness must be named in FILE, each with its reason, and at least 95 of 100 must
// have one, and as many a term that decides. Ends with 77 when a path is not there.
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "detect/matcher.hpp"
#include "detect/run.hpp"
#include "maker.hpp"
#include "runtime/content.hpp"
#include "runtime/knowledge.hpp"
#include "sources/source.hpp"
#include "spl/field_names.hpp"
#include "twin/events.hpp"
#include "twin/twin.hpp"
#include "write.hpp"

namespace {

using namespace escudo;
using namespace escudo::witness;

constexpr std::size_t kMostLeftOut = 20;   // events tried, one at a time
constexpr double kStart = 1717236000;   // 2024-06-01T10:00:00Z

struct Witness {
  const detect::CompiledRule* rule = nullptr;
  std::vector<Made> events, negated;   // negated: empty when no single term decides, says the twin
  std::string reason;                  // why there is none
  bool found = false;
};

// One feed of a rule and what is asked of its events.
struct Demand {
  const spl::Feed* feed = nullptr;
  cim::DatasetId dataset;
  std::vector<Atom> atoms;
  std::set<std::string> needed;
};

class Solver {
 public:
  explicit Solver(const runtime::Knowledge& knowledge) : knowledge_(knowledge), maker_(*knowledge.maps) {}

  Witness solve(const detect::CompiledRule& rule) {
    Witness out;
    out.rule = &rule;
    alternatives_.clear();
    tries_ = 0;
    // The rule alone: other rules must not weigh on the answer.
    const detect::RuleBook book = detect::RuleBook::compile({rule.rule}, knowledge_.catalog, *knowledge_.maps);
    for (unsigned attempt = 0; attempt < 14 && tries_ < 45; ++attempt) {
      Random random(attempt * 7919 + 1);
      std::vector<double> numbers;
      std::vector<Demand> demands = demands_of(rule, attempt == 0 ? nullptr : &random, attempt % 4 == 3, numbers);
      std::vector<Made> made;
      out.reason.clear();
      for (Demand& demand : demands) {
        std::string unsatisfied;
        auto one = maker_.make(demand.dataset, demand.atoms, demand.needed, random, unsatisfied);
        if (!one) {
          out.reason = "no event makes its filter true: " + unsatisfied;
          break;
        }
        made.push_back(std::move(*one));
      }
      if (!out.reason.empty()) continue;
      if (made.size() == 1) alternatives_.push_back(made[0]);
      for (const std::vector<Made>& events : arrangements(made, demands, numbers)) {
        if (++tries_ > 45) break;
        const std::string problem = verdict(book, events);
        if (!problem.empty()) {
          out.reason = problem;
          continue;
        }
        out.reason.clear();
        out.events = events;
        out.negated = negated(rule.rule->search, made, demands, events);
        return out;
      }
    }
    return out;
  }

 private:
  void add_demands(const spl::Plan& plan, const spl::PlannedPipeline& planned, Random* random, bool filter_only,
                   std::vector<double>& numbers, std::vector<Demand>& out) {
    if (planned.rows == spl::PlannedPipeline::Rows::feed) {
      const spl::Feed& feed = plan.feeds[planned.feed];
      Demand demand;
      demand.feed = &feed;
      demand.dataset = feed.dataset.empty() ? cim::DatasetId::raw() : knowledge_.maps->dataset(feed.dataset);
      atoms_of(feed.filter, true, random, demand.atoms);
      std::vector<Atom> later;
      atoms_of(*planned.pipeline, planned.first, feed, knowledge_.catalog, random, later, numbers);
      for (Atom& atom : later)
        if (!filter_only && (feed.needs.everything || feed.needs.names.contains(atom.field) || needed_by_pattern(feed, atom.field))) demand.atoms.push_back(std::move(atom));
      demand.needed = feed.needs.names;
      out.push_back(std::move(demand));
    }
    for (const auto& child : planned.children) add_demands(plan, *child, random, filter_only, numbers, out);
  }

  static bool needed_by_pattern(const spl::Feed& feed, const std::string& field) {
    return std::any_of(feed.needs.patterns.begin(), feed.needs.patterns.end(), [&](const std::string& p) { return spl::match_name(p, field); });
  }

  std::vector<Demand> demands_of(const detect::CompiledRule& rule, Random* random, bool filter_only, std::vector<double>& numbers) {
    std::vector<Demand> out;
    add_demands(*rule.plan, *rule.plan->root, random, filter_only, numbers, out);
    for (const auto& map : rule.map_plans) add_demands(*map.plan, *map.plan->root, random, filter_only, numbers, out);
    return out;
  }

  // Fields whose values an aggregate tells apart, and those that are grouped by.
  static void roles(const spl::Pipeline& pipeline, std::set<std::string>& counted, std::set<std::string>& keys) {
    const auto tail = [](const std::string& name) { return name.substr(name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1); };
    const auto take = [&](const std::vector<spl::Aggregate>& aggregates, const std::vector<std::string>& by) {
      for (const spl::Aggregate& a : aggregates)
        if (a.function == "dc" || a.function == "count") counted.insert(tail(a.field));
      for (const std::string& name : by) keys.insert(tail(name));
    };
    for (const spl::Command& command : pipeline.commands) {
      if (const auto* v = std::get_if<spl::Tstats>(&command.verb)) take(v->aggregates, v->by);
      if (const auto* v = std::get_if<spl::Stats>(&command.verb)) take(v->aggregates, v->by);
    }
  }

  // Ways to lay the events of the feeds out in time and number.
  std::vector<std::vector<Made>> arrangements(const std::vector<Made>& made, const std::vector<Demand>& demands, const std::vector<double>& numbers) {
    std::vector<std::vector<Made>> out;
    const auto laid = [](std::vector<Made> events, double step, bool reversed) {
      if (reversed) std::reverse(events.begin(), events.end());
      for (std::size_t k = 0; k < events.size(); ++k) events[k].time = kStart + static_cast<double>(k) * step;
      return events;
    };
    out.push_back(laid(made, 1, false));
    if (made.size() > 1) {
      out.push_back(laid(made, 1, true));
      out.push_back(laid(made, 0, false));   // joined by _time
    }
    std::set<std::size_t> copies{2};
    for (const double n : numbers)
      if (n >= 1 && n <= 400) copies.insert(static_cast<std::size_t>(n) + 2);
    std::set<std::string> counted, keys;
    roles(*demand_pipeline_, counted, keys);
    for (const std::size_t n : copies)
      for (int variation = 0; variation < 4; ++variation) {
        std::vector<Made> events;
        for (std::size_t f = 0; f < made.size(); ++f)
          for (std::size_t k = 0; k < n; ++k) {
            events.push_back(made[f]);
            if (k > 0 && variation > 0) vary(events.back(), demands[f], k, variation, counted, keys);
          }
        out.push_back(laid(std::move(events), variation == 3 ? 2 : 0.1, false));
      }
    // A burst after a long time of little: what stands out by its deviation.
    if (made.size() == 1 && *copies.rbegin() > 2)
      for (const double pause : {3600.0, 86400.0})
        for (const int variation : {1, 2, 3}) {
          std::vector<Made> events;
          for (std::size_t k = 0; k < 24 + 30 + *copies.rbegin(); ++k) {
            events.push_back(made[0]);
            if (k > 0) vary(events.back(), demands[0], k, variation, counted, keys);
            events.back().time = k < 24 ? kStart - static_cast<double>(24 - k) * pause : kStart + static_cast<double>(k) * 0.1;
          }
          out.push_back(std::move(events));
        }
    // One event each of what the filter leaves open.
    if (made.size() == 1 && alternatives_.size() > 1) out.push_back(laid(alternatives_, 0.5, false));
    return out;
  }

  // Another value in columns that no atom minds. 1: what is counted apart; 2: all but what is grouped
  // by; 3: everything.
  void vary(Made& event, const Demand& demand, std::size_t k, int variation, const std::set<std::string>& counted, const std::set<std::string>& keys) {
    for (const std::string& field : demand.needed) {
      if (field.starts_with('_') || (variation == 1 && !counted.contains(field)) || (variation == 2 && keys.contains(field))) continue;
      for (const std::string& column : maker_.columns(*event.kind, demand.dataset, field)) {
        const std::string old = event.raw[column];
        const std::string more = std::to_string(k);
        for (const std::string& next : {old + more, more + old, old.substr(0, old.rfind('\\') + 1) + "w" + more + old.substr(old.rfind('\\') + 1)}) {
          event.raw[column] = next;
          if (maker_.satisfies(event, demand.dataset, demand.atoms)) break;
          event.raw[column] = old;
        }
      }
    }
  }

  // Empty when the rule is found in these events, with every column of its row; else why not.
  static std::string verdict(const detect::RuleBook& book, const std::vector<Made>& events) {
    const auto findings = run(book, events);
    if (findings.empty()) return "its events are found by the filter but not by the search";
    const spl::Plan& plan = *book.rules()[0].plan;
    std::string missing;
    for (const findings::Finding& finding : findings) {
      missing.clear();
      if (plan.columns_known)
        for (const std::string& column : plan.columns) {
          const auto at = std::find_if(finding.fields.begin(), finding.fields.end(), [&](const auto& f) { return f.first == column; });
          if (at == finding.fields.end() || at->second.is_null()) missing += " " + column;
        }
      if (missing.empty()) return {};
    }
    return "no complete row:" + missing;
  }

  static std::vector<findings::Finding> run(const detect::RuleBook& book, const std::vector<Made>& events) {
    detect::Matcher matcher(book);
    detect::Run run(book, std::nullopt);
    event::Batch batch;
    for (const Log& log : logs_of(events, "w", false)) {
      const auto source = sources::open_memory(log.bytes, log.name, {});
      while (source->next(batch)) run.feed(matcher.match(batch));
    }
    return run.finish();
  }

  // Whether the plain interpreter finds something in these events; nothing when it cannot tell.
  std::optional<bool> twin_finds(const twin::Search& search, const std::vector<Made>& events) const {
    std::vector<twin::Event> decoded;
    twin::World world{&knowledge_.catalog, &decoded, base::Time{}};
    event::Batch batch;
    for (const Log& log : logs_of(events, "w", false)) {
      const auto source = sources::open_memory(log.bytes, log.name, {});
      while (source->next(batch)) {
        for (const event::Event& e : batch.events)
          if (e.has_time) world.now = std::max(world.now, e.time);
        twin::decode(batch, *knowledge_.maps, decoded);
      }
    }
    const twin::Answer answer = search.run(world);
    if (!answer.ok()) return {};
    return std::any_of(answer.rows.begin(), answer.rows.end(), [](const twin::Row& row) { return !row.records.empty(); });
  }

  // The same events with the first term made false that the plain interpreter needs: a field has another
  // value, or an event is missing (a threshold is not reached, a partner does not come). The engine, which
  // is under test, is not asked.
  std::vector<Made> negated(const std::string& text, const std::vector<Made>& made, const std::vector<Demand>& demands, const std::vector<Made>& events) {
    const twin::Search search(text, knowledge_.catalog);
    if (!search.problem().empty()) return {};
    for (std::size_t f = 0; f < demands.size(); ++f)
      for (const Atom& atom : demands[f].atoms) {
        if (!atom.positive) continue;
        for (const std::string& column : maker_.columns(*made[f].kind, demands[f].dataset, atom.field)) {
          const auto now = made[f].raw.find(column);
          if (now == made[f].raw.end() || now->second.empty()) continue;
          std::vector<Made> out = events;
          for (Made& event : out)
            if (event.kind == made[f].kind) event.raw[column] = "z";
          if (twin_finds(search, out) == false) return out;
        }
      }
    for (std::size_t k = 0; events.size() > 1 && k < std::min<std::size_t>(events.size(), kMostLeftOut); ++k) {
      std::vector<Made> out = events;
      out.erase(out.begin() + static_cast<std::ptrdiff_t>(k));
      if (twin_finds(search, out) == false) return out;
    }
    if (events.size() > 1) {
      std::vector<Made> out = {events.front()};
      if (twin_finds(search, out) == false) return out;
    }
    return {};
  }

 public:
  const spl::Pipeline* demand_pipeline_ = nullptr;

 private:
  const runtime::Knowledge& knowledge_;
  Maker maker_;
  std::vector<Made> alternatives_;   // of the rule at hand, from the attempts so far
  int tries_ = 0;                    // runs of the rule at hand: bounded, so that the test stays quick
};

std::string line_of(std::FILE* from) {
  std::string out;
  for (int c; (c = std::fgetc(from)) != EOF && c != '\n';) out += static_cast<char>(c);
  return out;
}

// The detections that `escudo scan` finds in each log of a folder, by the log's stem. All logs in one
// scan; `alone` names stems to be scanned by themselves, because theirs is a search over everything.
// A program that does not end well is a failure of this test: `may_fail` tells whether 2 is well.
struct Scans {
  std::string program;
  std::vector<std::string> rules;
  bool may_fail = false;
  std::size_t ended_badly = 0;
  std::set<std::pair<std::string, std::string>> scan(const std::string& path);
};

std::set<std::pair<std::string, std::string>> Scans::scan(const std::string& path) {
  std::string command = "'" + program + "' scan -q --format jsonl";
  for (const std::string& rule : rules) command += " --rules '" + rule + "'";
  command += " '" + path + "' 2>/dev/null";
  std::set<std::pair<std::string, std::string>> out;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) {
    ++ended_badly;
    return out;
  }
  for (std::string line = line_of(pipe); !line.empty(); line = line_of(pipe)) {
    const auto finding = nlohmann::json::parse(line, nullptr, false);
    if (!finding.is_object() || finding.value("type", "") != "finding") continue;
    for (const auto& event : finding["evidence"]["events"]) {
      const std::string file = base::file_name(event["source"].get<std::string>());
      out.emplace(finding["id"].get<std::string>(), file.substr(0, file.find('.')));
    }
  }
  const int status = pclose(pipe);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code != 0 && code != 1 && !(may_fail && code == 2)) {
    std::printf("%s scan of %s ended with %d\n", program.c_str(), path.c_str(), code);
    ++ended_badly;
  }
  return out;
}

}  // namespace

int main(int count, char** arguments) {
  runtime::KnowledgeOptions options;
  options.content = runtime::content_folder();
  std::string program, list, only, keep;
  for (int k = 1; k + 1 < count; k += 2) {
    const std::string option = arguments[k], value = arguments[k + 1];
    if (option == "--rules") options.rules.push_back(value);
    if (option == "--program") program = value;
    if (option == "--list") list = value;
    if (option == "--only") only = value;
    if (option == "--keep") keep = value;
  }
  for (const std::string& path : options.rules)
    if (!base::exists(path)) {
      std::printf("skipped: there is no %s\n", path.c_str());
      return 77;
    }
  const auto knowledge = runtime::load_knowledge(options);
  Solver solver(*knowledge);
  std::vector<Witness> witnesses;
  for (const detect::CompiledRule& rule : knowledge->book->rules()) {
    if (rule.status != detect::Status::runs || (!only.empty() && rule.rule->name != only)) continue;
    if (rule.reads_risk) continue;   // events of its own making: tests/unit/detect and the risk cases
    solver.demand_pipeline_ = rule.plan->pipeline.get();
    witnesses.push_back(solver.solve(rule));
  }
  const std::string folder = keep.empty() ? (std::filesystem::temp_directory_path() / ("witness-" + std::to_string(::getpid()))).string() : keep;
  std::filesystem::create_directories(folder + "/true");
  std::filesystem::create_directories(folder + "/false");
  std::map<std::string, std::size_t> by_stem;
  for (std::size_t k = 0; k < witnesses.size(); ++k) {
    const std::string stem = "w" + std::to_string(k);
    by_stem[stem] = k;
    for (const Log& log : logs_of(witnesses[k].events, stem, k % 2)) (void)base::write_file(folder + "/true/" + log.name, log.bytes);
    for (const Log& log : logs_of(witnesses[k].negated, stem, k % 2)) (void)base::write_file(folder + "/false/" + log.name, log.bytes);
  }
  const auto stem_files = [&](const std::string& side, const std::string& stem) {
    std::vector<std::string> out, problems;
    for (const std::string& file : base::files_under(folder + "/" + side, problems))
      if (base::file_name(file).starts_with(stem + ".")) out.push_back(file);
    return out;
  };
  const bool invalid = knowledge->count(detect::Status::invalid) > 0 || !knowledge->rule_set.failed_paths.empty();
  Scans scans{program, options.rules, invalid};
  const auto found = scans.scan(folder + "/true");
  const auto wrongly = scans.scan(folder + "/false");
  std::size_t good = 0, alone = 0, denied = 0, broken = 0;
  std::string undecided;
  for (std::size_t k = 0; k < witnesses.size(); ++k) {
    Witness& w = witnesses[k];
    const std::string stem = "w" + std::to_string(k);
    const std::pair key(w.rule->rule->id, stem);
    if (w.events.empty()) continue;
    w.found = found.contains(key);
    // A search that compares with everything there is may want its events for itself.
    const auto by_itself = [&](const std::string& side) {
      const std::string own = folder + "/" + side + "-" + stem;
      std::filesystem::create_directories(own);
      for (const std::string& file : stem_files(side, stem)) std::filesystem::copy(file, own + "/" + base::file_name(file), std::filesystem::copy_options::overwrite_existing);
      return scans.scan(own).contains(key);
    };
    if (!w.found) {
      ++alone;
      w.found = by_itself("true");
      if (!w.found) w.reason = "made events are not found by escudo scan";
    }
    good += w.found;
    if (w.negated.empty()) {
      undecided += "  " + w.rule->rule->name + "\n";
      continue;
    }
    if (wrongly.contains(key) && by_itself("false")) {
      std::printf("%s: still found with a term made false\n", w.rule->rule->name.c_str());
      ++broken;
    } else {
      ++denied;
    }
  }
  if (keep.empty()) std::filesystem::remove_all(folder);

  std::map<std::string, std::string> listed;
  if (!list.empty()) {
    std::ifstream in(list);
    for (std::string line; std::getline(in, line);) {
      if (line.empty() || line.starts_with('#')) continue;
      const std::size_t tab = line.find('\t');
      listed[line.substr(0, tab)] = tab == std::string::npos ? "" : line.substr(tab + 1);
    }
  }
  std::size_t unlisted = 0;
  for (const Witness& w : witnesses) {
    if (w.found) continue;
    const bool known = listed.contains(w.rule->rule->name);
    unlisted += !known;
    std::printf("%s\t%s%s\n", w.rule->rule->name.c_str(), w.reason.c_str(), known || list.empty() ? "" : "   (not in the list)");
  }
  std::printf("%zu detections run, %zu have a witness (%.1f %%), %zu of them scanned alone; %zu not found once a term is false, %zu still found; %zu without a witness and not listed\n",
              witnesses.size(), good, witnesses.empty() ? 0.0 : 100.0 * static_cast<double>(good) / static_cast<double>(witnesses.size()), alone, denied, broken, unlisted);
  if (!undecided.empty()) std::printf("no single term decides:\n%s", undecided.c_str());
  if (witnesses.empty() || scans.ended_badly > 0) return 1;
  const bool enough = good * 100 >= witnesses.size() * 95 && (denied + broken) * 100 >= good * 95;
  return enough && broken == 0 && (list.empty() || unlisted == 0) ? 0 : 1;
}
