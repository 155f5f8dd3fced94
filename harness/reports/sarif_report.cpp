// One result a failure, in the file of the detection or case it is about.

#include <algorithm>

#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "harness/reports/escape.hpp"
#include "harness/reports/reports.hpp"

namespace escudo::harness {
namespace {

constexpr std::size_t most_results = 25'000;  // GitHub refuses a run with more

void text_member(base::JsonWriter& json, const char* name, const std::string& text) {
  json.key(name).begin_object().member("text", text).end_object();
}

std::size_t index_of(const std::string& code) {
  const auto& all = checks();
  const auto it = std::ranges::find_if(all, [&](const Check& check) { return code == check.code; });
  return static_cast<std::size_t>(it - all.begin());
}

void write_result(base::JsonWriter& json, const TestReport& test, const Failure& failure,
                  const std::string& root) {
  const std::string uri = uri_path(below(root, test.path));
  json.begin_object();
  json.member("ruleId", failure.code)
      .member("ruleIndex", static_cast<std::uint64_t>(index_of(failure.code)));
  json.member("level", "error");
  text_member(json, "message",
              base::harmless(test.title()) + ": " + one_line(failure.message) +
                  (failure.detail.empty() ? "" : "\n" + failure.detail));
  json.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
  json.key("artifactLocation").begin_object().member("uri", uri).end_object();
  const std::uint32_t line =
      failure.line > 0 ? failure.line : std::max<std::uint32_t>(1, test.line);
  json.key("region")
      .begin_object()
      .member("startLine", static_cast<std::uint64_t>(line))
      .end_object();
  json.end_object().end_object().end_array();
  // The same trouble of the same test is the same alert, on whatever line it stands next time.
  const std::string what = failure.code + "\n" + uri + "\n" + test.test + "\n" + failure.message;
  json.key("partialFingerprints").begin_object();
  json.member("escudoTest/v1", base::sha256_hex(what)).end_object();
  json.end_object();
}

}  // namespace

std::string sarif_report(const Report& report, const std::string& root) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object();
  json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
      .member("version", "2.1.0");
  json.key("runs").begin_array().begin_object();
  json.key("tool").begin_object().key("driver").begin_object();
  json.member("name", "Escudo")
      .member("semanticVersion", report.version)
      .key("rules")
      .begin_array();
  for (const Check& check : checks()) {
    json.begin_object().member("id", check.code).member("name", check.code);
    text_member(json, "shortDescription", check.title);
    text_member(json, "fullDescription", check.title);
    text_member(json, "help", check.help);
    json.key("defaultConfiguration").begin_object().member("level", "error").end_object();
    json.key("properties").begin_object().key("tags").begin_array().value("detection").end_array();
    json.member("precision", "very-high").end_object();
    json.end_object();
  }
  json.end_array().end_object().end_object();
  json.member("columnKind", "utf16CodeUnits");
  // Keeps these alerts apart from those of other tools. Two runs of Escudo over one commit replace
  // each other's, unless the upload gives each a `category`, which wins over this id.
  json.key("automationDetails").begin_object().member("id", "escudo-test/").end_object();
  json.key("results").begin_array();
  std::size_t written = 0;
  for (const TestReport& test : report.tests) {
    if (test.state != State::fail && test.state != State::error) continue;
    std::vector<Failure> failures = test.failures;
    if (failures.empty()) failures.push_back({"error", test.reason, "", 0});
    for (const Failure& failure : failures)
      if (written++ < most_results) write_result(json, test, failure, root);
  }
  json.end_array().end_object().end_array().end_object();
  return out + "\n";
}

}  // namespace escudo::harness
