// tail against scan over a log that is made up: read in pieces, the program started anew for each, the
// file rotated by renaming and by copying and cutting between some.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "world.hpp"

using namespace tail_test;
namespace fs = std::filesystem;

// usage: twin PROGRAM CONTENT RULES WORK EVENTS
int main(int argc, char** argv) {
  if (argc != 6) fail("usage: twin PROGRAM CONTENT RULES WORK EVENTS");
  const Program program{argv[1], {argv[3], std::string(argv[2]) + "/detections"}, argv[2]};
  const fs::path work = argv[4];
  const std::uint64_t events = std::strtoull(argv[5], nullptr, 10);
  fs::remove_all(work);
  fs::create_directories(work);
  const std::string log = (work / "live.jsonl").string(), all = (work / "all.jsonl").string(), found = (work / "found.jsonl").string();
  constexpr int pieces = 9;
  std::uint64_t n = 0;
  for (int piece = 1; piece <= pieces; ++piece) {
    std::string text;
    for (; n < events * static_cast<std::uint64_t>(piece) / pieces; ++n) text += event_line(n);
    if (piece == pieces) text += closing_line(n);
    std::ofstream(all, std::ios::app) << text;
    if (piece % 4 == 2) fs::rename(log, log + "." + std::to_string(piece));
    // A part of it waits for its line's end until the next piece; a copy is cut only when it is whole.
    if (piece % 4 == 0) {
      std::ofstream(log, std::ios::app) << text;
      fs::copy_file(log, log + "." + std::to_string(piece));
      std::ofstream(log, std::ios::trunc).close();
      std::ofstream(log, std::ios::app) << event_line(n);
      std::ofstream(all, std::ios::app) << event_line(n);
      ++n;
    } else {
      std::ofstream(log, std::ios::app) << text;
    }
    const int code = wait_for(start(program, {"tail", "-q", "--once", "--source", "file:" + log, "--state", (work / "state").string(), "--sink", "jsonl:" + found},
                                    (work / "messages").string()));
    if (code != 0) fail("tail ended with " + std::to_string(code) + "; see " + (work / "messages").string());
  }
  check_equals_scan(program, found, all, n);
}
