#include "harness/suite/report.hpp"

#include <algorithm>

namespace escudo::harness {

const char* state_name(State state) {
  switch (state) {
    case State::pass:
      return "pass";
    case State::fail:
      return "fail";
    case State::untested:
      return "untested";
    case State::error:
      return "error";
  }
  return "";
}

const std::vector<Check>& checks() {
  static const std::vector<Check> all{
      {"no-findings", "The detection finds nothing in its own test data",
       "Splunk's content tests pass when the search gives at least one row. The explanation tells "
       "how far the events of the dataset get in the search."},
      {"risk-object-missing", "A row lacks a field that the detection puts at risk",
       "Every row must hold each risk object's field, and not the text `null`, or the risk event "
       "has nobody to be about. Add the field to the BY clause, or name another field."},
      {"threat-object-missing", "No row holds a field that the detection names as a threat object",
       "At least one row must hold each threat object's field, and not the text `null`."},
      {"unknown-field", "The detection names a field that its search cannot give",
       "The message or a risk or threat object names a field that is no column of the result. In "
       "Splunk the token would stand there unreplaced, or the risk event would be missing."},
      {"expectation", "A case found more, fewer or other findings than it expects",
       "The case's `expect`, `risk` and `unexpected` say what must be found."},
      {"golden-difference", "The findings differ from the golden ones",
       "Compare the findings that are lost (-), new (+) and other (~). When the new ones are "
       "right, "
       "`escudo test --rewrite` writes them."},
      {"error", "The test could not be carried out",
       "A rule that is invalid, a dataset that is damaged: the message says which."},
  };
  return all;
}

Failure failure_of(std::string code, const base::Diagnostic& diagnostic) {
  std::string rendered = diagnostic.render();  // its first line says place and message
  return {std::move(code), diagnostic.message, rendered.substr(rendered.find('\n') + 1),
          diagnostic.line};
}

double TestReport::score() const {
  double highest = 0;
  for (const Found& finding : found) highest = std::max(highest, finding.score.value_or(0));
  return highest;
}

std::string why_not_golden(const DatasetReport& dataset) {
  if (dataset.unreadable) return dataset.name + " cannot be read";
  if (dataset.unknown_format) return dataset.name + " is in no format Escudo knows";
  if (dataset.damaged > 0) return dataset.name + " is damaged";
  return {};
}

std::uint64_t Report::count(State state) const {
  return static_cast<std::uint64_t>(
      std::ranges::count(tests, state, [](const TestReport& test) { return test.state; }));
}

std::vector<std::pair<int, std::string>> Report::exit_codes() const {
  std::vector<std::pair<int, std::string>> out;
  if (interrupted) out.emplace_back(130, "interrupted");
  if (tested() == 0) out.emplace_back(3, "nothing was tested");
  if (count(State::fail) > 0) out.emplace_back(1, "a test failed");
  const bool damaged =
      std::ranges::any_of(datasets, [](const auto& d) { return d.damaged > 0 || d.unreadable; });
  if (count(State::error) > 0)
    out.emplace_back(2, "a test could not be carried out");
  else if (damaged)
    out.emplace_back(2, "a dataset is damaged");
  else if (strict && count(State::untested) > 0)
    out.emplace_back(2, "a test is untested");
  if (out.empty()) out.emplace_back(0, "");
  return out;
}

std::uint64_t Report::bytes() const {
  std::uint64_t sum = 0;
  for (const DatasetReport& dataset : datasets) sum += dataset.bytes;
  return sum;
}

}  // namespace escudo::harness
