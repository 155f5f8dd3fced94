#pragma once
// A text test: a search, the events it runs over and what must come out, in one file.
//
//   # what it shows
//   --- search
//   sourcetype=x | stats count by user
//   --- events
//   {"_time": "2024-01-01T00:00:00Z", "user": "amy"}
//   --- result
//   {"user":"amy","count":1}
//
// README.md in this folder lists the sections. A line that begins with "--- " starts one.

#include <string>
#include <vector>

#include "base/result.hpp"

namespace spl_test {

struct Section {
  std::string name;       // "events"
  std::string arguments;  // "Endpoint.Processes"
  std::string text;       // whole lines; blank lines at the end are no part of it
};

struct TestFile {
  std::string head;  // what stands before the first section
  std::vector<Section> sections;

  static escudo::base::Result<TestFile> parse(const std::string& text);
  std::string print() const;
  Section* find(const std::string& name);
};

// What the runner makes, as against what it reads.
bool is_output(const std::string& section);

}  // namespace spl_test
