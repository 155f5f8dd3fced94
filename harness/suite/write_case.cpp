#include "harness/suite/write_case.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "harness/reports/escape.hpp"

namespace escudo::harness {
namespace {

bool same_data(const Case& c, const Suite& suite, const Test& test) {
  return std::ranges::equal(c.data, test.inputs, [&](const CaseData& a, const Input& b) {
    return replay::dataset_name(a.path) == suite.datasets[b.dataset].name;
  });
}

bool is_of(const Case& c, const Suite& suite, const Test& test) {
  const bool expects = std::ranges::any_of(c.expect, [&](const RuleExpectation& e) {
    return e.rule == test.report.detection || e.rule == test.report.id;
  });
  return expects && same_data(c, suite, test);
}

// What the detection's file is called, for a file name of any system.
std::string folder_name(const std::string& path) {
  std::string name = base::file_name(path);
  name = name.substr(0, name.rfind('.'));
  for (char& c : name) {
    const bool plain = base::is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '_' || c == '-';
    if (!plain) c = '_';
  }
  return name.empty() ? "case" : name;
}

std::string case_yml(const Suite& suite, const Test& test, const TestReport& report) {
  const std::string rule = yaml_text(report.detection);
  std::string out =
      "description: " + yaml_text(report.title() + " finds what it found when this was written") +
      "\n";
  out += "data:\n";
  for (const Input& input : test.inputs) {
    out += "  - path: " + yaml_text(suite.datasets[input.dataset].name) + "\n";
    for (const auto& [name, value] : {std::pair{"source", &input.source},
                                      {"sourcetype", &input.sourcetype},
                                      {"host", &input.host}}) {
      if (!value->empty()) out += std::string("    ") + name + ": " + yaml_text(*value) + "\n";
    }
  }
  out += "only: [" + rule + "]\nexpect:\n  - {rule: " + rule +
         ", exactly: " + std::to_string(report.findings) + "}\n";
  std::map<std::string, double> entities;
  for (const Found& found : report.found)
    for (const RiskOfObject& object : found.objects) entities[object.value] += object.score;
  if (report.found.size() == report.findings && !entities.empty()) {
    out += "risk:\n";
    for (const auto& [entity, score] : entities) {
      out += "  - {entity: " + yaml_text(entity) + ", exactly: " + base::number_text(score) + "}\n";
    }
  }
  return out;
}

// Why no case may be made of what the test found, "" when one may.
std::string damage(const TestReport& test, const Report& report) {
  for (const DatasetReport& dataset : report.datasets) {
    if (std::ranges::find(test.datasets, dataset.name) == test.datasets.end()) continue;
    if (std::string why = why_not_golden(dataset); !why.empty()) return why;
  }
  return {};
}

}  // namespace

base::Result<std::vector<Case>> write_cases(const Suite& suite, Report& report,
                                            const std::vector<Case>& have,
                                            const std::string& folder) {
  std::vector<Case> made;
  for (std::size_t t = 0; t < suite.tests.size(); ++t) {
    const Test& test = suite.tests[t];
    TestReport& result = report.tests[t];
    if (!test.rule || result.findings == 0 || result.state == State::untested) continue;
    const auto has = [&](const Case& c) { return is_of(c, suite, test); };
    if (std::ranges::any_of(have, has) || std::ranges::any_of(made, has)) continue;
    if (const std::string why = damage(result, report); !why.empty()) {
      result.state = State::error;
      result.reason = "no case was made of it: " + why;
      result.failures = {{"error", result.reason, "", 0}};
      continue;
    }
    const std::string name = folder_name(result.path);
    std::string place = base::join_path(folder, name);
    for (int n = 2; base::exists(place); ++n)
      place = base::join_path(folder, name + "_" + std::to_string(n));
    std::error_code error;
    std::filesystem::create_directories(place, error);
    if (error) return base::Error{"cannot make " + place + ": " + error.message()};
    const auto written =
        base::write_file(base::join_path(place, "case.yml"), case_yml(suite, test, result));
    if (!written) return base::Error{written.error()};
    base::Diagnostics problems;
    auto c = read_case(place, place, problems);
    if (!c)
      return base::Error{problems.empty() ? place + " cannot be read back"
                                          : problems.front().message};
    made.push_back(std::move(*c));
  }
  return made;
}

}  // namespace escudo::harness
