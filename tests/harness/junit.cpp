#include "harness/junit.hpp"

#include "catch.hpp"

using namespace escudo::harness;

namespace {

CaseResult result(const std::string& name, int milliseconds) {
  CaseResult r;
  r.name = name;
  r.time = std::chrono::milliseconds(milliseconds);
  return r;
}

}  // namespace

TEST_CASE("JUnit tells the counts, the times and the failure") {
  auto bad = result("bad", 1250);
  bad.verdict.failures = {"expected 1 of \"A & <B>\"\nfound\x1b[2J 2"};
  const auto xml = junit_xml({result("good", 5), bad});
  CHECK(xml ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites>\n"
        "  <testsuite name=\"escudo cases\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" "
        "time=\"1.255\">\n"
        "    <testcase classname=\"case\" name=\"good\" time=\"0.005\"/>\n"
        "    <testcase classname=\"case\" name=\"bad\" time=\"1.250\">\n"
        "      <failure message=\"expected 1 of &quot;A &amp; &lt;B&gt;&quot;&#10;found\\x1b[2J 2\">"
        "FAIL bad (1250 ms)&#10;  expected 1 of &quot;A &amp; &lt;B&gt;&quot;&#10;  found\\x1b[2J 2&#10;"
        "</failure>\n"
        "    </testcase>\n"
        "  </testsuite>\n"
        "</testsuites>\n");
}

TEST_CASE("a warning is kept without failing the case") {
  auto r = result("warned", 1);
  r.verdict.warnings = {"did not expect \"B\", found 1"};
  const auto xml = junit_xml({r});
  CHECK(xml.find("failures=\"0\"") != std::string::npos);
  CHECK(xml.find("<system-out>") != std::string::npos);
  CHECK(xml.find("did not expect &quot;B&quot;") != std::string::npos);
}
