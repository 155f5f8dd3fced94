// The native reader of EVTX against libevtx: every record libevtx reads has the same fields.
// What may differ stands in alike.hpp, with the reason.

#include <map>

#include "alike.hpp"
#include "base/files.hpp"
#include "catch.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

struct Compared {
  std::size_t both = 0, only_native = 0, only_libevtx = 0, different = 0;
  std::vector<std::string> first;
};

using Key = std::pair<std::uint64_t, std::uint64_t>;

void compare(const std::string& name, const Reading& native, const Reading& libevtx,
             Compared& out) {
  std::map<Key, std::vector<const ReadEvent*>> by_id;
  for (const ReadEvent& e : native.events) by_id[{e.header_id, e.record_id}].push_back(&e);
  std::map<Key, std::size_t> used;
  std::size_t met = 0;
  const auto differs = [&](const ReadEvent& e, const std::string& what) {
    ++out.different;
    if (out.first.size() < 20) {
      out.first.push_back(name + " header id " + std::to_string(e.header_id) + ": " + what);
    }
  };
  for (const ReadEvent& b : libevtx.events) {
    const Key key{b.header_id, b.record_id};
    const auto found = by_id.find(key);
    if (found == by_id.end() || used[key] >= found->second.size()) {
      ++out.only_libevtx;
      if (out.first.size() < 20)
        out.first.push_back(name + " only libevtx " + std::to_string(b.header_id));
      continue;
    }
    const ReadEvent& a = *found->second[used[key]++];
    ++met;
    if (has_cdata(a)) {
      CHECK(a.fields.size() == b.fields.size() + 1);
      continue;
    }
    if (const std::string what = difference(a, b); !what.empty()) differs(a, what);
  }
  out.both += met;
  out.only_native += native.events.size() - met;
}

Compared compare_folder(const std::string& folder) {
  Compared out;
  std::vector<std::string> problems;
  OpenOptions libevtx;
  libevtx.evtx = EvtxReader::libevtx;
  for (const std::string& path : base::files_under(folder, problems)) {
    if (!path.ends_with(".evtx")) continue;
    const Reading a = read_path(path), b = read_path(path, libevtx);
    compare(base::file_name(path), a, b, out);
    INFO(path);
    CHECK(a.events.size() >= b.events.size());
  }
  return out;
}

}  // namespace

TEST_CASE("twin: fixtures read natively as by libevtx") {
  const Compared all = compare_folder(std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx");
  for (const std::string& line : all.first) UNSCOPED_INFO(line);
  CHECK(all.different == 0);
  CHECK(all.only_libevtx == 0);
  CHECK(all.both > 100);
  CHECK(all.only_native > 10);
}

TEST_CASE("twin: real files read natively as by libevtx") {
  const std::string folder = shared_path("evtx");
  if (!base::is_folder(folder)) {
    WARN("skipped: there is no " << folder);
    return;
  }
  const Compared all = compare_folder(folder);
  for (const std::string& line : all.first) UNSCOPED_INFO(line);
  CHECK(all.different == 0);
  CHECK(all.only_libevtx == 0);
  CHECK(all.both > 14'000);
}
