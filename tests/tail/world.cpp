#include "world.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

namespace tail_test {
namespace {

constexpr std::int64_t kBegin = 1'709'629'200;   // 2024-03-05T09:00:00Z

std::uint64_t mix(std::uint64_t x) {   // splitmix64
  x += 0x9E3779B97F4A7C15ull;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
  return x ^ (x >> 31);
}

std::string utc(std::int64_t millis) {
  const std::time_t seconds = millis / 1000;
  std::tm tm{};
  gmtime_r(&seconds, &tm);
  char text[128];
  std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
                tm.tm_hour, tm.tm_min, tm.tm_sec, static_cast<int>(millis % 1000));
  return text;
}

std::string process(std::uint64_t n, std::int64_t millis, const std::string& image, const std::string& command,
                    const std::string& user, std::uint64_t pid) {
  Json j;
  j["EventID"] = 1;
  j["TimeCreated"] = utc(millis);
  j["Channel"] = "Microsoft-Windows-Sysmon/Operational";
  j["SourceName"] = "Microsoft-Windows-Sysmon";
  j["RecordNumber"] = n + 1;
  j["Hostname"] = "WKS01.corp.example";
  j["ProcessGuid"] = "{5e1fa6c2-4732-4582-b9a1-" + std::to_string(100000000000 + pid) + "}";
  j["ProcessId"] = std::to_string(pid);
  j["Image"] = "C:\\Windows\\System32\\" + image;
  j["OriginalFileName"] = image;
  j["CommandLine"] = command;
  j["User"] = "CORP\\" + user;
  j["ParentProcessGuid"] = "{5e1fa6c2-0c10-65e6-2f01-000000000700}";
  j["ParentProcessId"] = "5124";
  j["ParentImage"] = "C:\\Windows\\System32\\cmd.exe";
  j["ParentCommandLine"] = "cmd.exe /c \"x\"";
  return j.dump() + "\n";
}

std::string failed_logon(std::uint64_t n, std::int64_t millis, const std::string& account, const std::string& address) {
  Json j;
  j["EventID"] = 4625;
  j["TimeCreated"] = utc(millis);
  j["Channel"] = "Security";
  j["SourceName"] = "Microsoft-Windows-Security-Auditing";
  j["RecordNumber"] = n + 1;
  j["Hostname"] = "DC01.corp.example";
  j["TargetUserName"] = account;
  j["TargetDomainName"] = "CORP";
  j["IpAddress"] = address;
  j["LogonType"] = "3";
  j["Status"] = "0xc000006d";
  return j.dump() + "\n";
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    else if (c == '<') out += "&lt;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

// What two findings must share to be the same to who reads them.
std::string essence(const Json& f, bool with_id) {
  Json out;
  if (with_id) out["finding_id"] = f.at("finding_id");
  out["detection"] = f.at("detection");
  out["fields"] = f.at("fields");
  out["risk"] = f.contains("risk") ? f.at("risk") : Json();
  // A correlation's evidence is that of the findings it saw, which may have begun before its window.
  if (f.at("detection") != "Windowed Risk") out["count"] = f.at("count");
  return out.dump();
}

void compare(const std::vector<std::string>& found, const std::vector<std::string>& wanted, const std::string& what) {
  auto a = found, b = wanted;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  if (a == b) return;
  std::vector<std::string> only_a, only_b;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only_a));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(only_b));
  std::string text = what + ": " + std::to_string(a.size()) + " findings of tail, " + std::to_string(b.size()) + " of scan";
  for (std::size_t k = 0; k < only_a.size() && k < 3; ++k) text += "\n  only tail: " + only_a[k];
  for (std::size_t k = 0; k < only_b.size() && k < 3; ++k) text += "\n  only scan: " + only_b[k];
  fail(text);
}

}  // namespace

void fail(const std::string& why) {
  std::fprintf(stderr, "FAILED: %s\n", why.c_str());
  std::exit(1);
}

std::int64_t event_seconds(std::uint64_t n) { return kBegin + static_cast<std::int64_t>(n / 2); }

std::string event_line(std::uint64_t n) {
  const std::uint64_t r = mix(n);
  const std::int64_t disorder = static_cast<std::int64_t>(r % 60'000);   // up to a minute late
  const std::int64_t millis = kBegin * 1000 + static_cast<std::int64_t>(n) * 500 - (r % 7 == 0 ? disorder : 0);
  const std::string user = "user" + std::to_string((r >> 8) % 5);
  const std::uint64_t dice = (r >> 16) % 1000;
  const std::uint64_t pid = 1000 + (r >> 32) % 40;
  if (dice < 6) return process(n, millis, "wmic.exe", "wmic  process call create tool" + std::to_string(pid % 4) + ".exe", user, pid);
  if (dice < 12) return process(n, millis, "net.exe", "net  user " + user + " /domain", user, pid);
  if (dice < 20) return failed_logon(n, millis, "account" + std::to_string((r >> 40) % 12), "10.0.0." + std::to_string((r >> 48) % 6));
  if (dice < 24) return process(n, millis, "whoami.exe", "whoami  /priv", user, pid);
  return process(n, millis, "notepad.exe", "notepad.exe note" + std::to_string(n) + ".txt", user, pid);
}

std::string as_xml(const std::string& line, std::uint64_t record) {
  const Json j = Json::parse(line);
  const auto text = [&](const char* key) { return escaped(j.at(key).is_string() ? j.at(key).get<std::string>() : j.at(key).dump()); };
  std::string out = "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"" + text("SourceName") +
                    "\"/><EventID>" + text("EventID") + "</EventID><TimeCreated SystemTime=\"" + text("TimeCreated") +
                    "\"/><EventRecordID>" + std::to_string(record) + "</EventRecordID><Channel>" + text("Channel") + "</Channel><Computer>" +
                    text("Hostname") + "</Computer></System><EventData>";
  const std::set<std::string> system{"EventID", "TimeCreated", "Channel", "SourceName", "RecordNumber", "Hostname"};
  for (const auto& [key, value] : j.items())
    if (!system.contains(key)) out += "<Data Name=\"" + key + "\">" + escaped(value.get<std::string>()) + "</Data>";
  return out + "</EventData></Event>\n";
}

std::string closing_line(std::uint64_t n) {
  return process(n, (event_seconds(n) + 4 * 3600) * 1000, "notepad.exe", "notepad.exe last.txt", "user0", 1);
}

pid_t start(const Program& program, const std::vector<std::string>& arguments, const std::string& messages,
            const std::string& output) {
  std::vector<std::string> words{program.path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  for (const std::string& rule : program.rules) words.insert(words.end(), {"--rules", rule});
  const pid_t pid = fork();
  if (pid < 0) fail("cannot fork");
  if (pid > 0) return pid;
  const int err = open(messages.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  const int out = open(output.empty() ? "/dev/null" : output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  dup2(err, 2);
  dup2(out, 1);
  setenv("ESCUDO_CONTENT", program.content.c_str(), 1);
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  execv(argv[0], argv.data());
  _exit(127);
}

int wait_for(pid_t pid) {
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) fail("cannot wait for a child");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::vector<Json> read_lines(const std::string& path) {
  std::ifstream in(path);
  std::vector<Json> out;
  std::string line;
  while (std::getline(in, line)) {
    Json j = Json::parse(line, nullptr, false);
    if (!j.is_object()) fail(path + ": no JSON: " + line.substr(0, 200));
    out.push_back(std::move(j));
  }
  return out;
}

std::vector<Json> scan(const Program& program, const std::string& log, const std::vector<std::string>& more) {
  const std::string out = log + ".scan.jsonl";
  std::vector<std::string> arguments{"scan", "--format", "jsonl", "-q", "-o", out, log};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const int code = wait_for(start(program, arguments, log + ".scan.messages"));
  if (code != 0 && code != 3) fail("scan ended with " + std::to_string(code));
  return read_lines(out);
}

void check_equals_scan(const Program& program, const std::string& found_path, const std::string& log, std::uint64_t events) {
  std::set<std::pair<std::string, std::uint64_t>> seen;
  std::map<std::string, Json> last;
  for (Json& f : read_lines(found_path)) {
    if (f.at("type") != "finding") fail("a notice where nothing was lost: " + f.dump());
    const std::string id = f.at("finding_id");
    const std::uint64_t revision = f.at("revision");
    if (!seen.emplace(id, revision).second) fail("twice in the file: " + id + " revision " + std::to_string(revision));
    if (revision > 0 && !seen.contains({id, revision - 1})) fail("a revision is missing before " + std::to_string(revision) + " of " + id);
    last[id] = std::move(f);
  }
  // The names of windowed detections begin so.
  const auto is_windowed = [](const Json& f) { return f.at("detection").get<std::string>().starts_with("Windowed"); };
  std::vector<std::string> growing, windowed;
  for (const auto& [id, f] : last) (is_windowed(f) ? windowed : growing).push_back(essence(f, !is_windowed(f)));

  std::vector<std::string> wanted;
  // Rows that are equal in all their fields are one finding, which scan shows as often as they stand.
  std::set<std::string> once;
  for (const Json& f : scan(program, log, {}))
    if (!is_windowed(f) && once.insert(f.at("finding_id")).second) wanted.push_back(essence(f, true));
  if (wanted.size() < 5) fail("the log shows too little: " + std::to_string(wanted.size()) + " findings");
  compare(growing, wanted, "monotone searches");

  // Hourly windows [h - 70m, h - 10m), searched at h.
  wanted.clear();
  const std::int64_t begin = event_seconds(0) - 3600, end = event_seconds(events) + 3600;
  for (std::int64_t h = begin / 3600 * 3600; h - 70 * 60 < end; h += 3600)
    for (const Json& f : scan(program, log, {"--from", utc((h - 70 * 60) * 1000), "--to", utc((h - 10 * 60) * 1000), "--now", utc(h * 1000)}))
      if (is_windowed(f)) wanted.push_back(essence(f, false));
  if (wanted.size() < 5) fail("the log shows windowed searches too little: " + std::to_string(wanted.size()) + " findings");
  compare(windowed, wanted, "windowed searches");
  std::printf("%zu findings of monotone searches, %zu of windows, %zu revisions: as scan finds them\n", growing.size(), windowed.size(), seen.size());
}

}  // namespace tail_test
