#include "harness/ctest_entries.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "harness/findings.hpp"

namespace escudo::harness {
namespace {

// An argument of CMake's language that is taken as it is.
std::string bracketed(const std::string& text) {
  std::string equals;
  while (text.find("]" + equals + "]") != std::string::npos) equals += '=';
  return "[" + equals + "[" + text + "]" + equals + "]";
}

// A label: lists are parted by semicolons, which no label may hold.
std::string label(const std::string& text) {
  return base::replace_all(base::harmless(text), ";", ",");
}

std::string stem(const std::string& path) {
  const auto name = base::file_name(path);
  return name.substr(0, name.rfind('.'));
}

std::string short_name(const std::string& dataset) {
  for (const char* prefix : {"datasets/attack_techniques/", "datasets/"}) {
    if (dataset.starts_with(prefix)) return dataset.substr(std::string(prefix).size());
  }
  return dataset;
}

}  // namespace

base::Result<std::string> ctest_entries(const std::string& listed, const EntryOptions& options) {
  std::string out =
      "# Written by escudo_harness --ctest-entries; one entry a detection and dataset.\n";
  std::map<std::string, int> names;
  std::size_t number = 0;
  for (const auto line : base::split(listed, '\n')) {
    ++number;
    if (base::trim(line).empty()) continue;
    const auto test = Finding::parse(line, nullptr, false);
    if (!test.is_object() || !test.contains("datasets") || !test["datasets"].is_array()) {
      return base::Error{"line " + std::to_string(number) + " of the list names no test"};
    }
    const auto path = text_of(test, "path");
    for (const auto& item : test["datasets"]) {
      if (!item.is_string()) continue;
      const auto dataset = item.get<std::string>();
      std::string name = "attack_data/" + stem(path) + "/" + short_name(dataset);
      if (const int before = names[name]++; before > 0)
        name += " (" + std::to_string(before + 1) + ")";
      std::string labels = "attack_data";
      if (test.contains("mitre_attack") && test["mitre_attack"].is_array()) {
        for (const auto& technique : test["mitre_attack"])
          if (technique.is_string()) labels += ";" + label(technique.get<std::string>());
      }
      labels += ";" + label(text_of(test, "detection"));
      out += "add_test(" + bracketed(name);
      std::vector<std::string> command{options.harness, "--program", options.program,
                                       "--memory-limit", std::to_string(options.memory_megabytes)};
      if (!options.data.empty()) command.insert(command.end(), {"--data", options.data});
      command.insert(command.end(), {"--detection", path, "--dataset", dataset});
      for (const auto& word : command) out += " " + bracketed(word);
      out += ")\nset_tests_properties(" + bracketed(name) +
             " PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300 LABELS " + bracketed(labels) + ")\n";
    }
  }
  return out;
}

}  // namespace escudo::harness
