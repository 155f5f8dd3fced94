#pragma once
// What the tests of `escudo tail` share: a log that is made up, event by event the same for a seed;
// running the program; and what "equals scan" means.

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace tail_test {

using Json = nlohmann::ordered_json;

[[noreturn]] void fail(const std::string& why);

// The n-th line of a log of one host's processes and logons, half a second apart, a little out of
// order: a few hundred things that detections look for among what they do not. Ends in a line break.
std::string event_line(std::uint64_t n);
// One that comes hours later and concerns nobody: all windows before it are over.
std::string closing_line(std::uint64_t n);
// Such a line as event XML, in one line, with this record id. Ends in a line break.
std::string as_xml(const std::string& line, std::uint64_t record);
std::int64_t event_seconds(std::uint64_t n);   // since 1970, without the disorder

struct Program {
  std::string path;                 // escudo
  std::vector<std::string> rules;   // --rules
  std::string content;              // of the source tree
};

// Starts it with these arguments; its messages go to `messages`, its output to `output` ("" is /dev/null).
pid_t start(const Program& program, const std::vector<std::string>& arguments, const std::string& messages,
            const std::string& output = "");
int wait_for(pid_t pid);   // exit code, or 128 + signal

std::vector<Json> read_lines(const std::string& path);   // fails on a line that is no JSON
std::vector<Json> scan(const Program& program, const std::string& log, const std::vector<std::string>& more);

// Fails unless no (finding_id, revision) stands twice, revisions count from 0 without a gap, and the last
// revisions are what scan finds: over the whole log for monotone searches, over each window for the
// others. `windowed` names those. The log runs from event 0 to `events`.
void check_equals_scan(const Program& program, const std::string& found, const std::string& log,
                       std::uint64_t events);

}  // namespace tail_test
