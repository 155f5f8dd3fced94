#include "harness/suite/compare.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace escudo::harness {
namespace {

bool same_risk(const Found& a, const Found& b) {
  const auto tied = [](const RiskOfObject& o) {
    return std::tie(o.field, o.type, o.value, o.score);
  };
  return a.score == b.score && a.message == b.message &&
         std::ranges::equal(a.objects, b.objects, {}, tied, tied);
}

Change change_between(const TestReport* before, const TestReport* now) {
  Change out;
  out.title = (now ? now : before)->title();
  out.path = (now ? now : before)->path;
  if (before) out.before = state_name(before->state);
  if (now) out.after = state_name(now->state);
  std::multimap<std::string, const Found*> old;
  if (before) {
    for (const Found& found : before->found) old.emplace(found.id, &found);
  }
  if (now) {
    for (const Found& found : now->found) {
      const auto it = old.find(found.id);
      if (it == old.end()) {
        out.gained.push_back(found);
        continue;
      }
      if (!same_risk(*it->second, found)) out.rescored.emplace_back(*it->second, found);
      old.erase(it);
    }
  }
  for (const auto& [id, found] : old) out.lost.push_back(*found);
  return out;
}

}  // namespace

std::string test_key(const TestReport& test) {
  // A file that holds no usable detection has no id, only its name.
  return (test.is_case() ? "case\n"
                         : "id\n" + (test.id.empty() ? test.detection : test.id) + "\n") +
         test.test;
}

std::vector<Change> compare(const Report& before, const Report& now,
                            const std::function<bool(const TestReport&)>& gone) {
  std::map<std::string, const TestReport*> old;
  for (const TestReport& test : before.tests) old[test_key(test)] = &test;
  std::vector<Change> out;
  const auto add = [&](Change change) {
    if (!change.nothing()) out.push_back(std::move(change));
  };
  for (const TestReport& test : now.tests) {
    const auto it = old.find(test_key(test));
    add(change_between(it == old.end() ? nullptr : it->second, &test));
    if (it != old.end()) old.erase(it);
  }
  for (const TestReport& test : before.tests) {
    const auto it = old.find(test_key(test));
    if (it != old.end() && it->second == &test && gone(test)) add(change_between(&test, nullptr));
  }
  return out;
}

}  // namespace escudo::harness
