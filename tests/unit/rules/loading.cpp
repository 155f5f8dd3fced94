// Paths -> rules: files, folders, checkouts, and the real content where it is at hand.

#include "base/files.hpp"
#include "catch.hpp"
#include "rules/rule.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

std::string detection(const std::string& name, const std::string& id) {
  return "name: " + name + "\nid: " + id + "\ntype: TTP\nsearch: index=main\n";
}

std::string names(const rules::RuleSet& set) {
  std::string out;
  for (const auto& rule : set.rules) out += rule->name + " ";
  return out;
}

}  // namespace

TEST_CASE("a folder gives its detections sorted by name and passes over what is none") {
  ScratchFolder f;
  f.write("z/one.yml", detection("B", "1"));
  f.write("a.yaml", detection("C", "2"));
  f.write("m.yml", detection("A", "3"));
  f.write("macro.yml", "name: m\ndefinition: search *\n");
  f.write("lookup.yml", "name: l\nfilename: l.csv\n");
  f.write("story.yml", "name: s\nid: x\nnarrative: text\ntags: {category: [a]}\n");
  f.write("baseline.yml", "name: b\nid: y\ntype: Baseline\nsearch: x\n");
  f.write("deployment.yml", "name: d\ntype: TTP\nscheduling: {cron_schedule: 0 * * * *}\n");
  f.write("notes.txt", "not YAML: [");
  f.write(".hidden/d.yml", detection("H", "4"));
  const auto set = rules::load_rules({f.path()});
  CHECK(names(set) == "A B C ");
  CHECK(codes(set.problems) == "");
  CHECK(set.failed_paths.empty());
}

TEST_CASE("a bad file does not stop the others") {
  ScratchFolder f;
  f.write("a.yml", detection("A", "1"));
  const std::string broken = f.write("b.yml", "name: [\n");
  const std::string incomplete = f.write("c.yml", "name: C\nid: 2\ntype: TTP\n");
  const auto set = rules::load_rules({f.path()});
  CHECK(names(set) == "A ");
  CHECK(set.failed_paths == std::vector<std::string>{broken, incomplete});
  CHECK(set.problems.size() == 2);
}

TEST_CASE("a file that is named must be a detection") {
  ScratchFolder f;
  const std::string macro = f.write("macro.yml", "name: m\ndefinition: search *\n");
  const auto set = rules::load_rules({macro, f.path("absent.yml")});
  CHECK(set.rules.empty());
  CHECK(set.failed_paths == std::vector<std::string>{macro, f.path("absent.yml")});
  REQUIRE(set.problems.size() == 2);
  CHECK(set.problems[0].code == "not-a-detection");
  CHECK(set.problems[1].code == "unreadable-file");
}

TEST_CASE("of a checkout only detections/ is read, and its schedules apply") {
  ScratchFolder f;
  f.write("detections/endpoint/a.yml", detection("A", "1"));
  f.write("detections/endpoint/b.yml",
          detection("B", "2") +
              "tags: {mitre_attack_id: [T1]}\n"
              "deployment:\n  scheduling: {cron_schedule: 1 1 1 1 1}\n");
  f.write("detections/endpoint/c.yml", detection("C", "3") + "schedule: Nightly\n");
  f.write("detections/endpoint/d.yml", detection("D", "4") + "tags: {mitre_attack_id: [T1]}\n");
  f.write("baselines/z.yml", detection("Z", "9"));
  f.write("deployments/ttp.yml",
          "name: t\ntype: TTP\nscheduling:\n  cron_schedule: 0 * * * *\n"
          "  earliest_time: -70m@m\n  latest_time: -10m@m\n");
  f.write("schedules/nightly.yml", "name: Nightly\ncron_schedule: 0 3 * * *\n");
  f.write("schedules/default.yml",
          "name: Default EventBasedDetection\ncron_schedule: 5 * * * *\nearliest_time: -1h\n");
  const auto set = rules::load_rules({f.path()});
  REQUIRE(names(set) == "A B C D ");
  CHECK(set.rules[0]->cron == "5 * * * *");  // v6: the default of v6
  CHECK(set.rules[0]->earliest == "-1h");
  CHECK(set.rules[1]->cron == "1 1 1 1 1");  // its own
  CHECK(set.rules[2]->cron == "0 3 * * *");  // the one it names
  CHECK(set.rules[3]->cron == "0 * * * *");  // v5: by type
  CHECK(set.rules[3]->earliest == "-70m@m");
  CHECK(set.rules[3]->latest == "-10m@m");
}

TEST_CASE("a file reached twice loads once, an id used twice is a warning") {
  ScratchFolder f;
  const std::string a = f.write("a.yml", detection("A", "AB"));
  f.write("b.yml", detection("B", "ab"));
  const auto set = rules::load_rules({a, f.path(), a});
  CHECK(names(set) == "A B ");
  CHECK(codes(set.problems) == "warning duplicate-id 2:5");
  CHECK(set.problems[0].message == "`" + a + "` has the same id");
}

TEST_CASE("the order of paths does not show") {
  ScratchFolder f;
  const std::string a = f.write("1.yml", detection("Same", "1"));
  const std::string b = f.write("2.yml", detection("Same", "2"));
  const auto forth = rules::load_rules({a, b}), back = rules::load_rules({b, a});
  REQUIRE(forth.rules.size() == 2);
  CHECK(forth.rules[0]->path == back.rules[0]->path);
}

TEST_CASE("the checkout of a path is the nearest folder with detections or macros") {
  ScratchFolder f;
  f.write("repo/detections/endpoint/a.yml", "");
  f.write("repo/detections/endpoint/lab/macros/m.yml", "");
  const std::string repo = f.path("repo");
  CHECK(rules::checkout_of(repo) == repo);
  CHECK(rules::checkout_of(repo + "/") == repo);
  CHECK(rules::checkout_of(repo + "/detections") == repo);
  CHECK(rules::checkout_of(repo + "/detections/endpoint/a.yml") == repo);
  CHECK(rules::checkout_of(repo + "/detections/endpoint/lab/x.yml") ==
        repo + "/detections/endpoint/lab");
  CHECK(rules::checkout_of(f.path("elsewhere/x.yml")) == std::nullopt);
}

TEST_CASE("the shipped detection") {
  const auto set = rules::load_rules({std::string(ESCUDO_ROOT) + "/content"});
  CHECK(codes(set.problems) == "");
  REQUIRE(set.rules.size() >= 1);
  const auto rule = *std::ranges::find_if(
      set.rules, [](const auto& r) { return r->id == "0661c2de-93de-11ec-9833-acde48001122"; });
  CHECK(rule->name == "Windows WMI Process Call Create");
  CHECK(rule->type == "Hunting");
  CHECK(rule->mitre_attack == std::vector<std::string>{"T1047"});
  REQUIRE(rule->risk);
  CHECK(rule->risk->score() == 25);
}

TEST_CASE("every detection of the given checkout loads") {
  const std::string checkout = std::string(ESCUDO_SHARED) + "/content/security_content";
  if (!base::is_folder(checkout)) {
    WARN("skipped: no " << checkout);
    return;
  }
  const auto set = rules::load_rules({checkout});
  CHECK(set.rules.size() == 780);
  CHECK(set.failed_paths.empty());
  // Four files of this commit carry a risk_score that is not the product; nothing else is odd.
  CHECK(set.problems.size() == 4);
  for (const auto& d : set.problems) CHECK(d.code == "risk-score-mismatch");
  for (const auto& rule : set.rules) {
    INFO(rule->path);
    CHECK(rule->generation == rules::Generation::v4);
    CHECK(rule->risk);
    CHECK(rule->cron == "0 * * * *");
    CHECK(rule->earliest == "-70m@m");
    for (const auto& test : rule->tests) {
      for (const auto& data : test.data) {
        CHECK(data.data.starts_with("https://"));
        CHECK(data.data.find(' ') == std::string::npos);
      }
    }
  }
}

TEST_CASE("the three generations of the given examples") {
  const std::string folder = std::string(ESCUDO_SHARED) + "/content/generations";
  if (!base::is_folder(folder)) {
    WARN("skipped: no " << folder);
    return;
  }
  const auto set = rules::load_rules({folder});
  REQUIRE(set.rules.size() == 3);
  CHECK(codes(set.problems) == "warning duplicate-id 2:5");
  CHECK(set.rules[0]->generation == rules::Generation::v5);
  CHECK(set.rules[0]->risk->score() == 60);
  CHECK(set.rules[1]->generation == rules::Generation::v4);
  CHECK(set.rules[1]->risk->score() == 25);
  CHECK(set.rules[2]->generation == rules::Generation::v6);
  CHECK_FALSE(set.rules[2]->risk);
}
