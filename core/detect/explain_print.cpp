// How an explanation is shown. Tested by tests/unit/runtime/explain_test.cpp.

#include "base/text.hpp"
#include "detect/explain.hpp"

namespace escudo::detect {
namespace {

std::string shown(const std::vector<std::string>& values) {
  constexpr std::size_t longest = 200;
  if (values.empty()) return "null";
  std::string out;
  for (const std::string& value : values) {
    std::string text = base::harmless(value.substr(0, longest));
    if (value.size() > longest) text += "…";
    out += (out.empty() ? "\"" : ", \"") + text + "\"";
  }
  return out;
}

void print_lost(const std::vector<LostTerm>& lost, std::string& out) {
  for (std::size_t k = 0; k < lost.size(); ++k) {
    out += std::string(k ? "    and at  " : "    lost at ") + base::harmless(lost[k].term) + "\n";
    for (const auto& [field, values] : lost[k].saw) {
      out += "            " + base::harmless(field) + " is " + shown(values) +
             (lost[k].hint.empty() ? "" : "; " + base::harmless(lost[k].hint)) + "\n";
    }
  }
}

std::string counted(std::uint64_t n, const char* what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

}  // namespace

std::string print(const Explanation& e) {
  std::string out;
  if (e.about_event && !e.event_seen) return "verdict " + base::harmless(e.verdict) + "\n";
  for (std::size_t k = 0; k < e.feeds.size(); ++k) {
    const FeedAccount& f = e.feeds[k];
    out += "feed " + std::to_string(k) + "  " + base::harmless(f.reads);
    if (!e.about_event) {
      out += ": " + counted(f.events, "event") + ", " + std::to_string(f.members) +
             " of them in it, " + std::to_string(f.matched) + " pass the filter";
    }
    out += "\n";
    if (f.event.empty()) continue;
    out +=
        std::string(e.about_event ? "  event   " : "  nearest ") + base::harmless(f.event) + "\n";
    if (!f.member) {
      out += "    is not in " + base::harmless(f.reads) + ", which has " +
             base::harmless(f.members_are) + "\n";
    } else if (f.passed) {
      out += "    passes the filter\n";
    } else {
      if (f.terms > 1) {
        out += "    " + std::to_string(f.held) + " of " + std::to_string(f.terms) + " terms hold\n";
      }
      print_lost(f.lost, out);
    }
  }
  for (const StageAccount& s : e.stages) {
    out += std::string(s.kept ? "kept    " : "lost    ") + base::harmless(s.stage) + "  (" +
           counted(s.rows, "row") + ")\n";
    if (s.kept) continue;
    print_lost(s.lost, out);
    if (!s.lost.empty()) continue;
    for (const auto& [field, value] : s.row) {
      out += "            " + base::harmless(field) + " is " + shown(value.values()) + "\n";
    }
  }
  if (e.cut) out += "more rows match than are followed: counts are those of a part\n";
  return out + "verdict " + base::harmless(e.verdict) + "\n";
}

}  // namespace escudo::detect
