#include "base/json.hpp"
#include "harness/suite/suite.hpp"

namespace escudo::harness {

std::string test_list(const Suite& suite) {
  std::string out;
  for (const Test& test : suite.tests) {
    const TestReport& report = test.report;
    base::JsonWriter json(out);
    json.begin_object().member("detection", report.detection).member("id", report.id);
    json.member("test", report.test).member("path", report.path).member("case", report.is_case());
    json.key("datasets").begin_array();
    for (const std::string& dataset : report.datasets) json.value(dataset);
    json.end_array().key("mitre_attack").begin_array();
    for (const std::string& technique : report.mitre) json.value(technique);
    json.end_array().end_object();
    out += '\n';
  }
  return out;
}

}  // namespace escudo::harness
