// Tested by tests/replay/dataset_writer.cpp and tests/replay/command/contribute.
#include "replay/dataset_writer.hpp"

#include <algorithm>

#include "base/digest.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "replay/os.hpp"
#include "replay/reference.hpp"

namespace escudo::replay {
namespace {

constexpr std::size_t most_logs = 200;  // as many files are open at once

bool is_technique(std::string_view text) {  // T1047, T1003.001
  const auto digits = [&](std::size_t at, std::size_t n) {
    for (std::size_t k = at; k < at + n; ++k) {
      if (!base::is_digit(text[k])) return false;
    }
    return true;
  };
  return (text.size() == 5 || text.size() == 9) && text[0] == 'T' && digits(1, 4) &&
         (text.size() == 5 || (text[5] == '.' && digits(6, 3)));
}

// Plain where YAML reads it back as it is, in double quotes (as JSON has them) elsewhere.
std::string scalar(const std::string& text) {
  const bool plain =
      !text.empty() &&
      ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z') ||
       text[0] == '/') &&
      text.back() != ':' && text.back() != ' ' && text.find(": ") == std::string::npos &&
      text.find(" #") == std::string::npos && std::ranges::all_of(text, [](char c) {
        return base::is_digit(c) || (base::ascii_lower(c) >= 'a' && base::ascii_lower(c) <= 'z') ||
               std::string_view(" _-./:()").find(c) != std::string_view::npos;
      });
  static constexpr std::string_view words[] = {"true", "false", "yes", "no", "on",
                                               "off",  "null",  "y",   "n"};
  if (plain &&
      std::ranges::none_of(words, [&](std::string_view w) { return base::iequals(w, text); }))
    return text;
  std::string out;
  base::append_json_string(out, text);
  return out;
}

// Microsoft-Windows-Sysmon/Operational -> windows-sysmon, as attack_data calls its files.
std::string log_name(std::string_view channel) {
  for (std::string_view head : {"Microsoft-Windows-", "Windows ", "Microsoft-"}) {
    if (base::istarts_with(channel, head)) {
      channel.remove_prefix(head.size());
      break;
    }
  }
  constexpr std::string_view usual = "/Operational";
  if (channel.size() > usual.size() &&
      base::iequals(channel.substr(channel.size() - usual.size()), usual))
    channel.remove_suffix(usual.size());
  std::string out = "windows-";
  for (const char c : base::to_lower(channel)) {
    const bool plain = base::is_digit(c) || (c >= 'a' && c <= 'z');
    if (plain)
      out += c;
    else if (!out.ends_with('-'))
      out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out.size() > 100 ? out.substr(0, 100) : out;
}

// Version 5 of RFC 4122: the same dataset has the same id.
std::string uuid_of(const std::string& url) {
  constexpr unsigned char url_namespace[] = {0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1,
                                             0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
  std::string hex =
      base::digest_hex(
          base::Digest::sha1,
          std::string(reinterpret_cast<const char*>(url_namespace), sizeof url_namespace) + url)
          .substr(0, 32);
  if (hex.size() < 32) return {};
  hex[12] = '5';
  constexpr std::string_view digits = "0123456789abcdef";
  hex[16] = "89ab"[digits.find(hex[16]) & 3];
  for (const std::size_t at : {20u, 16u, 12u, 8u}) hex.insert(at, "-");
  return hex;
}

constexpr const char* upstream_url =
    "https://media.githubusercontent.com/media/splunk/attack_data/master";

}  // namespace

base::Result<std::unique_ptr<DatasetWriter>> DatasetWriter::create(CaptureInfo info) {
  while (info.folder.size() > 1 && info.folder.ends_with('/')) info.folder.pop_back();
  const std::size_t at = ("/" + info.folder).rfind("/datasets/");
  if (at == std::string::npos) {
    return base::Error{
        "a dataset lies below a folder `datasets`, such as "
        "attack_data/datasets/attack_techniques/T1047/my_capture, not in " +
        info.folder};
  }
  const std::string below = info.folder.substr(at);
  if (std::string trouble = name_trouble(below); !trouble.empty())
    return base::Error{info.folder + ": " + trouble};
  if (info.techniques.empty()) {
    for (const std::string_view part : base::split(below, '/')) {
      if (is_technique(part)) info.techniques.emplace_back(part);
    }
  }
  if (info.techniques.empty())
    return base::Error{"the folder names no ATT&CK technique: give --technique, such as T1047"};
  for (const std::string& technique : info.techniques) {
    if (!is_technique(technique))
      return base::Error{"`" + base::harmless(technique) +
                         "` is no ATT&CK technique such as T1047 or T1003.001"};
  }
  std::unique_ptr<DatasetWriter> out(new DatasetWriter(std::move(info)));
  out->upstream_ = "/" + below;
  out->name_ = base::file_name(below);
  out->yaml_path_ = base::join_path(out->info_.folder, out->name_ + ".yml");
  if (base::exists(out->yaml_path_)) return base::Error{out->yaml_path_ + " is there already"};
  return out;
}

std::size_t DatasetWriter::log_of(const event::Event& event) {
  // What is no Windows event is auditd; Sysmon for Linux has no channel of Windows.
  const bool audit = event.event_id < 0;
  const bool linux_sysmon = base::istarts_with(event.provider, "Linux-Sysmon");
  const std::string kind = audit          ? "audit"
                           : linux_sysmon ? "linux-sysmon"
                                          : "channel " + base::to_lower(event.channel);
  const auto [at, fresh] = by_kind_.try_emplace(kind, logs_.size());
  if (!fresh) return at->second;
  CaptureLog log;
  if (audit)
    log = {"auditd", "", "/var/log/audit/audit.log", "linux:audit", 0};
  else if (linux_sysmon)
    log = {"sysmon_linux", "", "Syslog:Linux-Sysmon/Operational", "sysmon:linux", 0};
  else
    log = {event.channel.empty() ? "windows-unknown" : log_name(event.channel), "",
           "XmlWinEventLog:" + std::string(event.channel), "XmlWinEventLog", 0};
  const std::string stem = log.name;
  for (int k = 2;
       std::ranges::any_of(logs_, [&](const CaptureLog& l) { return l.name == log.name; }); ++k)
    log.name = stem + "-" + std::to_string(k);
  log.path = upstream_ + "/" + log.name + ".log";
  if (!info_.source.empty()) log.source = info_.source;
  if (!info_.sourcetype.empty()) log.sourcetype = info_.sourcetype;
  logs_.push_back(std::move(log));
  outputs_.push_back(nullptr);
  return at->second;
}

void DatasetWriter::add(const event::Event& event) {
  if (!failure_.empty()) return;
  const std::size_t k = log_of(event);
  if (!outputs_[k]) {
    if (outputs_.size() > most_logs) {
      failure_ = "the capture has more than " + std::to_string(most_logs) +
                 " channels; choose with --channel";
      return;
    }
    auto made = make_folders(info_.folder);
    if (!made) {
      failure_ = made.error();
      return;
    }
    const std::string path = base::join_path(info_.folder, logs_[k].name + ".log");
    if (base::exists(path)) {
      failure_ = path + " is there already";
      return;
    }
    auto output = sinks::file_output(path);
    if (!output) {
      failure_ = output.error();
      return;
    }
    outputs_[k] = std::move(*output);
  }
  outputs_[k]->write(sinks::attack_data_text(event) + "\n");
  ++logs_[k].events;
  if (event.has_time) last_time_ = std::max(last_time_.value_or(event.time), event.time);
}

std::string DatasetWriter::yaml() const {
  std::string out = "author: " + scalar(info_.author) + "\n";
  out += "id: " + uuid_of("https://github.com/splunk/attack_data" + upstream_) + "\n";
  out += "date: '" + base::format_utc(last_time_.value_or(base::Time{})).substr(0, 10) + "'\n";
  out += "description: " + scalar(info_.description) + "\n";
  out += "environment: " + scalar(info_.environment) + "\n";
  out += "directory: " + scalar(name_) + "\nmitre_technique:\n";
  for (const std::string& technique : info_.techniques) out += "- " + technique + "\n";
  out += "datasets:\n";
  for (const CaptureLog& log : logs_) {
    out += "- name: " + scalar(log.name) + "\n  path: " + scalar(log.path) +
           "\n  sourcetype: " + scalar(log.sourcetype) + "\n  source: " + scalar(log.source) + "\n";
  }
  return out;
}

std::string DatasetWriter::tests_yaml() const {
  std::string out = "tests:\n- name: True Positive Test\n  attack_data:\n";
  for (const CaptureLog& log : logs_) {
    out += "  - data: " + scalar(upstream_url + log.path) + "\n    source: " + scalar(log.source) +
           "\n    sourcetype: " + scalar(log.sourcetype) + "\n";
  }
  return out;
}

base::Result<void> DatasetWriter::write() {
  if (!failure_.empty()) return base::Error{failure_};
  if (logs_.empty()) return base::Error{"there is no event to make a dataset of"};
  for (auto& output : outputs_) {
    if (auto done = output->finish(); !done) return done;
  }
  // The YAML comes last: it names logs that are there.
  auto out = sinks::file_output(yaml_path_);
  if (!out) return base::Error{out.error()};
  (*out)->write(yaml());
  return (*out)->finish();
}

}  // namespace escudo::replay
