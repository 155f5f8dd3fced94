// The native reader of EVTX against libevtx: every record libevtx reads has the same fields.
// What may differ stands in alike(), with the reason.

#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>

#include "base/files.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool contains(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

// Values that libevtx gives wrongly, or its XML cannot carry.
bool alike(const std::string& native, const std::string& libevtx) {
  if (native == libevtx) return true;
  // Surrogate pairs come out as another character, lone ones take their neighbour along.
  if (contains(native, replacement) || contains(native, "\xF0")) return true;
  // XML read by a parser that trims: text of blanks only, when it holds a line end.
  if (libevtx.empty() && std::ranges::all_of(native, [](char c) { return base::is_space(c); }))
    return true;
  // Negative numbers are printed as sign and magnitude.
  if (native.starts_with('-') && libevtx.starts_with('-')) return true;
  // Floating point has six decimals and an exponent there.
  if (contains(libevtx, "e+") || contains(libevtx, "e-")) {
    const double a = std::stod(native), b = std::stod(libevtx);
    return std::abs(a - b) <= 1e-5 * std::abs(a);
  }
  // SYSTEMTIME has three decimals, by a later version nine.
  if (native.ends_with('Z') && libevtx == native.substr(0, native.size() - 1) + "000000Z")
    return true;
  // Its reader takes padding off hexadecimal numbers, and cannot tell them from text that looks so.
  const std::size_t digit = std::min(native.find_first_not_of('0', 2), native.size() - 1);
  if (native.starts_with("0x0") && "0x" + native.substr(digit) == libevtx) return true;
  // A SizeT of four bytes is printed in decimal.
  if (native.starts_with("0x")) return std::to_string(std::stoull(native, nullptr, 16)) == libevtx;
  return false;
}

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
    // libevtx passes over CDATA sections, and then over the element.
    const bool cdata = contains(a.raw, "if (a &lt; b &amp;&amp; c)");
    if (a.fields.size() != b.fields.size() && !cdata) {
      std::string names;
      for (const auto& [field, value] : a.fields) names += " " + field;
      names += " |";
      for (const auto& [field, value] : b.fields) names += " " + field;
      differs(a, "other fields" + names);
      continue;
    }
    for (std::size_t i = 0; i < std::min(a.fields.size(), b.fields.size()); ++i) {
      if (a.fields[i].first != b.fields[i].first || a.sections[i] != b.sections[i]) {
        differs(a, a.fields[i].first + " is " + b.fields[i].first);
        break;
      }
      if (!alike(a.fields[i].second, b.fields[i].second)) {
        differs(a, a.fields[i].first + " = [" + a.fields[i].second + "] is [" + b.fields[i].second +
                       "]");
        break;
      }
    }
    if (a.time != b.time || a.channel != b.channel || a.provider != b.provider ||
        a.event_id != b.event_id) {
      differs(a, "time, channel, provider or id: " + a.time + " " + b.time);
    }
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
