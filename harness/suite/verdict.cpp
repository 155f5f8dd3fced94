#include "harness/suite/verdict.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/files.hpp"
#include "base/text.hpp"
#include "harness/findings.hpp"
#include "harness/judge.hpp"
#include "sinks/sink.hpp"

namespace escudo::harness {
namespace {

const event::Value* cell(const findings::Finding& row, const std::string& field) {
  for (const auto& [name, value] : row.fields)
    if (name == field && !value.is_null()) return &value;
  return nullptr;
}

bool is_null_text(const event::Value* value) {
  return value && value->is_text() && value->as_text() == "null";
}

std::set<std::string> threat_fields(const rules::RiskSpec& risk) {
  std::set<std::string> out;
  for (const auto& threat : risk.threats) out.insert(threat.field);
  return out;
}

std::set<std::string> risk_fields(const rules::RiskSpec& risk) {
  std::set<std::string> out;
  for (const auto& object : risk.objects) out.insert(object.field);
  return out;
}

// The first thing contentctl would object to.
std::optional<Failure> contentctl_objection(const rules::Rule& rule,
                                            const std::vector<findings::Finding>& rows) {
  if (rows.empty()) {
    return Failure{"no-findings", "the search finds nothing in the test's data", "",
                   rule.search_node.line()};
  }
  if (!rule.risk) return {};
  const auto risk = risk_fields(*rule.risk);
  const auto threats = threat_fields(*rule.risk);
  std::set<std::string> seen;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    for (const auto& field : risk) {
      const event::Value* value = cell(rows[k], field);
      if (value && !is_null_text(value)) continue;
      return Failure{"risk-object-missing",
                     "row " + std::to_string(k + 1) + " of " + std::to_string(rows.size()) +
                         (value ? " has `null` in `" : " has no `") + field +
                         "`, which is a risk object",
                     "", 0};
    }
    std::size_t here = 0;
    for (const auto& field : threats) {
      const event::Value* value = cell(rows[k], field);
      if (!value || is_null_text(value)) continue;
      seen.insert(field);
      ++here;
    }
    if (here == threats.size()) return {};
  }
  for (const auto& field : threats) {
    if (seen.contains(field)) continue;
    return Failure{"threat-object-missing",
                   "no row has anything in `" + field + "`, which is a threat object", "", 0};
  }
  return {};
}

void fill_found(const std::vector<findings::Finding>& rows, TestReport& report) {
  report.findings = rows.size();
  for (const auto& row : rows) {
    if (report.found.size() == most_found) return;
    Found& found = report.found.emplace_back();
    found.id = row.finding_id;
    if (row.first_time) found.first_time = base::format_utc(*row.first_time);
    if (!row.risk) continue;
    found.message = row.risk->message;
    found.score = row.risk->score;
    for (const auto& object : row.risk->objects) {
      found.objects.push_back({object.field, object.type, object.value, object.score});
    }
  }
}

// Tokens that no row fills: the search may give the field, but here it never does.
void warn_of_empty_tokens(const detect::CompiledRule& compiled,
                          const std::vector<findings::Finding>& rows, TestReport& report) {
  const rules::Rule& rule = *compiled.rule;
  if (!rule.risk || rows.empty()) return;
  const bool all_known = compiled.plan && compiled.plan->columns_known;
  for (const auto& token : findings::message_tokens(rule.risk->message)) {
    if (all_known &&
        std::ranges::find(compiled.plan->columns, token) == compiled.plan->columns.end())
      continue;
    const bool filled =
        std::ranges::any_of(rows, [&](const auto& row) { return cell(row, token); });
    if (!filled) report.warnings.push_back("the message names `" + token + "`, which no row fills");
  }
}

base::Result<std::vector<Finding>> as_json(const std::vector<findings::Finding>& rows,
                                           const Case& c) {
  std::string text;
  for (const auto& row : rows) text += sinks::finding_json(row) + '\n';
  auto out = parse_findings(text);
  if (out) {
    for (auto& finding : *out) shorten_sources(finding, {c.folder, c.logs_folder});
  }
  return out;
}

// Of a difference in everything, its begin says it all.
std::string cut(const std::string& lines) {
  constexpr std::size_t most_lines = 100;
  std::size_t end = 0, n = 0;
  while (end < lines.size() && n < most_lines) {
    const auto next = lines.find('\n', end);
    if (next == std::string::npos) return lines;
    end = next + 1;
    ++n;
  }
  const auto left = std::count(lines.begin() + static_cast<std::ptrdiff_t>(end), lines.end(), '\n');
  return left == 0 ? lines : lines.substr(0, end) + "and " + std::to_string(left) + " more lines\n";
}

void settle(TestReport& report) {
  report.state = report.failures.empty() ? State::pass : State::fail;
}

}  // namespace

std::vector<Failure> impossible_fields(const detect::CompiledRule& compiled,
                                       const detect::Linter& linter) {
  std::vector<Failure> out;
  if (!compiled.rule->risk || !compiled.plan || !compiled.plan->columns_known) return out;
  for (const base::Diagnostic& d : linter.lint(compiled)) {
    if (d.code == "no-such-column") out.push_back(failure_of("unknown-field", d));
  }
  return out;
}

void judge_detection(const detect::CompiledRule& compiled, const detect::Linter& linter,
                     const std::vector<findings::Finding>& rows, TestReport& report) {
  const rules::Rule& rule = *compiled.rule;
  fill_found(rows, report);
  auto objection = contentctl_objection(rule, rows);
  report.contentctl_passes = !objection;
  if (objection) report.failures.push_back(std::move(*objection));
  for (Failure& failure : impossible_fields(compiled, linter))
    report.failures.push_back(std::move(failure));
  warn_of_empty_tokens(compiled, rows, report);
  settle(report);
  if (rows.empty() && compiled.status == detect::Status::partly) {
    // Nothing can be said of a search that stands on a table which is not here.
    report.state = State::untested;
    report.reason = "it finds nothing, but rests on what is not here: " + compiled.reason;
    report.failures.clear();
  }
}

void judge_case(const Case& c, const std::vector<findings::Finding>& rows, TestReport& report) {
  fill_found(rows, report);
  const auto found = as_json(rows, c);
  if (!found) {
    report.failures.push_back({"error", found.error(), "", 0});
    return settle(report);
  }
  Verdict verdict;
  judge_findings(c, *found, verdict);
  for (auto& text : verdict.failures)
    report.failures.push_back({"expectation", std::move(text), "", 0});
  report.warnings = std::move(verdict.warnings);
  const auto path = base::join_path(c.folder, "expected.jsonl");
  if (base::exists(path)) {
    const auto text = base::read_file(path);
    const auto golden = text ? parse_findings(*text)
                             : base::Result<std::vector<Finding>>(base::Error{text.error()});
    if (!golden) {
      report.failures.push_back({"golden-difference", "expected.jsonl: " + golden.error(), "", 0});
    } else if (auto lines = difference(*golden, *found); !lines.empty()) {
      report.failures.push_back(
          {"golden-difference", "expected.jsonl (-) and what was found (+) differ", cut(lines), 0});
    }
  }
  settle(report);
}

void rewrite_case(const Case& c, const std::vector<findings::Finding>& rows, TestReport& report) {
  fill_found(rows, report);
  const auto found = as_json(rows, c);
  const auto written =
      found ? base::write_file(base::join_path(c.folder, "expected.jsonl"), print_findings(*found))
            : base::Result<void>(base::Error{found.error()});
  if (!written) report.failures.push_back({"error", written.error(), "", 0});
  settle(report);
}

}  // namespace escudo::harness
