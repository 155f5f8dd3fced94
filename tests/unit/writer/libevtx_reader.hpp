#pragma once
// Reads an EVTX file with libevtx and its XML with pugixml: what the writer's tests compare
// against.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace writer_test {

struct Read {
  std::uint64_t header_id = 0;
  std::string xml;    // empty when libevtx gave the record up
  std::string error;  // and why
};

struct ReadFile {
  std::vector<Read> records;
  std::size_t recovered = 0;
};

// Throws std::runtime_error when libevtx cannot open the bytes at all.
ReadFile read_with_libevtx(const std::string& bytes);

// Path -> values in document order: "System/Provider/@Name", "EventData/Data[Image]",
// "UserData/LogFileCleared/SubjectUserName". Throws std::runtime_error for XML that is not
// well-formed.
std::multimap<std::string, std::string> paths_of(const std::string& xml);
// The values of one path.
std::vector<std::string> at(const std::multimap<std::string, std::string>& paths,
                            const std::string& path);

}  // namespace writer_test
