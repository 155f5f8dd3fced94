// witness [--rules PATH]… [--list FILE] [--expect none] --program ESCUDO: for every detection that
// `runs` makes events that satisfy it, writes them as logs and expects `escudo scan` to find it
// with a complete row; with one term made false, so that the plain interpreter (tests/twins) finds
// nothing, it must not be found. Detections without a witness must be named in FILE, each with its
// reason, and at least 95 of 100 must have one, and as many a term that decides. With `--expect
// none` the rules contradict themselves and none may have one. Ends with 77 when a path is not
// there.
//   --only NAME      that detection, repeatable
//   --keep FOLDER    the logs stay there
//   --trace N        how long each took, and how far layout N % 100 of attempt N / 100 came where
//   there is none
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>

#include "base/files.hpp"
#include "runtime/content.hpp"
#include "runtime/knowledge.hpp"
#include "scans.hpp"
#include "solver.hpp"
#include "write.hpp"

namespace {

using namespace escudo;
using namespace escudo::witness;

}  // namespace

int main(int count, char** arguments) {
  runtime::KnowledgeOptions options;
  options.content = runtime::content_folder();
  std::string program, list, keep, expect;
  std::set<std::string> only;
  int trace = -1;
  for (int k = 1; k + 1 < count; k += 2) {
    const std::string option = arguments[k], value = arguments[k + 1];
    if (option == "--rules") options.rules.push_back(value);
    if (option == "--program") program = value;
    if (option == "--list") list = value;
    if (option == "--only") only.insert(value);
    if (option == "--keep") keep = value;
    if (option == "--expect") expect = value;
    if (option == "--trace") trace = std::atoi(value.c_str());
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
    if (rule.status != detect::Status::runs || (!only.empty() && !only.contains(rule.rule->name)))
      continue;
    if (rule.reads_risk)
      continue;  // events of its own making: tests/unit/detect and the risk cases
    const std::clock_t begin = std::clock();
    witnesses.push_back(solver.solve(rule, trace));
    if (trace >= 0)
      std::printf("%s took %.1f s\n", rule.rule->name.c_str(),
                  static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  const std::string folder =
      keep.empty()
          ? (std::filesystem::temp_directory_path() / ("witness-" + std::to_string(::getpid())))
                .string()
          : keep;
  std::filesystem::create_directories(folder + "/true");
  std::filesystem::create_directories(folder + "/false");
  std::map<std::string, std::size_t> by_stem;
  for (std::size_t k = 0; k < witnesses.size(); ++k) {
    const std::string stem = "w" + std::to_string(k);
    by_stem[stem] = k;
    for (const Log& log : logs_of(witnesses[k].events, stem, k % 2))
      (void)base::write_file(folder + "/true/" + log.name, log.bytes);
    for (const Log& log : logs_of(witnesses[k].negated, stem, k % 2))
      (void)base::write_file(folder + "/false/" + log.name, log.bytes);
  }
  const auto stem_files = [&](const std::string& side, const std::string& stem) {
    std::vector<std::string> out, problems;
    for (const std::string& file : base::files_under(folder + "/" + side, problems))
      if (base::file_name(file).starts_with(stem + ".")) out.push_back(file);
    return out;
  };
  const bool invalid =
      knowledge->count(detect::Status::invalid) > 0 || !knowledge->rule_set.failed_paths.empty();
  Scans scans{program, options.rules, invalid, {}, 0};
  for (const Witness& w : witnesses) scans.named[w.rule->rule->id] = w.named;
  const Found found = scans.scan(folder + "/true");
  const Found wrongly = scans.scan(folder + "/false");
  std::size_t good = 0, alone = 0, denied = 0, broken = 0, by_id_alone = 0;
  std::string undecided;
  for (std::size_t k = 0; k < witnesses.size(); ++k) {
    Witness& w = witnesses[k];
    const std::string stem = "w" + std::to_string(k);
    const std::pair key(w.rule->rule->id, stem);
    if (w.events.empty()) continue;
    w.found = found.filled(key);
    // A search that compares with everything there is may want its events for itself.
    const auto by_itself = [&](const std::string& side) {
      const std::string own = folder + "/" + side + "-" + stem;
      std::filesystem::create_directories(own);
      for (const std::string& file : stem_files(side, stem))
        std::filesystem::copy(file, own + "/" + base::file_name(file),
                              std::filesystem::copy_options::overwrite_existing);
      return scans.scan(own);
    };
    if (!w.found) {
      ++alone;
      w.found = by_itself("true").filled(key);
      if (!w.found)
        w.reason =
            "made events are not found by escudo scan, or its row lacks what the finding names";
    }
    good += w.found;
    if (w.negated.empty()) {
      undecided += "  " + w.rule->rule->name + "\n";
      continue;
    }
    if (wrongly.contains(key) && by_itself("false").contains(key)) {
      std::printf("%s: still found with a term made false\n", w.rule->rule->name.c_str());
      ++broken;
    } else {
      ++denied;
      by_id_alone += w.by_id_alone;
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
  std::size_t unlisted = 0, stale = 0, short_of_columns = 0;
  for (const Witness& w : witnesses) {
    const bool known = listed.contains(w.rule->rule->name);
    if (w.found) {
      if (known) std::printf("%s\tis in the list, and has a witness\n", w.rule->rule->name.c_str());
      stale += known;
      short_of_columns += !w.incomplete.empty();
      continue;
    }
    unlisted += !known;
    std::printf("%s\t%s%s\n", w.rule->rule->name.c_str(), w.reason.c_str(),
                known || list.empty() ? "" : "   (not in the list)");
  }
  std::printf(
      "%zu detections run, %zu have a witness (%.1f %%), %zu of them scanned alone, %zu with a "
      "column empty that no finding names; "
      "%zu not found once a term is false (of %zu only when the id is), %zu still found; %zu without a witness and not listed\n",
      witnesses.size(), good,
      witnesses.empty() ? 0.0
                        : 100.0 * static_cast<double>(good) / static_cast<double>(witnesses.size()),
      alone, short_of_columns, denied, by_id_alone, broken, unlisted);
  if (witnesses.empty() || scans.ended_badly > 0) return 1;
  if (expect == "none") return good == 0 ? 0 : 1;
  if (!undecided.empty()) std::printf("no single term decides:\n%s", undecided.c_str());
  const bool enough = good * 100 >= witnesses.size() * 95 && (denied + broken) * 100 >= good * 95;
  return enough && broken == 0 && stale == 0 && (list.empty() || unlisted == 0) ? 0 : 1;
}
