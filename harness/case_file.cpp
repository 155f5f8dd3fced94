#include "harness/case_file.hpp"

#include <algorithm>
#include <filesystem>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/yaml.hpp"

namespace escudo::harness {
namespace {

class Reader {
 public:
  Reader(base::Diagnostics& problems, const std::string& folder, const std::string& logs_folder)
      : problems_(problems), folder_(folder), logs_folder_(logs_folder) {}

  void known_keys(const base::Yaml& map, const std::vector<std::string>& known) {
    for (const auto& [key, value] : map.members()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      const auto near = base::nearest(key, known);
      complain(value.key(), "unknown-key", "a case has no key `" + key + "` here",
               near.empty() ? "" : "did you mean `" + near + "`?");
    }
  }

  std::vector<std::string> paths(const base::Yaml& list, bool also_logs) {
    std::vector<std::string> found;
    for (const auto& item : list.items()) {
      const auto text = item.text();
      if (const auto here = base::join_path(folder_, text); base::exists(here)) {
        found.push_back(here);
      } else if (const auto there = base::join_path(logs_folder_, text);
                 also_logs && base::exists(there)) {
        found.push_back(there);
      } else {
        complain(item, "no-such-file", "there is no " + text,
                 also_logs ? "it is looked for in " + folder_ + " and in " + logs_folder_ : "");
      }
    }
    return found;
  }

  Bounds bounds(const base::Yaml& map, std::vector<std::string> names, const std::string& subject) {
    names.push_back(subject);
    known_keys(map, names);
    Bounds result;
    const auto read = [&](const char* name) -> std::optional<double> {
      const auto node = map[name];
      if (!node) return std::nullopt;
      if (const auto number = node.number()) return number;
      complain(node, "not-a-number", std::string("`") + name + "` is not a number");
      return std::nullopt;
    };
    result.exactly = read("exactly");
    result.at_least = read("at_least");
    result.at_most = read("at_most");
    if (!result.exactly && !result.at_least && !result.at_most) {
      complain(map, "no-bound", "nothing is expected here", "say `exactly` or `at_least`");
    }
    if (map[subject].text().empty()) complain(map, "no-" + subject, "`" + subject + "` is missing");
    return result;
  }

  CaseData data(const base::Yaml& item) {
    if (!item.is_map()) return {item.text(), "", "", "", ""};
    known_keys(item, {"path", "source", "sourcetype", "host", "sha256"});
    if (item["path"].text().empty()) complain(item, "no-path", "a dataset has a `path`");
    return {item["path"].text(), item["source"].text(), item["sourcetype"].text(),
            item["host"].text(), base::to_lower(item["sha256"].text())};
  }

  RuleExpectation rule(const base::Yaml& item) {
    RuleExpectation result{item["rule"].text(),
                           bounds(item, {"exactly", "at_least", "at_most", "score", "objects"}, "rule")};
    result.objects = item["objects"].strings();
    if (const auto score = item["score"]) {
      result.score = score.number();
      if (!result.score) complain(score, "not-a-number", "`score` is not a number");
    }
    return result;
  }

  void complain(const base::Yaml& at, std::string code, std::string message, std::string hint = {}) {
    problems_.push_back(at.complain(std::move(code), std::move(message), std::move(hint)));
  }

 private:
  base::Diagnostics& problems_;
  const std::string& folder_;
  const std::string& logs_folder_;
};

std::string absolute(const std::string& path) {
  std::error_code error;
  auto result = std::filesystem::absolute(path, error).lexically_normal().generic_string();
  if (result.size() > 1 && result.back() == '/') result.pop_back();
  return error ? path : result;
}

}  // namespace

bool Bounds::hold(double value) const {
  return (!exactly || value == *exactly) && (!at_least || value >= *at_least) &&
         (!at_most || value <= *at_most);
}

std::string Bounds::text() const {
  std::string out;
  const auto add = [&](const char* word, const std::optional<double>& bound) {
    if (!bound) return;
    if (!out.empty()) out += " and ";
    out += word + base::number_text(*bound);
  };
  add("exactly ", exactly);
  add("at least ", at_least);
  add("at most ", at_most);
  return out;
}

std::optional<Case> read_case(const std::string& folder, const std::string& logs_folder,
                              base::Diagnostics& problems) {
  Case result;
  result.folder = absolute(folder);
  result.name = base::file_name(result.folder);
  result.logs_folder = absolute(logs_folder);
  const auto before = problems.size();
  const auto root = base::Yaml::read_file(base::join_path(result.folder, "case.yml"), problems);
  if (!root) return std::nullopt;

  Reader reader(problems, result.folder, result.logs_folder);
  if (!root->is_map()) {
    reader.complain(*root, "not-a-case", "a case is a map with `description` and `logs`");
    return std::nullopt;
  }
  reader.known_keys(*root, {"description", "logs", "data", "rules", "only", "args", "expect",
                            "risk", "unexpected", "exit", "says"});
  result.description = (*root)["description"].text();
  if (result.description.empty()) {
    reader.complain(*root, "no-description", "a case says in `description` what it shows");
  }
  result.logs = reader.paths((*root)["logs"], true);
  for (const auto& item : (*root)["data"].items()) result.data.push_back(reader.data(item));
  if (result.logs.empty() && result.data.empty() && problems.size() == before) {
    reader.complain(*root, "no-logs", "a case names its `logs`, or its `data`");
  }
  if (!(*root)["logs"].items().empty() && !result.data.empty()) {
    reader.complain((*root)["data"], "logs-and-data", "a case has `logs` or `data`, not both");
  }
  result.only = (*root)["only"].strings();
  result.rules = reader.paths((*root)["rules"], false);
  result.args = (*root)["args"].strings();
  result.says = (*root)["says"].strings();
  for (const auto& item : (*root)["expect"].items()) {
    result.expect.push_back(reader.rule(item));
  }
  for (const auto& item : (*root)["risk"].items()) {
    result.risk.push_back(
        {item["entity"].text(), reader.bounds(item, {"exactly", "at_least"}, "entity")});
  }
  const auto unexpected = (*root)["unexpected"].text_or("fail");
  if (unexpected == "warn") {
    result.unexpected = Unexpected::warn;
  } else if (unexpected == "ignore") {
    result.unexpected = Unexpected::ignore;
  } else if (unexpected != "fail") {
    reader.complain((*root)["unexpected"], "unknown-word", "`unexpected` is fail, warn or ignore");
  }
  if (const auto exit = (*root)["exit"]) {
    const auto number = exit.number();
    if (!number || *number < 0 || *number > 255) {
      reader.complain(exit, "not-an-exit-code", "an exit code is a number from 0 to 255");
    } else {
      result.exit = static_cast<int>(*number);
    }
  }
  if (problems.size() != before) return std::nullopt;
  return result;
}

}  // namespace escudo::harness
