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

Reading read_with(EvtxReader reader, const std::string& file) {
  OpenOptions options;
  options.evtx = reader;
  return read_text(file, options);
}

// Where libevtx gives an event that the native reader rightly does not.
bool may_differ(const Reading& native, const ReadEvent& theirs) {
  if (theirs.fields.empty()) return true;  // read as far as <Event>
  // It takes whatever definition lies where the instance points, though its id is another, and goes
  // on behind tokens that have no meaning where they stand.
  if (native.report().reasons.size() >= 8) return true;  // there may be more that nobody kept
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

// What the native reader has not, or has otherwise; empty when there is nothing.
std::string difference_of(const std::string& file, const Reading& native, const Reading& libevtx, std::size_t& compared) {
  std::multimap<std::uint64_t, const ReadEvent*> by_id;
  for (const ReadEvent& event : native.events) by_id.emplace(event.header_id, &event);
  for (const ReadEvent& theirs : libevtx.events) {
    std::string what = "is not read";
    const auto [begin, end] = by_id.equal_range(theirs.header_id);
    auto found = begin;
    for (; found != end; ++found) {
      const ReadEvent& ours = *found->second;
      what = has_cdata(ours) || !has_names_of_xml(ours, theirs) ? "" : difference(ours, theirs, true);
      if (what.empty()) break;
    }
    if (found == end) {
      if (may_differ(native, theirs) || is_slack(file, theirs)) continue;
      what = "header id " + std::to_string(theirs.header_id) + " " + what;
      for (const std::string& reason : native.report().reasons) what += "; " + reason;
      return what;
    }
    by_id.erase(found);
    ++compared;
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
  std::size_t compared = 0, native_alone = 0;
  for (std::uint64_t k = 0; k < files; ++k) {
    mutations::Mutator mutator(seed + k);
    std::string file = logs[mutator.below(static_cast<std::uint32_t>(logs.size()))];
    std::string changes;
    for (std::uint32_t n = 1 + mutator.below(3); n > 0; --n) {
      changes += (changes.empty() ? "" : ", ") + mutator.change(file);
    }
    const Reading native = read_with(EvtxReader::native, file);
    const Reading libevtx = read_with(EvtxReader::libevtx, file);
    std::string what = difference_of(file, native, libevtx, compared);
    if (native.events.size() > libevtx.events.size()) {
      native_alone += native.events.size() - libevtx.events.size();
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
              static_cast<unsigned long long>(files), compared, native_alone,
              static_cast<unsigned long long>(differ));
  // That much was there to compare, or nothing was shown.
  if (compared < files) return 1;
  return differ == 0 ? 0 : 1;
}
