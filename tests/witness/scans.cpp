#include "scans.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/files.hpp"

namespace escudo::witness {
namespace {

std::string line_of(std::FILE* from) {
  std::string out;
  for (int c; (c = std::fgetc(from)) != EOF && c != '\n';) out += static_cast<char>(c);
  return out;
}

}  // namespace

Found Scans::scan(const std::string& path) {
  std::string command = "'" + program + "' scan -q --format jsonl";
  for (const std::string& rule : rules) command += " --rules '" + rule + "'";
  command += " '" + path + "' 2>/dev/null";
  Found out;
  if (std::filesystem::is_empty(path)) return out;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) {
    ++ended_badly;
    return out;
  }
  for (std::string line = line_of(pipe); !line.empty(); line = line_of(pipe)) {
    const auto finding = nlohmann::json::parse(line, nullptr, false);
    if (!finding.is_object() || finding.value("type", "") != "finding") continue;
    const std::string id = finding["id"];
    const auto& fields = finding["fields"];
    const auto names = named.find(id);
    const bool filled =
        names == named.end() ||
        std::all_of(names->second.begin(), names->second.end(), [&](const std::string& name) {
          return fields.contains(name) && !fields[name].is_null();
        });
    for (const auto& event : finding["evidence"]["events"]) {
      const std::string file = base::file_name(event["source"].get<std::string>());
      bool& row = out.rows[{id, file.substr(0, file.find('.'))}];
      row = row || filled;
    }
  }
  const int status = pclose(pipe);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  if (code != 0 && code != 1 && !(may_fail && code == 2)) {
    std::printf("%s scan of %s ended with %d\n", program.c_str(), path.c_str(), code);
    ++ended_badly;
  }
  return out;
}

}  // namespace escudo::witness
