// evtx_mutations: EVTX files with changed bytes through the native reader and through libevtx. What
// libevtx reads must be the same from the native reader, which reads at least as many.
// usage: evtx_mutations [--files N] [--seed S] [--keep FOLDER] LOG…
//   --keep writes the first files that differ, to be looked at.

#include <libevtx.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>

#include "alike.hpp"
#include "base/files.hpp"
#include "mutations/mutate.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

// One record in so many may be compared by time and id alone, and be not read or slack: what was
// measured, one in 50 (the fixture with CDATA sections) and one in 1,000, and a little more.
constexpr std::size_t one_by_members_in = 30, one_not_read_in = 500;

Reading read_with(EvtxReader reader, const std::string& file) {
  OpenOptions options;
  options.evtx = reader;
  options.limits.kept_reasons = UINT32_MAX;
  return read_text(file, options);
}

// Where libevtx gives an event that the native reader rightly does not.
bool may_differ(const Reading& native, const ReadEvent& theirs) {
  if (theirs.fields.empty()) return true;  // read as far as <Event>
  // It takes whatever definition lies where the instance points, though its id is another, and goes
  // on behind tokens that have no meaning where they stand.
  const std::string id = "header id " + std::to_string(theirs.header_id);
  for (const std::string& reason : native.report().reasons) {
    if (reason.ends_with(id + " has lost its template")) return true;
    if (reason.ends_with(id + " has a damaged template")) return true;
    // Beyond the end of a record it reads what follows.
    if (reason.ends_with(id + " has values that cannot be read whole")) return true;
  }
  return false;
}

// By its header the chunk ends before it: it is found when what is no more is looked for too.
bool is_slack(const std::string& file, const ReadEvent& theirs) {
  OpenOptions options;
  options.recover = true;
  for (const ReadEvent& event : read_text(file, options).events) {
    if (event.recovered && event.header_id == theirs.header_id && difference(event, theirs, true).empty())
      return true;
  }
  return false;
}

struct Counts {
  std::size_t compared = 0;    // all of both
  std::size_t names = 0;       // time and id alone: a CDATA section, or names that XML cannot write
  std::size_t not_read = 0;    // for a reason that the native reader gives
  std::size_t slack = 0;       // found with --recover
  std::size_t native_alone = 0;
};

// Whatever else differs. Nothing stands against nothing: an attribute may be lost with its name.
std::string difference_of_members(const ReadEvent& ours, const ReadEvent& theirs) {
  if (!ours.time.empty() && !theirs.time.empty() && ours.time != theirs.time) {
    return "time " + ours.time + " is " + theirs.time;
  }
  if (ours.event_id >= 0 && theirs.event_id >= 0 && ours.event_id != theirs.event_id) {
    return "event id " + std::to_string(ours.event_id) + " is " + std::to_string(theirs.event_id);
  }
  return {};
}

// What the native reader has not, or has otherwise; empty when there is nothing.
std::string difference_of(const std::string& file, bool tokens, const Reading& native,
                          const Reading& libevtx, Counts& counts) {
  std::multimap<std::uint64_t, const ReadEvent*> by_id;
  for (const ReadEvent& event : native.events) by_id.emplace(event.header_id, &event);
  for (const ReadEvent& theirs : libevtx.events) {
    std::string what = "is not read";
    const auto [begin, end] = by_id.equal_range(theirs.header_id);
    auto found = begin;
    bool by_members = false;
    for (; found != end; ++found) {
      const ReadEvent& ours = *found->second;
      by_members = has_cdata(ours) || !has_names_of_xml(ours, theirs);
      what = by_members ? "" : difference(ours, theirs, tokens);
      if (what.empty()) what = difference_of_members(ours, theirs);
      if (what.empty()) break;
    }
    if (found == end) {
      std::size_t* const excuse = may_differ(native, theirs) ? &counts.not_read
                                  : is_slack(file, theirs)   ? &counts.slack
                                                             : nullptr;
      if (excuse) {
        ++*excuse;
        continue;
      }
      what = "header id " + std::to_string(theirs.header_id) + " " + what;
      for (const std::string& reason : native.report().reasons) what += "; " + reason;
      return what;
    }
    by_id.erase(found);
    ++(by_members ? counts.names : counts.compared);
  }
  return {};
}

int usage() {
  std::fputs("usage: evtx_mutations [--files N] [--seed S] [--keep FOLDER] LOG...\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t files = 1000, seed = 1;
  std::string keep;
  std::vector<std::string> logs;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word.starts_with("--") && i + 1 == argc) return usage();
    if (word == "--files") {
      files = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--seed") {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (word == "--keep") {
      keep = argv[++i];
    } else {
      auto bytes = base::read_file(word);
      if (!bytes) {
        std::fprintf(stderr, "%s\n", bytes.error().c_str());
        return 2;
      }
      logs.push_back(std::move(bytes).value());
    }
  }
  if (logs.empty()) return usage();
  // Others read damaged files otherwise than FORMAT.md tells.
  if (const std::string_view version = libevtx_get_version(); version != "20181227") {
    std::printf("skipped: what libevtx makes of damaged files is known of 20181227, not of %s\n", version.data());
    return 77;
  }
  // libevtx believes sizes; the native reader never needs as much.
  const rlimit memory{1u << 30, 1u << 30};
  setrlimit(RLIMIT_AS, &memory);
  std::uint64_t differ = 0;
  Counts counts;
  for (std::uint64_t k = 0; k < files; ++k) {
    mutations::Mutator mutator(seed + k);
    std::string file = logs[mutator.below(static_cast<std::uint32_t>(logs.size()))];
    std::string changes;
    for (std::uint32_t n = 1 + mutator.below(3); n > 0; --n) {
      changes += (changes.empty() ? "" : ", ") + mutator.change(file);
    }
    const Reading native = read_with(EvtxReader::native, file);
    const Reading libevtx = read_with(EvtxReader::libevtx, file);
    // A dependency identifier, or what it is taken for, may have been changed.
    const bool tokens = changes.find("a token") != std::string::npos ||
                        changes.find("a byte") != std::string::npos ||
                        changes.find("a number") != std::string::npos;
    std::string what = difference_of(file, tokens, native, libevtx, counts);
    if (native.events.size() > libevtx.events.size()) {
      counts.native_alone += native.events.size() - libevtx.events.size();
    }
    if (what.empty()) continue;
    ++differ;
    if (differ > 20) continue;
    std::printf("seed %llu (%s): %s\n", static_cast<unsigned long long>(seed + k), changes.c_str(),
                what.c_str());
    if (!keep.empty()) {
      (void)base::write_file(keep + "/" + std::to_string(seed + k) + ".evtx", file);
    }
  }
  std::printf("%llu files: %zu records the same, %zu read by the native reader alone, %llu differ\n",
              static_cast<unsigned long long>(files), counts.compared, counts.native_alone,
              static_cast<unsigned long long>(differ));
  std::printf("excused: %zu by their names, of which time and id agree, %zu not read, %zu slack\n",
              counts.names, counts.not_read, counts.slack);
  // That much was there to compare, or nothing was shown.
  if (counts.compared < files) return 1;
  if (counts.names * one_by_members_in > counts.compared ||
      (counts.not_read + counts.slack) * one_not_read_in > counts.compared) {
    std::puts("more is excused than was ever right");
    return 1;
  }
  return differ == 0 ? 0 : 1;
}
