#include <nlohmann/json.hpp>
#include <set>

#include "kafka_mock.hpp"
#include "live_support.hpp"

using namespace escudo;
using std::chrono::seconds;

TEST_CASE("Kafka holds every finding once, keyed by its id, though brokers refuse now and then") {
  test::KafkaMock kafka;
  kafka.create("findings", 4);
  kafka.fail_produce(3);
  const ScratchFolder folder;
  auto sink = open_sink("kafka:" + kafka.bootstrap() + "/findings", folder);
  REQUIRE(sink->resume("").ok());
  for (int i = 0; i < 300; ++i) sink->add(numbered(i));
  commit(*sink);
  REQUIRE(within(seconds(30), [&] { return sink->report().waiting == 0; }));
  const auto got = kafka.consume("findings", 301, seconds(2));
  REQUIRE(got.size() == 300);
  std::set<std::string> keys;
  for (const auto& [key, value] : got) {
    keys.insert(key);
    CHECK(nlohmann::json::parse(value)["finding_id"] == key);
  }
  CHECK(keys.size() == 300);
}

TEST_CASE("Kafka away: findings wait in the spool and the sink ends in time") {
  const ScratchFolder folder;
  auto sink = open_sink("kafka:127.0.0.1:1/findings?retry=50", folder);
  REQUIRE(sink->resume("").ok());
  sink->add(numbered(1));
  commit(*sink);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(sink->report().waiting == 1);
  const auto start = std::chrono::steady_clock::now();
  sink.reset();
  CHECK(std::chrono::steady_clock::now() - start < seconds(8));
}

TEST_CASE("Kafka takes settings from a file, but not those its promise rests on") {
  const ScratchFolder folder;
  const std::string good = folder.write("good", "# comment\nlinger.ms = 20\r\n\nacks = 1\n");
  CHECK(refusal("kafka:a:9092/t?config=" + good, folder).empty());
  const std::string bad = folder.write("bad", "linger.ms = 20\nno such line\n");
  CHECK(refusal("kafka:a:9092/t?config=" + bad, folder).find("line 2 is not KEY = VALUE") != std::string::npos);
  const std::string unknown = folder.write("unknown", "no.such.setting = 1\n");
  CHECK(refusal("kafka:a:9092/t?config=" + unknown, folder).find("no.such.setting") != std::string::npos);
  CHECK(refusal("kafka:a:9092", folder).find("it wants kafka:") != std::string::npos);
  CHECK(refusal("kafka:a:9092/t?compression=none-such", folder).find("compression") != std::string::npos);
}
