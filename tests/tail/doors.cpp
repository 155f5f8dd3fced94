// The same scripted events through every door: a file, journald, Kafka and, where the Windows program and
// Wine are there, Windows channels. Each gives the findings that scan gives over them.
//
// Without systemd-journal-remote the journal is a script in place of journalctl, which prints the same export.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "kafka_mock.hpp"
#include "world.hpp"

using namespace tail_test;
namespace fs = std::filesystem;

namespace {

struct Doors {
  Program program;
  fs::path work;
  std::string log;                    // all events, for scan
  std::vector<std::string> lines;     // each with its line break
  std::vector<std::string> sysmon, security;
  std::uint64_t events = 0;

  void through(const std::string& door, const std::string& source) const {
    const std::string found = (work / (door + ".jsonl")).string(), messages = (work / (door + ".messages")).string();
    const int code = wait_for(start(program, {"tail", "-q", "--once", "--source", source, "--state", (work / door).string(), "--sink", "jsonl:" + found}, messages));
    if (code != 0) fail(door + ": tail ended with " + std::to_string(code) + "; see " + messages);
    check(door);
  }
  void check(const std::string& door) const {
    std::printf("%s: ", door.c_str());
    std::fflush(stdout);
    check_equals_scan(program, (work / (door + ".jsonl")).string(), log, events);
  }
};

void write(const fs::path& path, const std::vector<std::string>& lines) {
  fs::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  for (const std::string& line : lines) out << line;
}

// Events of a log of some hours, fewer of those that concern nobody.
Doors script(const Program& program, const fs::path& work) {
  Doors out{program, work, (work / "all.log").string(), {}, {}, {}, 20'000};
  const auto add = [&](const std::string& line) {
    auto& channel = line.find("\"Channel\":\"Security\"") != std::string::npos ? out.security : out.sysmon;
    channel.push_back(as_xml(line, channel.size() + 1));
    out.lines.push_back(channel.back());
  };
  for (std::uint64_t n = 0; n < out.events; ++n) {
    const std::string line = event_line(n);
    if (n % 12 == 0 || line.find("notepad.exe") == std::string::npos) add(line);
  }
  add(closing_line(out.events));
  write(out.log, out.lines);
  return out;
}

bool on_path(const std::string& tool) { return std::system(("command -v " + tool + " >/dev/null").c_str()) == 0; }

void journald(const Doors& doors) {
  const fs::path folder = doors.work / "journal";
  std::vector<std::string> entries;
  std::uint64_t micros = 1'709'629'200'000'000;
  for (const std::string& line : doors.lines) {
    micros += 1000;
    entries.push_back("__REALTIME_TIMESTAMP=" + std::to_string(micros) + "\n__MONOTONIC_TIMESTAMP=" + std::to_string(micros) +
                      "\n_BOOT_ID=11111111111111111111111111111111\n_MACHINE_ID=22222222222222222222222222222222\n"
                      "SYSLOG_IDENTIFIER=sysmon\nMESSAGE=" + line + "\n");
  }
  write(folder / "export", entries);
  const std::string remote = "/lib/systemd/systemd-journal-remote";
  const std::string make = remote + " -o '" + (folder / "files/x.journal").string() + "' - < '" + (folder / "export").string() + "' > '" +
                           (folder / "log").string() + "' 2>&1";
  fs::create_directories(folder / "files");
  if (fs::exists(remote) && on_path("journalctl") && std::system(make.c_str()) == 0) {
    doors.through("journald", "journald?directory=" + (folder / "files").string());
    return;
  }
  std::vector<std::string> numbered;
  for (std::size_t k = 0; k < entries.size(); ++k) numbered.push_back("__CURSOR=" + std::to_string(k) + "\n" + entries[k]);
  write(folder / "export", numbered);
  write(folder / "bin/journalctl", {"#!/bin/sh\ncat '" + (folder / "export").string() + "'\n"});
  ::chmod((folder / "bin/journalctl").c_str(), 0755);
  const std::string path = std::getenv("PATH");
  setenv("PATH", ((folder / "bin").string() + ":" + path).c_str(), 1);
  doors.through("journald", "journald");
  setenv("PATH", path.c_str(), 1);
}

void kafka(const Doors& doors) {
  escudo::test::KafkaMock mock;
  mock.create("events", 2);
  std::vector<std::pair<std::string, std::string>> messages[2];   // of a backlog one partition comes long before the other
  for (std::size_t k = 0; k < doors.lines.size(); ++k) messages[k % 2].emplace_back("key", doors.lines[k]);
  for (int partition = 0; partition < 2; ++partition) mock.produce("events", messages[partition], partition);
  doors.through("kafka", "kafka:" + mock.bootstrap() + "/events?group=doors");
}

// False: there is no Windows program here.
bool windows(const Doors& doors, const fs::path& built) {
  if (!fs::exists(built / "bin/escudo.exe") || !on_path("wine")) return false;
  const fs::path channels = doors.work / "channels";
  write(channels / "Microsoft-Windows-Sysmon-Operational.log", doors.sysmon);
  write(channels / "Security.log", doors.security);
  setenv("WINEPREFIX", (built / "wine").c_str(), 1);
  setenv("WINEDEBUG", "-all", 1);
  setenv("WINEDLLOVERRIDES", "mscoree,mshtml=;wevtapi=n", 1);
  setenv("WEVTFAKE_DIR", ("Z:" + channels.string()).c_str(), 1);
  std::string command = "cd '" + doors.work.string() + "' && wine '" + (built / "bin/escudo.exe").string() +
                        "' tail -q --once --source winlog:Microsoft-Windows-Sysmon/Operational,Security --state windows --sink jsonl:windows.jsonl";
  for (const std::string& rule : doors.program.rules) command += " --rules 'Z:" + rule + "'";
  if (std::system((command + " > windows.messages 2>&1").c_str()) != 0) fail("windows: tail failed; see " + (doors.work / "windows.messages").string());
  doors.check("windows");
  return true;
}

}  // namespace

// usage: doors PROGRAM CONTENT RULES WORK WINDOWS
int main(int argc, char** argv) {
  if (argc != 6) fail("usage: doors PROGRAM CONTENT RULES WORK WINDOWS");
  const fs::path work = argv[4];
  fs::remove_all(work);
  fs::create_directories(work);
  const Doors doors = script({argv[1], {argv[3], std::string(argv[2]) + "/detections"}, argv[2]}, work);
  doors.through("file", "file:" + doors.log);
  journald(doors);
  kafka(doors);
  if (!windows(doors, argv[5])) std::printf("windows: skipped, there is no Windows program (test windows/build)\n");
}
