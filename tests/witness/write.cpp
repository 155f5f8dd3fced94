#include "write.hpp"

#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "formats/formats.hpp"

namespace escudo::witness {
namespace {

std::uint64_t number(const std::map<std::string, std::string>& raw, const char* name,
                     std::uint64_t fallback) {
  const auto at = raw.find(name);
  if (at == raw.end() || at->second.empty()) return fallback;
  try {
    return std::stoull(at->second, nullptr, 0);
  } catch (const std::exception&) {
    return fallback;
  }
}

writer::Event windows(const Made& made, std::uint64_t record_id) {
  writer::Event out;
  const std::string& channel = made.kind->channel;
  const auto in = [&](const char* part) { return channel.find(part) != std::string::npos; };
  out.provider = !made.kind->provider.empty() ? made.kind->provider
                 : in("Linux-Sysmon")         ? "Linux-Sysmon"
                 : in("Sysmon")               ? "Microsoft-Windows-Sysmon"
                 : channel == "Security"      ? "Microsoft-Windows-Security-Auditing"
                 : channel == "System"        ? "Service Control Manager"
                                              : channel.substr(0, channel.find('/'));
  out.provider_guid = "5770385f-c22a-43e0-bf4c-06f5698ffbd9";
  out.event_id = static_cast<std::uint16_t>(std::max(made.event_id, 0));
  out.channel = channel;
  out.time = base::to_filetime(base::from_epoch_seconds(made.time));
  out.record_id = record_id;
  out.keywords = number(made.raw, "Keywords", 0x8000000000000000ull);
  out.level = static_cast<std::uint8_t>(number(made.raw, "Level", 4));
  out.opcode = static_cast<std::uint8_t>(number(made.raw, "Opcode", 0));
  out.task = static_cast<std::uint16_t>(number(made.raw, "Task", 1));
  out.version = static_cast<std::uint8_t>(number(made.raw, "Version", 2));
  out.process_id = static_cast<std::uint32_t>(number(made.raw, "ProcessID", 644));
  out.thread_id = static_cast<std::uint32_t>(number(made.raw, "ThreadID", 812));
  if (const auto at = made.raw.find("UserID");
      at != made.raw.end() && at->second.starts_with("S-1-"))
    out.user_sid = at->second;
  if (in("Linux")) out.user_sid = "0";
  if (const auto at = made.raw.find("ActivityID"); at != made.raw.end())
    out.activity_id = at->second;
  const bool user_data = in("AppLocker") || in("CAPI2");
  if (user_data)
    out.user_data =
        writer::UserData{"RuleAndFileData",
                         "http://schemas.microsoft.com/schemas/event/Microsoft.Windows/1.0.0.0",
                         {}};
  for (const auto& [name, text] : made.raw) {
    std::string value = text;
    (void)base::repair_utf8(value);
    if (name == "Computer") out.computer = value;
    if (is_system_column(name) || value.empty()) continue;
    if (user_data)
      out.user_data->fields.push_back({name, writer::Value::string(value), {}});
    else
      out.data.push_back({name, writer::Value::string(value)});
  }
  return out;
}

std::string audit_line(const Made& made, std::size_t number) {
  const auto get = [&](const char* name) {
    const auto at = made.raw.find(name);
    return at == made.raw.end() ? std::string() : at->second;
  };
  char stamp[64];
  std::snprintf(stamp, sizeof stamp, "%.3f:%zu", made.time, number + 100);
  std::string out = "node=" + (get("node").empty() ? "witness01" : get("node")) +
                    " type=" + (get("type").empty() ? "SYSCALL" : get("type")) + " msg=audit(" +
                    stamp + "):";
  for (const auto& [name, value] : made.raw) {
    if (value.empty() || name == "node" || name == "type" || name == "Computer" ||
        name == "Keywords" || name == "host" || name == "msg" || is_system_column(name))
      continue;
    // A command line in hexadecimal is written without quotes.
    const bool bare = name == "proctitle" &&
                      value.find_first_not_of("0123456789ABCDEFabcdef") == std::string::npos;
    out += " " + name + "=" + (bare ? value : "\"" + base::replace_all(value, "\"", "") + "\"");
  }
  return out + "\n";
}

}  // namespace

std::vector<Log> logs_of(const std::vector<Made>& events, const std::string& stem, bool xml) {
  writer::Events normal, linux_sysmon;
  std::string audit;
  std::uint64_t id = 0;
  for (const Made& made : events) {
    ++id;
    if (made.kind->channel == "auditd")
      audit += audit_line(made, id);
    else if (made.kind->channel.find("Linux-Sysmon") != std::string::npos)
      linux_sysmon.push_back(windows(made, id));
    else
      normal.push_back(windows(made, id));
  }
  std::vector<Log> out;
  if (!normal.empty())
    out.push_back({stem + (xml ? ".xml" : ".evtx"),
                   xml ? writer::attack_data_xml(normal) : writer::evtx(normal)});
  if (!linux_sysmon.empty()) out.push_back({stem + ".log", writer::sysmon_syslog(linux_sysmon)});
  if (!audit.empty()) out.push_back({stem + ".audit.log", audit});
  return out;
}

}  // namespace escudo::witness
