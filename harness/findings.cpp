#include "harness/findings.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace escudo::harness {
namespace {

std::string one_line(const Finding& value) {
  return value.dump(-1, ' ', false, Finding::error_handler_t::replace);
}

std::string title(const Finding& finding) {
  std::string out = text_of(finding, "detection");
  out += " [" + text_of(finding, "first_time") + "] " + text_of(finding, "finding_id");
  return base::harmless(out);
}

void add_line(std::string& out, char mark, const std::string& text) {
  out += mark;
  out += ' ';
  out += text;
  out += '\n';
}

// Both have the same finding_id.
void compare(std::string& out, const Finding& expected, const Finding& actual) {
  if (expected == actual) return;
  add_line(out, '~', title(expected));
  const auto a = expected.flatten();
  const auto b = actual.flatten();
  const auto before = out.size();
  for (const auto& [pointer, value] : a.items()) {
    if (!b.contains(pointer)) {
      add_line(out, ' ', "  " + base::harmless(pointer) + ": missing " + one_line(value));
    } else if (b[pointer] != value) {
      add_line(out, ' ', "  " + base::harmless(pointer) + ": expected " + one_line(value) +
                             ", got " + one_line(b[pointer]));
    }
  }
  for (const auto& [pointer, value] : b.items()) {
    if (!a.contains(pointer)) {
      add_line(out, ' ', "  " + base::harmless(pointer) + ": not expected " + one_line(value));
    }
  }
  if (out.size() == before) {
    add_line(out, ' ', "  the same values, but keys stand in another order or an empty list or map differs");
  }
}

}  // namespace

std::string text_of(const Finding& object, const char* member) {
  if (!object.is_object()) return {};
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

base::Result<std::vector<Finding>> parse_findings(std::string_view jsonl) {
  std::vector<Finding> findings;
  std::size_t number = 0;
  for (const auto line : base::split(jsonl, '\n')) {
    ++number;
    if (base::trim(line).empty()) continue;
    auto parsed = Finding::parse(line, nullptr, false);
    if (!parsed.is_object()) {
      return base::Error{"line " + std::to_string(number) + " is not a JSON object: " +
                         base::harmless(line.substr(0, 200))};
    }
    if (text_of(parsed, "type") == "finding") {
      findings.push_back(std::move(parsed));
    } else {
      return base::Error{"line " + std::to_string(number) + " is not a finding: " +
                         base::harmless(line.substr(0, 200))};
    }
  }
  return findings;
}

std::string print_findings(const std::vector<Finding>& findings) {
  std::string out;
  for (const auto& finding : findings) out += one_line(finding) + '\n';
  return out;
}

void shorten_sources(Finding& finding, const std::vector<std::string>& folders) {
  const auto pointer = Finding::json_pointer("/evidence/events");
  if (!finding.contains(pointer) || !finding[pointer].is_array()) return;
  for (auto& event : finding[pointer]) {
    const auto source = text_of(event, "source");
    for (const auto& folder : folders) {
      if (source.size() <= folder.size() + 1 || source[folder.size()] != '/' ||
          source.compare(0, folder.size(), folder) != 0) {
        continue;
      }
      event["source"] = source.substr(folder.size() + 1);
      break;
    }
  }
}

std::string difference(const std::vector<Finding>& expected, const std::vector<Finding>& actual) {
  std::string out;
  std::vector<bool> paired(actual.size(), false);
  bool in_order = true;
  std::size_t last = 0;
  for (const auto& finding : expected) {
    const auto id = text_of(finding, "finding_id");
    std::size_t at = 0;
    while (at < actual.size() && (paired[at] || text_of(actual[at], "finding_id") != id)) ++at;
    if (at == actual.size()) {
      add_line(out, '-', title(finding));
      add_line(out, ' ', "  " + one_line(finding));
      continue;
    }
    paired[at] = true;
    if (at < last) in_order = false;
    last = at;
    compare(out, finding, actual[at]);
  }
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (paired[i]) continue;
    add_line(out, '+', title(actual[i]));
    add_line(out, ' ', "  " + one_line(actual[i]));
  }
  if (out.empty() && !in_order) out = "the same findings in another order\n";
  return out;
}

}  // namespace escudo::harness
