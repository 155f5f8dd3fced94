#pragma once
// Scans: what `escudo scan` finds in a folder of logs.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace escudo::witness {

// Detections by id and the stem of the log that their evidence is in.
struct Found {
  std::map<std::pair<std::string, std::string>, bool>
      rows;  // true: a row with all its finding names
  bool contains(const std::pair<std::string, std::string>& key) const { return rows.contains(key); }
  bool filled(const std::pair<std::string, std::string>& key) const {
    const auto at = rows.find(key);
    return at != rows.end() && at->second;
  }
};

struct Scans {
  std::string program;
  std::vector<std::string> rules;
  bool may_fail = false;  // some rule is invalid: exit code 2 is well
  std::map<std::string, std::set<std::string>>
      named;                    // by id: fields that message, risk and threats name
  std::size_t ended_badly = 0;  // a failure of this test

  Found scan(const std::string& path);
};

}  // namespace escudo::witness
