// How rules run live, throttling, gaps and new rules, through the whole chain.
#include "runtime/tail.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>

#include "base/files.hpp"
#include "base/json.hpp"
#include "catch.hpp"
#include "detect/streaming.hpp"
#include "runtime/tail_channel.hpp"
#include "scratch.hpp"
#include "store/store.hpp"

using namespace escudo;
using namespace std::chrono_literals;

namespace {

std::string rule(const std::string& search, const std::string& more = "") {
  return "name: T\nid: 11111111-2222-3333-4444-555555555555\ntype: Anomaly\nstatus: production\nsearch: |-\n  " + search + "\n" + more;
}

runtime::KnowledgeOptions knowledge_of(const std::string& path) {
  runtime::KnowledgeOptions options;
  options.rules = {path};
  options.content = std::string(ESCUDO_ROOT) + "/content";
  return options;
}

std::string streaming(const std::string& search) {
  ScratchFolder folder;
  const auto knowledge = runtime::load_knowledge(knowledge_of(folder.write("t.yml", rule(search))));
  REQUIRE(knowledge->book->rules().size() == 1);
  REQUIRE(knowledge->book->rules().front().executable());
  return detect::streaming_text(knowledge->book->rules().front());
}

std::string logon(int id, const std::string& user, const std::string& time) {
  return "{\"EventID\":4625,\"TimeCreated\":\"" + time + "\",\"Channel\":\"Security\",\"SourceName\":\"Microsoft-Windows-Security-Auditing\",\"Hostname\":\"PC\",\"TargetUserName\":\"" +
         user + "\",\"RecordNumber\":" + std::to_string(id) + "}\n";
}

constexpr const char* kByUser = "source=\"XmlWinEventLog:Security\" EventCode=4625 | stats count by TargetUserName";

struct Chain {
  std::unique_ptr<runtime::Tail> open(const std::string& search, bool once, const std::string& more = "", const std::string& query = "") {
    runtime::TailOptions options;
    options.sources = {"file:" + folder.path("a.log") + query};
    options.sinks = sinks;
    if (sinks.empty()) options.sinks = {"jsonl:" + folder.path("found.jsonl") + sink_query};
    if (!second_source.empty()) options.sources.push_back("file:" + second_source);
    options.state = folder.path("state");
    options.once = once;
    options.between_commits = between_commits;
    options.retention = retention;
    options.knowledge = knowledge_of(folder.write("t.yml", rule(search, more)));
    if (!only_rules.empty()) options.knowledge.rules.clear();
    for (const std::string& path : only_rules) options.knowledge.rules.push_back(path);
    runtime::TailHooks hooks;
    hooks.warn = [this](const std::string& text) { warnings += text + "\n"; };
    auto tail = runtime::Tail::open(options, runtime::load_knowledge(options.knowledge), hooks);
    if (!tail.ok()) FAIL(tail.error());
    return std::move(tail).value();
  }
  void append(const std::string& text) { std::ofstream(folder.path("a.log"), std::ios::app) << text; }
  std::size_t count(const std::string& what) const {
    const std::string text = base::read_file(folder.path("found.jsonl")).value();
    std::size_t n = 0;
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++n;
    return n;
  }
  ScratchFolder folder;
  std::string warnings, sink_query, second_source;
  std::chrono::milliseconds between_commits{250};
  detect::Retention retention;
  std::vector<std::string> sinks, only_rules;
};

}  // namespace

TEST_CASE("searches whose rows only grow are monotone") {
  CHECK(streaming(kByUser) == "monotone");
  CHECK(streaming("EventCode=4625 | eval u=lower(TargetUserName) | stats count min(_time) as first values(IpAddress) as ip by u | rename u as user | search user!=bob | convert ctime(first)") == "monotone");
  CHECK(streaming("EventCode=4625 | stats count by TargetUserName | rex field=TargetUserName \"(?<first>.)\" | search first=b") == "monotone");
  CHECK(streaming("EventCode=4625 | table TargetUserName IpAddress") == "monotone");
}

TEST_CASE("the others run over windows, and it is said why") {
  const auto why = [](const std::string& search) {
    const std::string text = streaming(search);
    return text.starts_with("windowed [-70m@m, -10m@m) at 0 * * * *: ") ? text.substr(text.rfind(": ") + 2) : text;
  };
  CHECK(why("EventCode=4625 | stats count by TargetUserName | where count > 5") == "where asks count");
  CHECK(why("EventCode=4625 | stats dc(IpAddress) as n by TargetUserName | eval many=n*2 | search many>4") == "search asks many");
  CHECK(why("EventCode=4625 | stats count") == "one row for all events");
  CHECK(why("EventCode=4625 | eventstats count by TargetUserName") == "eventstats needs all rows");
  CHECK(why("EventCode=4625 | stats count by TargetUserName | fields - TargetUserName") == "fields drops TargetUserName of the key");
  CHECK(why("EventCode=4625 | stats count by TargetUserName | eval TargetUserName=\"x\"") == "eval rewrites TargetUserName of the key");
  CHECK(why("EventCode=4625 | where _time > now() - 60 | stats count by TargetUserName") == "where asks now()");
  // What its format leaves out it takes from now.
  CHECK(why("EventCode=4625 | eval t=strptime(IpAddress, \"%H:%M\") | stats count by TargetUserName") == "eval asks strptime()");
  // Where the pattern does not fit, the name keeps what the group had under it.
  CHECK(why("EventCode=4625 | stats count as n by TargetUserName | rex field=TargetUserName \"(?<n>x)\" | search n>1") == "search asks n");
  CHECK(why("EventCode=4625 | stats count as n by TargetUserName | rename n as m | convert ctime(TargetUserName) as m | search m>1") == "search asks m");
  CHECK(why("EventCode=4625 | dedup TargetUserName | table TargetUserName") == "dedup needs all rows");
}

TEST_CASE("a rule that throttles tells one finding for its fields and period") {
  Chain chain;
  for (int k = 0; k < 6; ++k) chain.append(logon(k + 1, "u" + std::to_string(k), "2024-03-05T0" + std::to_string(k) + ":00:00Z"));
  const std::string search = "EventCode=4625 | stats count by TargetUserName | eval kind=\"same\"";
  auto tail = chain.open(search, true, "throttling: {fields: [kind], period: 3h}\n");
  REQUIRE(tail->run().ok());
  CHECK(chain.count("\"type\":\"finding\"") == 2);   // of hours 0 and 3
  CHECK(tail->status().counts.throttled == 4);
}

TEST_CASE("a gap in the record ids of a channel is an event of its own, once") {
  Chain chain;
  chain.append(logon(1, "bob", "2024-03-05T09:00:00Z") + logon(2, "bob", "2024-03-05T09:00:01Z"));
  REQUIRE(chain.open(kByUser, true, "", "?gaps=yes")->run().ok());
  chain.append(logon(9, "bob", "2024-03-05T09:00:02Z"));
  for (int k = 0; k < 2; ++k) REQUIRE(chain.open(kByUser, true, "", "?gaps=yes")->run().ok());
  CHECK(chain.count("\"kind\":\"gap\"") == 1);
  CHECK(chain.count("\"first\":3,\"last\":8") == 1);
}

TEST_CASE("new rules are taken while events come, bad ones refused") {
  Chain chain;
  chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
  auto tail = chain.open(kByUser, false);
  std::thread runs([&] { CHECK(tail->run().ok()); });
  const auto wait_for = [&](const std::function<bool()>& done) {
    for (int k = 0; k < 300 && !done(); ++k) std::this_thread::sleep_for(20ms);
    return done();
  };
  CHECK(wait_for([&] { return chain.count("\"TargetUserName\":\"bob\"") == 1; }));
  chain.folder.write("t.yml", rule("EventCode=4625 | stats count by (((TargetUserName"));
  tail->reload();
  chain.append(logon(2, "eve", "2024-03-05T09:00:05Z"));
  CHECK(wait_for([&] { return tail->status().reloads_failed == 1; }));
  CHECK(wait_for([&] { return chain.count("\"TargetUserName\":\"eve\"") == 1; }));
  chain.folder.write("t.yml", rule("EventCode=4625 | stats count by TargetUserName Computer"));
  tail->reload();
  CHECK(wait_for([&] { return tail->status().reloads == 1; }));
  chain.append(logon(3, "mallory", "2024-03-05T09:00:09Z"));
  CHECK(wait_for([&] { return chain.count("\"TargetUserName\":\"mallory\",\"Computer\":\"PC\"") == 1; }));
  tail->stop();
  runs.join();
  CHECK(runtime::prometheus_text(tail->status()).find("escudo_drops_total 0\n") != std::string::npos);
}

TEST_CASE("the status may be asked for at any time, and counts never go backwards") {
  Chain chain;
  chain.between_commits = 1ms;
  auto tail = chain.open(kByUser, false);
  std::thread runs([&] { CHECK(tail->run().ok()); });
  std::uint64_t events = 0, commits = 0;
  bool backwards = false;
  for (int k = 0; k < 4000 && events < 200; ++k) {
    if (k < 200) chain.append(logon(k + 1, "u" + std::to_string(k), "2024-03-05T09:00:00Z"));
    const runtime::TailStatus now = tail->status();
    backwards = backwards || now.events < events || now.commits < commits || now.sources.size() != 1;
    events = now.events;
    commits = now.commits;
    std::this_thread::sleep_for(1ms);
  }
  tail->stop();
  runs.join();
  CHECK(events == 200);
  CHECK_FALSE(backwards);
}

TEST_CASE("one state belongs to one process") {
  Chain chain;
  chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
  auto tail = chain.open(kByUser, true);
  runtime::TailOptions options;
  options.sources = {"file:x"};
  options.state = chain.folder.path("state");
  const auto second = runtime::Tail::open(options, runtime::load_knowledge(knowledge_of(chain.folder.path("t.yml"))), {});
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().find("another escudo tail") != std::string::npos);
}

TEST_CASE("options of a sink may change: its file goes on where it was committed") {
  Chain chain;
  chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
  REQUIRE(chain.open(kByUser, true)->run().ok());
  std::ofstream(chain.folder.path("found.jsonl"), std::ios::app) << "{\"torn";
  chain.sink_query = "?rotate=1000000";
  REQUIRE(chain.open(kByUser, true)->run().ok());
  CHECK(chain.count("\"type\":\"finding\"") == 1);
  CHECK(chain.count("torn") == 0);
}

TEST_CASE("options of a network sink may change: what waits in its spool still waits") {
  ::setenv("ESCUDO_TEST_TOKEN", "secret", 1);
  Chain chain;
  chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
  const std::string sink = "hec:http://127.0.0.1:9?token_env=ESCUDO_TEST_TOKEN&retry=50";
  chain.sinks = {sink};
  REQUIRE(chain.open(kByUser, true)->run().ok());
  chain.sinks = {sink + "&batch=1M"};
  auto tail = chain.open(kByUser, true);
  REQUIRE(tail->run().ok());
  CHECK(tail->status().sinks.front().spool_bytes > 0);
  CHECK(tail->status().events == 0);
}

TEST_CASE("two sinks of one name are refused with a sentence") {
  ::setenv("ESCUDO_TEST_TOKEN", "secret", 1);
  Chain chain;
  const std::string sink = "hec:http://127.0.0.1:9?token_env=ESCUDO_TEST_TOKEN";
  runtime::TailOptions options;
  options.sources = {"file:" + chain.folder.path("a.log")};
  options.state = chain.folder.path("state");
  options.knowledge = knowledge_of(chain.folder.write("t.yml", rule(kByUser)));
  const auto open = [&] { return runtime::Tail::open(options, runtime::load_knowledge(options.knowledge), {}); };
  options.sinks = {sink, sink + "&events=risk"};
  auto refused = open();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().find("name=NAME") != std::string::npos);
  options.sinks[1] += "&name=risk";
  CHECK(open().ok());
  options.sources.push_back(options.sources.front() + "?gaps=yes");
  refused = open();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().find("two sources") != std::string::npos);
}

TEST_CASE("options of a source may change: it is not read twice") {
  Chain chain;
  chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
  REQUIRE(chain.open(kByUser, true)->run().ok());
  auto tail = chain.open(kByUser, true, "", "?gaps=yes");
  REQUIRE(tail->run().ok());
  CHECK(tail->status().events == 0);
  CHECK(chain.count("\"type\":\"finding\"") == 1);
}

TEST_CASE("a source that is not there yet holds time back") {
  Chain chain;
  chain.second_source = chain.folder.path("b.log");
  for (int k = 0; k < 4; ++k) chain.append(logon(1, "bob", "2024-03-05T09:00:0" + std::to_string(k) + "Z"));
  chain.append(logon(2, "eve", "2024-03-05T13:00:00Z"));
  auto tail = chain.open("EventCode=4625 | stats count by TargetUserName | where count > 4", false);
  std::thread runs([&] { CHECK(tail->run().ok()); });
  const auto wait_for = [&](const std::function<bool()>& done) {
    for (int k = 0; k < 250 && !done(); ++k) std::this_thread::sleep_for(20ms);
    return done();
  };
  CHECK(wait_for([&] { return tail->status().events == 5; }));
  std::this_thread::sleep_for(500ms);
  // On time for the window of nine o'clock, although the other log is hours ahead.
  std::ofstream(chain.folder.path("b.log"), std::ios::app) << logon(9, "bob", "2024-03-05T09:00:05Z") << logon(10, "eve", "2024-03-05T13:00:01Z");
  CHECK(wait_for([&] { return chain.count("\"TargetUserName\":\"bob\"") == 1; }));
  tail->stop();
  runs.join();
}

namespace {

// What run() gives while standard output takes nothing.
base::Result<void> run_with_full_output(runtime::Tail& tail) {
  std::fflush(stdout);
  const int kept = ::dup(1), full = ::open("/dev/full", O_WRONLY);
  ::dup2(full, 1);
  auto done = tail.run();
  ::dup2(kept, 1);
  ::close(kept);
  ::close(full);
  std::clearerr(stdout);
  return done;
}

}  // namespace

TEST_CASE("a source that is silent for long holds nobody back, one that is behind does") {
  const base::Time wall = base::Time(std::chrono::hours(24 * 20'000));
  runtime::TailChannel channel;
  CHECK(channel.unknown());
  channel.latest = wall - std::chrono::hours(3);
  channel.seen = wall;
  CHECK_FALSE(channel.quiet(wall + std::chrono::hours(1)));   // not read to its end
  channel.caught_up = true;
  CHECK_FALSE(channel.quiet(wall + std::chrono::minutes(5)));
  CHECK(channel.quiet(wall + std::chrono::minutes(11)));
  CHECK(channel.now(wall + std::chrono::minutes(11)) == wall - std::chrono::minutes(169));
}

TEST_CASE("the time of a log with parts is that of the part furthest behind, until all are read to their end") {
  const base::Time wall = base::Time(std::chrono::hours(24 * 20'000));
  runtime::TailChannel channel;
  channel.behind = {0, 1};
  channel.heard(0, wall - 1h, wall);
  CHECK(channel.unknown());   // nobody knows what time it is in the other
  channel.heard(1, wall - 3h, wall);
  CHECK_FALSE(channel.unknown());
  CHECK(channel.now(wall) == wall - 3h);
  channel.behind = {0};
  CHECK(channel.now(wall) == wall - 1h);
  runtime::TailChannel again;
  again.unpack(channel.pack());
  again.behind = {0, 1};
  CHECK(again.now(wall + 24h) == wall - 3h);
  again.behind.clear();
  again.caught_up = true;
  CHECK(again.now(wall + 5min) == wall - 55min);
}

TEST_CASE("with once the windows of a log are searched although another ended long before it") {
  Chain chain;
  chain.second_source = chain.folder.write("b.log", logon(9, "eve", "2024-03-05T08:00:00Z"));
  for (int k = 0; k < 5; ++k) chain.append(logon(1, "bob", "2024-03-05T09:00:0" + std::to_string(k) + "Z"));
  chain.append(logon(2, "eve", "2024-03-05T13:00:00Z"));
  REQUIRE(chain.open("EventCode=4625 | stats count by TargetUserName | where count > 4", true)->run().ok());
  CHECK(chain.count("\"TargetUserName\":\"bob\"") == 1);
}

TEST_CASE("a group without an event for as long as groups are kept is forgotten, and its next event tells it anew") {
  for (const char* search : {kByUser, "source=\"XmlWinEventLog:Security\" EventCode=4625 | table TargetUserName"}) {
    Chain chain;
    chain.retention.keep = std::chrono::hours(5);
    chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
    REQUIRE(chain.open(search, true)->run().ok());
    chain.append(logon(2, "eve", "2024-03-05T13:00:00Z"));
    REQUIRE(chain.open(search, true)->run().ok());
    chain.append(logon(3, "eve", "2024-03-05T15:00:00Z"));
    auto tail = chain.open(search, true);
    REQUIRE(tail->run().ok());
    CHECK(tail->status().counts.forgotten == 1);
    tail.reset();
    CHECK(chain.count("\"TargetUserName\":\"bob\"") == 1);
    chain.append(logon(4, "bob", "2024-03-05T15:01:00Z") + logon(5, "eve", "2024-03-05T15:01:00Z"));
    REQUIRE(chain.open(search, true)->run().ok());
    CHECK(chain.count("\"revision\":0") == 3);
    CHECK(chain.count("\"TargetUserName\":\"bob\"") == 2);
  }
}

TEST_CASE("a group is as old as its last event, also while nobody knows what time it is in another log") {
  for (const char* search : {kByUser, "source=\"XmlWinEventLog:Security\" EventCode=4625 | table TargetUserName"}) {
    Chain chain;
    chain.retention.keep = std::chrono::hours(5);
    chain.between_commits = 10ms;
    chain.second_source = chain.folder.path("b.log");
    chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
    auto tail = chain.open(search, false);
    std::thread runs([&] { CHECK(tail->run().ok()); });
    const auto has = [&](const std::string& what) {
      for (int k = 0; k < 250 && chain.count(what) == 0; ++k) std::this_thread::sleep_for(20ms);
      return chain.count(what) == 1;
    };
    CHECK(has("\"TargetUserName\":\"bob\""));
    std::this_thread::sleep_for(100ms);   // committed while there is no time yet
    std::ofstream(chain.second_source) << logon(1, "cyd", "2024-03-05T09:01:00Z");
    CHECK(has("\"TargetUserName\":\"cyd\""));
    for (const char* user : {"dan", "eve"}) {
      std::this_thread::sleep_for(100ms);
      chain.append(logon(2, user, "2024-03-05T09:02:00Z"));
      CHECK(has("\"TargetUserName\":\"" + std::string(user) + "\""));
    }
    tail->stop();
    runs.join();
    CHECK(tail->status().counts.forgotten == 0);
  }
}

TEST_CASE("groups that are over are forgotten however many rules there are") {
  Chain chain;
  chain.retention.keep = std::chrono::hours(5);
  for (int k = 0; k < 40; ++k) {
    std::string text = rule(k == 20 ? kByUser : "EventCode=1 | stats count by dest");
    text.replace(text.find("name: T"), 7, "name: T" + std::to_string(k));
    chain.only_rules.push_back(chain.folder.write(std::to_string(100 + k) + ".yml", text));
  }
  for (int k = 0; k < 60; ++k) chain.append(logon(k + 1, "u" + std::to_string(k), "2024-03-05T09:00:00Z"));
  REQUIRE(chain.open("", true)->run().ok());
  chain.append(logon(100, "eve", "2024-03-05T15:00:00Z"));
  auto tail = chain.open("", true);
  REQUIRE(tail->run().ok());
  CHECK(tail->status().counts.forgotten == 60);
}

TEST_CASE("of a rule that left, nothing is kept for longer than its groups, and all until then") {
  Chain chain;
  chain.retention.keep = std::chrono::hours(5);
  chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
  REQUIRE(chain.open(kByUser, true)->run().ok());
  const auto kept = [&] {
    auto store = store::Store::open(base::join_path(chain.folder.path("state"), "state.db")).value();
    std::size_t n = 0;
    store->each(store->space("group|11111111-2222-3333-4444-555555555555|T"), [&](std::string_view, std::string_view) { return ++n > 0; });
    return n;
  };
  std::string other = rule(kByUser);
  other.replace(other.find("name: T"), 7, "name: U");
  chain.only_rules = {chain.folder.write("u.yml", other)};
  int id = 2;
  for (const auto& [hour, count] : {std::pair("13", 1u), std::pair("15", 1u), std::pair("19", 0u)}) {
    chain.append(logon(id++, "eve", "2024-03-05T" + std::string(hour) + ":00:00Z"));
    REQUIRE(chain.open("", true)->run().ok());
    CHECK(kept() == count);
  }
}

TEST_CASE("windows without events cost nothing: a log may be silent for decades") {
  Chain chain;
  for (int k = 0; k < 5; ++k) chain.append(logon(1, "bob", "1974-03-05T09:00:0" + std::to_string(k) + "Z"));
  for (int k = 0; k < 5; ++k) chain.append(logon(2, "eve", "2024-03-05T09:00:0" + std::to_string(k) + "Z"));
  chain.append(logon(3, "bob", "2024-03-05T13:00:00Z"));
  auto tail = chain.open("EventCode=4625 | stats count by TargetUserName | where count > 4", true);
  REQUIRE(tail->run().ok());
  CHECK(chain.count("\"type\":\"finding\"") == 2);
  CHECK(tail->status().counts.windows <= 3);
}

TEST_CASE("a standard output that takes nothing ends the run with the reason") {
  Chain chain;
  chain.append(logon(1, "bob", "2024-03-05T09:00:00Z"));
  chain.sinks = {"stdout"};
  auto tail = chain.open(kByUser, false);
  const auto done = run_with_full_output(*tail);
  REQUIRE_FALSE(done.ok());
  CHECK(done.error().find("standard output") != std::string::npos);
}

TEST_CASE("what is found in a long block goes to the sinks before the block's end") {
  Chain chain;
  chain.sinks = {"stdout"};
  chain.between_commits = 0ms;
  // All of it is one block, and more than feeders may be ahead.
  std::string text = logon(1, "bob", "2024-03-05T09:00:00Z");
  constexpr std::uint64_t all = 12'000;
  for (std::uint64_t k = 1; k < all; ++k) text += "{\"EventID\":1,\"Channel\":\"x\"}\n";
  REQUIRE(text.size() < 512 * 1024);
  chain.append(text);
  auto tail = chain.open(kByUser, true);
  REQUIRE_FALSE(run_with_full_output(*tail).ok());
  CHECK(tail->status().events > 0);
  CHECK(tail->status().events < all);
  CHECK(tail->status().commits == 1);   // of the opening
}
