// A writer appends while tail is killed at random moments and its log is rotated: nothing is lost,
// nothing stands twice.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "world.hpp"

using namespace tail_test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

// usage: kill PROGRAM CONTENT RULES WORK EVENTS RATE KILLS ROTATIONS
int main(int argc, char** argv) {
  if (argc != 9) fail("usage: kill PROGRAM CONTENT RULES WORK EVENTS RATE KILLS ROTATIONS");
  const Program program{argv[1], {argv[3], std::string(argv[2]) + "/detections"}, argv[2]};
  const fs::path work = argv[4];
  const std::uint64_t events = std::strtoull(argv[5], nullptr, 10), rate = std::strtoull(argv[6], nullptr, 10);
  const int kills = std::atoi(argv[7]), rotations = std::atoi(argv[8]);
  fs::remove_all(work);
  fs::create_directories(work);
  const std::string log = (work / "live.jsonl").string(), all = (work / "all.jsonl").string(), found = (work / "found.jsonl").string();
  const std::vector<std::string> arguments{"tail", "-q", "--source", "file:" + log, "--state", (work / "state").string(), "--sink", "jsonl:" + found + "?rotate=1000000000"};
  const std::string messages = (work / "messages").string();

  std::atomic<bool> writing{true};
  std::thread writer([&] {
    std::mt19937_64 random(7);
    std::ofstream out(log, std::ios::app), copy(all, std::ios::app);
    const auto begin = Steady::now();
    std::uint64_t n = 0;
    int rotated = 0;
    std::string rest;
    while (n < events) {
      std::this_thread::sleep_for(10ms);
      const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begin).count();
      std::string text = std::move(rest);
      rest.clear();
      for (; n < events && n < static_cast<std::uint64_t>(ms) * rate / 1000; ++n) {
        const std::string line = event_line(n);
        text += line;
        copy << line;
      }
      const bool rotate = rotated < rotations && n > events * static_cast<std::uint64_t>(rotated + 1) / static_cast<std::uint64_t>(rotations + 1);
      if (!rotate && n < events) {   // the last line in two writes
        const std::size_t keep = text.empty() ? 0 : random() % std::min<std::size_t>(text.size(), 200);
        rest = text.substr(text.size() - keep);
        text.resize(text.size() - keep);
      }
      out << text << std::flush;
      if (!rotate) continue;
      ++rotated;
      out.close();
      fs::rename(log, log + "." + std::to_string(rotated));
      out.open(log, std::ios::app);
    }
    out << rest << closing_line(n) << std::flush;
    copy << closing_line(n);
    writing = false;
  });

  std::mt19937_64 random(11);
  pid_t child = start(program, arguments, messages);
  const auto span = std::chrono::milliseconds(events * 1000 / rate);
  for (int k = 0; k < kills; ++k) {
    std::this_thread::sleep_for(std::chrono::milliseconds(static_cast<long>(random() % static_cast<std::uint64_t>(2 * span.count() / kills + 1))));
    kill(child, SIGKILL);
    if (const int code = wait_for(child); code != 128 + SIGKILL) fail("tail ended by itself with " + std::to_string(code) + "; see " + messages);
    child = start(program, arguments, messages);
  }
  writer.join();
  std::this_thread::sleep_for(1500ms);
  kill(child, SIGTERM);
  if (const int code = wait_for(child); code != 0) fail("tail was asked to end and ended with " + std::to_string(code));
  std::vector<std::string> once = arguments;
  once.push_back("--once");
  if (const int code = wait_for(start(program, once, messages)); code != 0 && code != 3) fail("tail --once ended with " + std::to_string(code));
  check_equals_scan(program, found, all, events);
}
