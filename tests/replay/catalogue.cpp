#include "replay/catalogue.hpp"

#include <map>

#include "scratch.hpp"

using namespace escudo;
using namespace escudo::replay;
using harness::testing::Scratch;

namespace {

rules::RuleSet two_rules() {
  rules::RuleSet set;
  for (const char* name : {"Beta", "Alpha"}) {
    auto rule = std::make_shared<rules::Rule>();
    rule->name = name;
    rule->tests.push_back(
        {"True Positive Test",
         {{"https://media.githubusercontent.com/media/splunk/attack_data/master/datasets/T1/x.log",
           "XmlWinEventLog:Security", "XmlWinEventLog", ""}}});
    set.rules.push_back(rule);
  }
  return set;
}

std::vector<std::string> names(const std::vector<const Dataset*>& datasets) {
  std::vector<std::string> out;
  for (const Dataset* d : datasets) out.push_back(d->name);
  return out;
}

}  // namespace

TEST_CASE("a catalogue knows who uses a dataset, and chooses by path, address and detection") {
  Catalogue catalogue;
  catalogue.add_rules(two_rules());
  CHECK(catalogue.size() == 1);
  const Dataset* x = catalogue.find("datasets/T1/x.log");
  REQUIRE(x);
  CHECK(x->detections == std::vector<std::string>{"Alpha", "Beta"});
  CHECK(x->source == "XmlWinEventLog:Security");
  std::vector<std::string> unmatched;
  CHECK(names(catalogue.choose({"alp*"}, unmatched)) ==
        std::vector<std::string>{"datasets/T1/x.log"});
  CHECK(names(catalogue.choose({"*/T1/*"}, unmatched)) ==
        std::vector<std::string>{"datasets/T1/x.log"});
  CHECK(unmatched.empty());
  CHECK(names(catalogue.choose({"https://example.org/logs/y.log"}, unmatched)) ==
        std::vector<std::string>{"example.org/logs/y.log"});
  CHECK(names(catalogue.choose({"Gamma", "../x"}, unmatched)).empty());
  CHECK(unmatched == std::vector<std::string>{"Gamma", "../x"});
}

TEST_CASE("a table of hashes tells sizes, names its bad lines, and with `all` its datasets") {
  Scratch scratch;
  const std::string hash(64, 'a');
  scratch.write("index.tsv", "path\tsha256\tbytes\ndatasets/T1/x.log\t" + hash +
                                 "\t12\r\ndatasets/T2/y.log\t" + hash +
                                 "\t13\ndatasets/T3/z.log\tshort\t14\nno tabs\n../x\t" + hash +
                                 "\t1\ndatasets/T4/z.log\t" + hash + "\t\n");
  std::vector<std::string> problems;
  Catalogue catalogue;
  catalogue.add_rules(two_rules());
  REQUIRE(catalogue.add_index(scratch.path("index.tsv"), false, problems));
  CHECK(problems.size() == 4);
  CHECK(catalogue.size() == 1);
  CHECK(catalogue.find("datasets/T1/x.log")->content == Content{hash, 12});
  REQUIRE(catalogue.add_index(scratch.path("index.tsv"), true, problems));
  CHECK(catalogue.size() == 2);
  CHECK(catalogue.find("datasets/T2/y.log")->content == Content{hash, 13});
  scratch.write("empty.tsv", "path\tsha256\tbytes\n");
  CHECK_FALSE(catalogue.add_index(scratch.path("empty.tsv"), false, problems));
  CHECK_FALSE(catalogue.add_index(scratch.path("none.tsv"), false, problems));
}

TEST_CASE("a checkout tells sources, pointers and the files themselves") {
  Scratch scratch;
  const Content content{std::string(64, 'd'), 99};
  scratch.write("attack_data/datasets/T1/x.log", pointer_text(content));
  scratch.write("attack_data/datasets/T2/y.log", "<Event/>");
  scratch.write("attack_data/datasets/T2/new.yml",
                "datasets:\n- name: y\n  path: /datasets/T2/y.log\n  source: auditd\n  sourcetype: "
                "linux:audit\n");
  scratch.write(
      "attack_data/datasets/T3/old.yml",
      "dataset:\n- "
      "https://media.githubusercontent.com/media/splunk/attack_data/master/datasets/T3/z.log\n"
      "sourcetypes:\n- stash\n");
  scratch.write("attack_data/datasets/T3/broken.yml", "datasets: [");
  std::vector<std::string> problems;
  Catalogue catalogue;
  catalogue.add_rules(two_rules());
  REQUIRE(catalogue.add_index(scratch.path("attack_data"), true, problems));
  CHECK(problems.size() == 1);
  CHECK(catalogue.size() == 3);
  CHECK(catalogue.find("datasets/T1/x.log")->content == content);
  CHECK(catalogue.find("datasets/T2/y.log")->file == scratch.path("attack_data/datasets/T2/y.log"));
  CHECK(catalogue.find("datasets/T2/y.log")->sourcetype == "linux:audit");
  CHECK(catalogue.find("datasets/T3/z.log")->sourcetype == "stash");
  CHECK_FALSE(catalogue.add_index(scratch.path("attack_data/datasets/T3/nothing"), true, problems));
}
