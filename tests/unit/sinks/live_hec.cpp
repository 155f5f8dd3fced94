#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "hec_server.hpp"
#include "live_support.hpp"
#include "sinks/live/risk_event.hpp"

using namespace escudo;
using test::HecServer;
using Answer = HecServer::Answer;
using std::chrono::seconds;

namespace {

std::string spec_of(const HecServer& server, const std::string& more = "") {
  return "hec:" + server.url() + "?token_env=ESCUDO_TEST_TOKEN&retry=50" + more;
}

struct World {
  explicit World(HecServer::Options options = {}) : server(std::move(options)) {
    ::setenv("ESCUDO_TEST_TOKEN", "secret", 1);
  }
  std::unique_ptr<sinks::LiveSink> sink(const std::string& more = "", const std::string& state = "") {
    auto out = open_sink(spec_of(server, more), folder);
    REQUIRE(out->resume(state).ok());
    return out;
  }
  // How often each finding_id was taken.
  std::map<std::string, int> taken() const {
    std::map<std::string, int> out;
    for (const std::string& text : server.events()) ++out[nlohmann::json::parse(text)["event"]["finding_id"]];
    return out;
  }
  bool all_taken(int count, sinks::LiveSink& sink) {
    return within(seconds(20), [&] { return sink.report().waiting == 0 && static_cast<int>(taken().size()) == count; });
  }
  ScratchFolder folder;
  HecServer server;
};

void add(sinks::LiveSink& sink, int first, int last) {
  for (int i = first; i < last; ++i) sink.add(numbered(i));
}

}  // namespace

TEST_CASE("HEC gets every finding once, in batches, gzipped, in the form of its events") {
  World world;
  auto sink = world.sink("&index=main&host=pc1");
  add(*sink, 0, 500);
  commit(*sink);
  REQUIRE(world.all_taken(500, *sink));
  CHECK(world.server.events().size() == 500);
  CHECK(world.server.batches() < 10);
  CHECK(world.server.gzipped() == world.server.batches());
  const auto event = nlohmann::json::parse(world.server.events().front());
  CHECK(event["time"] == 1600085161);
  CHECK(event["host"] == "pc1");
  CHECK(event["index"] == "main");
  CHECK(event["source"] == "ESCU - Windows WMI Process Call Create - Rule");
  CHECK(event["sourcetype"] == "escudo:finding");
  CHECK(event["event"] == nlohmann::json::parse(sinks::finding_json(numbered(0))));
  CHECK(sink->report().findings == 500);
  CHECK(sink->report().trouble.empty());
}

TEST_CASE("HEC: busy, wrong token and broken answers are retried until all is taken, nothing twice") {
  for (const Answer answer : {Answer::busy, Answer::bad_token, Answer::garbage, Answer::too_large}) {
    World world;
    world.server.next(answer, 3);
    auto sink = world.sink();
    add(*sink, 0, 20);
    commit(*sink);
    REQUIRE(world.all_taken(20, *sink));
    CHECK(world.server.events().size() == 20);
    if (answer != Answer::too_large) CHECK(sink->report().retries == 3);
  }
}

TEST_CASE("HEC: batches that were too large once grow again") {
  World world;
  world.server.next(Answer::too_large, 6);
  auto sink = world.sink();
  add(*sink, 0, 200);
  commit(*sink);
  REQUIRE(world.all_taken(200, *sink));
  CHECK(world.server.batches() < 30);
}

TEST_CASE("two sinks with one URL are told apart by name=, each with a spool of its own") {
  World world;
  world.server.next(Answer::busy, 1000);
  auto one = world.sink("&name=a"), two = world.sink("&name=b&events=both");
  CHECK(one->report().name == "hec:" + world.server.url() + "#a");
  CHECK(two->report().name == "hec:" + world.server.url() + "#b");
  add(*one, 0, 10);
  commit(*one);
  add(*two, 10, 15);
  commit(*two);
  CHECK(one->report().waiting == 10);
  world.server.forgive();
  REQUIRE(world.all_taken(15, *one));
  REQUIRE(world.all_taken(15, *two));
}

TEST_CASE("HEC: a connection cut after the events were taken sends that batch again, the same ids") {
  World world;
  world.server.next(Answer::cut);
  auto sink = world.sink("&batch=1M");
  add(*sink, 0, 20);
  commit(*sink);
  REQUIRE(within(seconds(20), [&] { return world.server.events().size() == 40; }));
  for (const auto& [id, count] : world.taken()) CHECK(count == 2);
}

TEST_CASE("HEC: an event the server calls invalid is set aside, those around it arrive") {
  World world;
  world.server.next(Answer::invalid);
  auto sink = world.sink();
  add(*sink, 0, 5);
  commit(*sink);
  REQUIRE(world.all_taken(4, *sink));
  CHECK_FALSE(world.taken().contains(number_id(1)));
  std::string aside;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(world.folder.path())) {
    if (entry.path().filename() != "refused") continue;
    std::ifstream file(entry.path());
    std::getline(file, aside);
  }
  CHECK(aside.find(number_id(1)) != std::string::npos);
}

TEST_CASE("HEC with acknowledgement: delivered only once the indexers say so") {
  World world({.ack = true, .acks_late = 2});
  auto sink = world.sink("&ack=yes");
  add(*sink, 0, 50);
  commit(*sink);
  REQUIRE(world.all_taken(50, *sink));
  CHECK(world.server.events().size() == 50);
  CHECK(world.server.requests() >= world.server.batches() + 3);
}

TEST_CASE("a run that ends lets what it committed leave first") {
  World world({.ack = true, .acks_late = 1});
  auto sink = world.sink();
  add(*sink, 0, 50);
  commit(*sink);
  sink.reset();
  CHECK(world.server.events().size() == 50);
}

TEST_CASE("HEC without an acknowledgement in time sends again") {
  World world({.ack = true, .never_ack = true});
  auto sink = world.sink("&ack_wait=1");
  add(*sink, 0, 10);
  commit(*sink);
  REQUIRE(within(seconds(20), [&] { return world.server.events().size() >= 20; }));
  CHECK(sink->report().waiting == 10);
  CHECK(sink->report().trouble.find("acknowledge") != std::string::npos);
  world.server.set_never_ack(false);
  REQUIRE(within(seconds(20), [&] { return sink->report().waiting == 0; }));
}

TEST_CASE("HEC: ack=yes wants a token that has it") {
  World world;
  auto sink = world.sink("&ack=yes");
  add(*sink, 0, 1);
  commit(*sink);
  REQUIRE(within(seconds(20), [&] { return !sink->report().trouble.empty(); }));
  CHECK(sink->report().trouble.find("no indexer acknowledgement") != std::string::npos);
}

TEST_CASE("a server that hangs or is away does not hold up the end of the run, and its findings wait") {
  World world;
  world.server.next(Answer::hang);
  std::string state;
  {
    auto sink = world.sink();
    add(*sink, 0, 10);
    state = commit(*sink);
    REQUIRE(within(seconds(10), [&] { return world.server.requests() == 1; }));
    const auto start = std::chrono::steady_clock::now();
    sink.reset();
    CHECK(std::chrono::steady_clock::now() - start < seconds(5));
  }
  auto sink = world.sink("", state);
  REQUIRE(world.all_taken(10, *sink));
  CHECK(world.server.events().size() == 10);
}

TEST_CASE("what was added after the last commit is not sent, and is cut by the next run") {
  World world;
  std::string state;
  {
    auto sink = world.sink();
    add(*sink, 0, 10);
    state = commit(*sink);
    REQUIRE(world.all_taken(10, *sink));
    add(*sink, 10, 20);
    auto settled = sink->settle(std::chrono::milliseconds(50));
    REQUIRE(settled.ok());
    REQUIRE(*settled);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    CHECK(world.server.events().size() == 10);
  }
  auto sink = world.sink("", state);
  add(*sink, 10, 20);
  commit(*sink);
  REQUIRE(world.all_taken(20, *sink));
  CHECK(world.server.events().size() == 20);
}

TEST_CASE("a full spool makes settle() wait, and goes on once the server is back; nothing is lost") {
  World world;
  world.server.next(Answer::busy, 1'000'000);
  auto sink = world.sink("&spool=64K");
  int added = 0;
  bool blocked = false;
  for (; added < 2000 && !blocked; added += 10) {
    add(*sink, added, added + 10);
    auto settled = sink->settle(std::chrono::milliseconds(20));
    REQUIRE(settled.ok());
    blocked = !*settled;
    if (blocked) break;
    sink->state();
    sink->committed();
  }
  REQUIRE(blocked);
  CHECK(sink->report().spool_bytes <= 64 << 10);
  added += 10;
  auto again = sink->settle(std::chrono::milliseconds(20));
  REQUIRE(again.ok());
  CHECK_FALSE(*again);
  world.server.forgive();
  commit(*sink);
  REQUIRE(world.all_taken(added, *sink));
  CHECK(world.server.events().size() == static_cast<std::size_t>(added));
}

TEST_CASE("risk events have the shape of Splunk ES's risk index") {
  World world;
  auto rule = std::make_shared<rules::Rule>(*wmi_rule());
  rule->type = "TTP";
  findings::Finding finding = wmi_finding();
  finding.rule = rule;
  finding.risk->threats = {{"process_name", "process_name", "wmic.exe"}};
  auto sink = world.sink("&events=risk");
  sink->add(finding);
  sink->add(wmi_finding());  // Hunting raises none
  commit(*sink);
  REQUIRE(within(seconds(10), [&] { return sink->report().waiting == 0; }));
  REQUIRE(world.server.events().size() == 2);
  const auto first = nlohmann::json::parse(world.server.events()[0]);
  CHECK(first["index"] == "risk");
  CHECK(first["sourcetype"] == "stash");
  CHECK(first["source"] == "ESCU - Windows WMI Process Call Create - Rule");
  const auto& event = first["event"];
  CHECK(event["search_name"] == first["source"]);
  CHECK(event["risk_object"] == "THESHIRE\\pgustavo");
  CHECK(event["risk_object_type"] == "user");
  CHECK(event["risk_score"] == 25);
  CHECK(event["threat_object"] == nlohmann::json{"wmic.exe"});
  CHECK(event["threat_object_type"] == nlohmann::json{"process_name"});
  CHECK(event["annotations.mitre_attack"] == nlohmann::json{"T1047"});
  CHECK(nlohmann::json::parse(event["annotations"].get<std::string>())["mitre_attack"] == nlohmann::json{"T1047"});
  CHECK(event["analyticstories"].size() == 2);
  CHECK(event["dest"] == "WS5.theshire.local");
  CHECK(nlohmann::json::parse(world.server.events()[1])["event"]["risk_object_type"] == "system");
  CHECK(sinks::risk_events_json(bare_finding()).empty());
}

TEST_CASE("HEC refuses specs with a sentence, secrets in arguments first of all") {
  const ScratchFolder folder;
  ::setenv("ESCUDO_TEST_TOKEN", "secret", 1);
  const std::string good = "?token_env=ESCUDO_TEST_TOKEN";
  CHECK(refusal("hec:https://a:8088" + good, folder).empty());
  CHECK(refusal("hec:https://a:8088?token=abc", folder).find("secret does not belong") != std::string::npos);
  CHECK(refusal("hec:https://u:p@a:8088" + good, folder).find("password") != std::string::npos);
  CHECK(refusal("hec:https://u:p@a:8088" + good, folder).find("abc") == std::string::npos);
  CHECK(refusal("hec:a:8088" + good, folder).find("it wants a URL") != std::string::npos);
  CHECK(refusal("hec:https://a:8088/services" + good, folder).find("path") != std::string::npos);
  CHECK(refusal("hec:https://a:8088" + good + "&colour=red", folder).find("no option \"colour\"") != std::string::npos);
  CHECK(refusal("hec:https://a:8088" + good + "&gzip=maybe", folder).find("yes or no") != std::string::npos);
  CHECK(refusal("hec:https://a:8088" + good + "&spool=1", folder).find("whole number") != std::string::npos);
  CHECK(refusal("hec:https://a:8088?token_env=ESCUDO_NO_SUCH", folder).find("has no ESCUDO_NO_SUCH") != std::string::npos);
  CHECK(refusal("hec:https://a:8088?token_file=" + folder.path("none"), folder).find("none") != std::string::npos);
  const std::string token = folder.write("token", "abc\n");
  CHECK(refusal("hec:https://a:8088?token_file=" + token, folder).empty());
}
