// Correlations over the findings of a run that never ends.
#include "base/files.hpp"
#include "catch.hpp"
#include "runtime/tail.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

std::string logon(const std::string& user, const std::string& time) {
  return "{\"EventID\":4625,\"TimeCreated\":\"" + time + "\",\"Channel\":\"Security\",\"Hostname\":\"PC\",\"TargetUserName\":\"" + user + "\"}\n";
}

// A detection whose findings are worth 30 each, and a correlation over them.
constexpr const char* kRules[] = {R"(name: Logons
id: 11111111-2222-3333-4444-000000000001
type: Anomaly
status: production
search: "EventCode=4625 | stats count by TargetUserName"
rba:
  message: $TargetUserName$ failed
  risk_objects:
  - {field: TargetUserName, type: user, score: 30}
  threat_objects: []
)",
                                  R"(name: Much Risk
id: 11111111-2222-3333-4444-000000000002
type: Correlation
status: production
search: |-
  | tstats sum(All_Risk.calculated_risk_score) as score count from datamodel=Risk.All_Risk by All_Risk.risk_object_type
  | where score >= 60
)"};

struct World {
  World() {
    for (int k = 0; k < 2; ++k) folder.write("rules/" + std::to_string(k) + ".yml", kRules[k]);
  }
  void set_rule(const std::string& text) { folder.write("rules/0.yml", text); }
  void run(const std::string& text) {
    log += text;
    folder.write("a.log", log);
    runtime::TailOptions options;
    options.sources = {"file:" + folder.path("a.log")};
    options.sinks = {"jsonl:" + folder.path("found.jsonl")};
    options.state = folder.path("state");
    options.once = true;
    options.knowledge.rules = {folder.path("rules")};
    options.knowledge.content = std::string(ESCUDO_ROOT) + "/content";
    runtime::TailHooks hooks;
    hooks.warn = [this](const std::string& warning) { warnings += warning + "\n"; };
    auto tail = runtime::Tail::open(options, runtime::load_knowledge(options.knowledge), hooks);
    if (!tail.ok()) FAIL(tail.error());
    REQUIRE(tail.value()->run().ok());
  }
  // The scores that the correlation told, in order.
  std::string scores() const {
    std::string out;
    const std::string text = base::read_file(folder.path("found.jsonl")).value();
    for (std::size_t at = 0; (at = text.find("\"score\":", at)) != std::string::npos; at += 8)
      if (text.rfind("\"Much Risk\"", at) != std::string::npos && text.rfind("\"Much Risk\"", at) > text.rfind('\n', at) + 1)
        if (text.compare(at + 8, 2, "30") != 0) out += text.substr(at + 8, text.find_first_of(",}", at) - at - 8) + " ";
    return out;
  }
  ScratchFolder folder;
  std::string log, warnings;
};

}  // namespace

TEST_CASE("a correlation sees the findings of its window, over restarts, each once") {
  World world;
  world.run(logon("ann", "2024-03-05T09:00:00Z") + logon("bob", "2024-03-05T09:10:00Z"));
  CHECK(world.scores().empty());   // its window is not over
  world.run(logon("ann", "2024-03-05T09:20:00Z") + logon("cyd", "2024-03-05T09:30:00Z"));
  CHECK(world.scores().empty());
  world.run(logon("eve", "2024-03-05T10:30:00Z"));
  CHECK(world.scores() == "90 ");  // ann, bob, cyd
  world.run(logon("eve", "2024-03-05T13:30:00Z"));
  CHECK(world.scores() == "90 ");  // eve alone is not enough
  CHECK(world.warnings.empty());
}

TEST_CASE("a row equal to one that throttling held back raises no risk either") {
  World world;
  std::string rule = kRules[0];
  rule.replace(rule.find("stats count by TargetUserName"), 29, "eval kind=\\\"logon\\\" | table TargetUserName kind");
  world.set_rule(rule + "throttling: {fields: [kind], period: 24h}\n");
  std::string text = logon("ann", "2024-03-05T09:00:00Z");   // told
  for (const char* minute : {"10", "20", "30"}) text += logon("bob", std::string("2024-03-05T09:") + minute + ":00Z");
  world.run(text);
  world.run(logon("bob", "2024-03-05T09:40:00Z") + logon("eve", "2024-03-05T15:00:00Z"));
  CHECK(world.scores().empty());
  CHECK(world.warnings.empty());
}

TEST_CASE("a group that goes on counts in every window in which it has events, though it is read at once") {
  World world;
  std::string text;
  for (const char* hour : {"08", "09", "10"})
    for (const char* user : {"ann", "bob"}) text += logon(user, std::string("2024-03-05T") + hour + ":20:00Z");
  text += logon("cyd", "2024-03-05T09:30:00Z");
  world.run(text + logon("eve", "2024-03-05T15:00:00Z"));
  CHECK(world.scores() == "60 60 90 ");   // in order of their first events
}
