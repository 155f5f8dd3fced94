#pragma once
// Findings to print.

#include <memory>
#include <string>

#include "findings/finding.hpp"
#include "sinks/sink.hpp"

namespace escudo {

inline base::Time at(const char* iso) { return *base::parse_time(iso); }

inline rules::RulePtr wmi_rule() {
  auto rule = std::make_shared<rules::Rule>();
  rule->name = "Windows WMI Process Call Create";
  rule->id = "0661c2de-93de-11ec-9833-acde48001122";
  rule->type = "Hunting";
  rule->mitre_attack = {"T1047"};
  rule->analytic_stories = {"Volt Typhoon", "Qakbot"};
  rule->risk = rules::RiskSpec{"process with $process$ commandline executed in $dest$",
                               {{"user", "user", 25}, {"dest", "system", 25}},
                               {},
                               25};
  return rule;
}

// One record, as tstats gives it.
inline findings::Finding wmi_finding() {
  findings::Finding f;
  f.rule = wmi_rule();
  f.finding_id = "0123456789abcdef0123456789abcdef";
  f.first_time = f.last_time = at("2020-09-14T12:06:01Z");
  f.count = 1;
  f.fields = {{"parent_process_name", event::Value("powershell.exe")},
              {"process", event::Value("WMIC.exe /node:WS6 process call create \"net user\"")},
              {"process_guid", event::Value("null")},
              {"dest", event::Value("WS5.theshire.local")},
              {"user", event::Value("THESHIRE\\pgustavo")},
              {"count", event::Value(1.0)},
              {"firstTime", event::Value("2020-09-14T12:06:01")},
              {"lastTime", event::Value("2020-09-14T12:06:01")}};
  f.risk = findings::score(*f.rule, f.fields);
  auto origin = std::make_shared<event::Origin>();
  origin->path = "logs/a.evtx";
  f.evidence.total = 1;
  f.evidence.events.push_back({origin, 423322, "Microsoft-Windows-Sysmon/Operational", 1,
                               at("2020-09-14T12:06:01.826Z"), true, false});
  return f;
}

// A finding without risk, technique, time or record: what a bare search may give.
inline findings::Finding bare_finding() {
  auto rule = std::make_shared<rules::Rule>();
  rule->name = "Bare";
  rule->id = "bare";
  findings::Finding f;
  f.rule = rule;
  f.finding_id = "f";
  f.fields = {{"Computer", event::Value("pc")}, {"n", event::Value(2.5)}};
  return f;
}

inline std::string printed(const std::string& format, const std::vector<findings::Finding>& all,
                           const sinks::RunSummary& summary = {},
                           const sinks::TableStyle& style = {}) {
  std::string out;
  const auto output = sinks::string_output(out);
  auto sink = sinks::make_sink(format, *output, style);
  if (!sink) return sink.error();
  for (const auto& f : all) (*sink)->add(f);
  (*sink)->finish(summary);
  return out;
}

}  // namespace escudo
