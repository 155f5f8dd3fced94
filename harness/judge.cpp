#include "harness/judge.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/text.hpp"

namespace escudo::harness {
namespace {

bool names(const RuleExpectation& expectation, const Finding& finding) {
  return text_of(finding, "detection") == expectation.rule ||
         text_of(finding, "id") == expectation.rule;
}

double risk_of(const std::string& entity, const std::vector<Finding>& findings) {
  static const auto objects = Finding::json_pointer("/risk/objects");
  double sum = 0;
  for (const auto& finding : findings) {
    if (!finding.contains(objects)) continue;
    for (const auto& object : finding[objects]) {
      if (text_of(object, "value") == entity) sum += object.value("score", 0.0);
    }
  }
  return sum;
}

void judge_each(const RuleExpectation& expectation, const std::vector<Finding>& findings,
                Verdict& verdict) {
  static const auto score_of = Finding::json_pointer("/risk/score");
  static const auto objects_of = Finding::json_pointer("/risk/objects");
  for (const auto& finding : findings) {
    if (!names(expectation, finding)) continue;
    const auto title = "\"" + expectation.rule + "\" [" + text_of(finding, "first_time") + "]";
    const bool scored = finding.contains(score_of) && finding[score_of].is_number();
    if (expectation.score &&
        (!scored || finding[score_of].get<double>() != *expectation.score)) {
      verdict.failures.push_back(
          "expected " + title + " to score " + base::number_text(*expectation.score) + ", it scores " +
          (scored ? base::number_text(finding[score_of].get<double>()) : "nothing"));
    }
    for (const auto& field : expectation.objects) {
      const bool has = finding.contains(objects_of) && finding[objects_of].is_array() &&
                       std::ranges::any_of(finding[objects_of], [&](const Finding& object) {
                         return text_of(object, "field") == field;
                       });
      if (!has) verdict.failures.push_back("expected " + title + " to put `" + field + "` at risk");
    }
  }
}

}  // namespace

std::vector<Finding> judged_findings(const Case& c, std::vector<Finding> findings) {
  if (c.only.empty()) return findings;
  std::erase_if(findings, [&](const Finding& finding) {
    return std::ranges::none_of(c.only, [&](const std::string& rule) {
      return text_of(finding, "detection") == rule || text_of(finding, "id") == rule;
    });
  });
  return findings;
}

void judge_findings(const Case& expected, const std::vector<Finding>& findings, Verdict& verdict) {
  for (const auto& expectation : expected.expect) {
    const auto count = static_cast<double>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return names(expectation, finding); }));
    if (!expectation.count.hold(count)) {
      verdict.failures.push_back("expected " + expectation.count.text() + " of \"" +
                                 expectation.rule + "\", found " + base::number_text(count));
    }
    judge_each(expectation, findings, verdict);
  }
  for (const auto& expectation : expected.risk) {
    const double score = risk_of(expectation.entity, findings);
    if (!expectation.score.hold(score)) {
      verdict.failures.push_back("expected risk of " + expectation.score.text() + " for \"" +
                                 expectation.entity + "\", found " + base::number_text(score));
    }
  }
  if (expected.unexpected == Unexpected::ignore) return;
  std::map<std::string, int> others;
  for (const auto& finding : findings) {
    if (std::none_of(expected.expect.begin(), expected.expect.end(),
                     [&](const RuleExpectation& e) { return names(e, finding); })) {
      ++others[text_of(finding, "detection")];
    }
  }
  auto& where =
      expected.unexpected == Unexpected::warn ? verdict.warnings : verdict.failures;
  for (const auto& [rule, count] : others) {
    where.push_back("did not expect \"" + base::harmless(rule) + "\", found " +
                    std::to_string(count));
  }
}

void judge_run(const Case& expected, const Outcome& outcome, const Limits& limits,
               Verdict& verdict) {
  if (outcome.end != Outcome::End::exited || outcome.code != expected.exit) {
    std::string text = "the scan " + describe(outcome, limits) + ", expected exit code " +
                       std::to_string(expected.exit);
    verdict.failures.push_back(std::move(text));
  }
  for (const auto& piece : expected.says) {
    if (outcome.err.find(piece) == std::string::npos) {
      verdict.failures.push_back("standard error does not say \"" + piece + "\"");
    }
  }
}

}  // namespace escudo::harness
