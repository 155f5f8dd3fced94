#include "sources/kafka/source.hpp"

#include <set>

#include "catch.hpp"
#include "kafka_mock.hpp"
#include "scratch.hpp"
#include "sources/kafka/progress.hpp"

using namespace escudo;
using namespace std::chrono_literals;
using sources::KafkaProgress;

namespace {

std::vector<std::pair<std::string, std::string>> events(int first, int last) {
  std::vector<std::pair<std::string, std::string>> out;
  for (int i = first; i < last; ++i) {
    out.emplace_back("pc" + std::to_string(i % 7),
                     R"({"EventID":1,"Channel":"C","TimeCreated":"2020-09-14T12:06:01Z","Hostname":"pc","n":)" +
                         std::to_string(i) + "}");
  }
  return out;
}

std::unique_ptr<sources::LiveSource> open(const std::string& spec, const std::string& position = "") {
  auto source = sources::open_kafka(spec, position, {});
  if (!source) FAIL(source.error());
  return std::move(*source);
}

// Polls until it has seen `count` values of n, or `limit` is over.
void read(sources::LiveSource& source, std::multiset<int>& seen, std::size_t count, std::chrono::seconds limit = 30s) {
  const auto end = std::chrono::steady_clock::now() + limit;
  const event::FieldId field = event::intern("n");
  event::Batch batch;
  while (seen.size() < count && std::chrono::steady_clock::now() < end) {
    if (source.poll(batch, 200ms) != sources::LiveSource::Got::events) continue;
    for (const event::Event& event : batch.events) seen.insert(std::stoi(std::string(event.get(field))));
  }
}

// The mock waits for all members to join for a session's time-out less a second, whoever is there; 6 s are its least.
std::string quick(const ScratchFolder& folder) {
  return folder.write("kafka.conf", "session.timeout.ms=6000\nheartbeat.interval.ms=500\n");
}

std::multiset<int> numbers(int first, int last) {
  std::multiset<int> out;
  for (int i = first; i < last; ++i) out.insert(i);
  return out;
}

}  // namespace

TEST_CASE("a topic is read once by its group, and offsets move only when the run has committed") {
  test::KafkaMock kafka;
  kafka.create("events", 4);
  kafka.produce("events", events(0, 600));
  const std::string spec = kafka.bootstrap() + "/events?group=g1";
  auto source = open(spec);
  std::multiset<int> seen;
  read(*source, seen, 600);
  CHECK(seen == numbers(0, 600));
  long long sum = 0;
  for (int i = 0; i < 4; ++i) sum += std::max(0LL, kafka.committed("g1", "events", i));
  CHECK(sum == 0);
  REQUIRE(source->position());
  source->committed(*source->position());
  event::Batch batch;
  for (int i = 0; i < 5; ++i) source->poll(batch, 100ms);
  sum = 0;
  for (int i = 0; i < 4; ++i) sum += std::max(0LL, kafka.committed("g1", "events", i));
  CHECK(sum == 600);
  CHECK(source->report().events == 600);
  CHECK(source->report().backlog_records == 0);
  CHECK(source->report().damaged == 0);
}

TEST_CASE("a topic is at its end when all its partitions have told so, and each block is of one of them") {
  test::KafkaMock kafka;
  kafka.create("events", 2);
  for (int k = 0; k < 40; ++k) kafka.produce("events", events(k * 10, k * 10 + 10), k % 2);
  const std::string spec = kafka.bootstrap() + "/events?group=g1";
  std::string position;
  {
    auto source = open(spec);
    const event::FieldId field = event::intern("n");
    std::size_t seen = 0;
    event::Batch batch;
    const auto end = std::chrono::steady_clock::now() + 30s;
    const auto report = [&] { return source->report(); };
    CHECK_FALSE(report().at_end);   // the group has given nothing yet
    while (!report().at_end && std::chrono::steady_clock::now() < end) {
      if (source->poll(batch, 100ms) != sources::LiveSource::Got::events) continue;
      seen += batch.events.size();
      for (const event::Event& event : batch.events) CHECK(source->part() == std::stoi(std::string(event.get(field))) / 10 % 2);
      if (seen < 400) CHECK_FALSE(report().behind.empty());
    }
    CHECK(seen == 400);
    CHECK(report().at_end);
    CHECK(report().behind.empty());
    position = source->position().value();
  }
  // After a while without a reader nobody knows what came until the group has given the partitions again.
  kafka.produce("events", events(400, 410), 1);
  auto source = open(kafka.bootstrap() + "/events?group=g2", position);
  CHECK(source->report().behind == std::vector<int>{0, 1});
  std::size_t seen = 0;
  const auto end = std::chrono::steady_clock::now() + 30s;
  for (event::Batch batch; !source->report().at_end && std::chrono::steady_clock::now() < end;) {
    source->poll(batch, 100ms);
    seen += batch.events.size();
  }
  CHECK(seen == 10);
}

TEST_CASE("a member goes on at its own position, whatever the group has committed") {
  test::KafkaMock kafka;
  kafka.create("events", 2);
  kafka.produce("events", events(0, 100));
  std::multiset<int> seen;
  std::string position;
  {
    auto source = open(kafka.bootstrap() + "/events?group=a");
    read(*source, seen, 100);
    REQUIRE(source->position());
    position = *source->position();
  }
  kafka.produce("events", events(100, 150));
  auto source = open(kafka.bootstrap() + "/events?group=b", position);
  read(*source, seen, 150);
  CHECK(seen == numbers(0, 150));
}

TEST_CASE("a successor reads from where the group's metadata says, but nothing that it has read itself") {
  test::KafkaMock kafka;
  kafka.create("events", 1);
  kafka.produce("events", events(0, 100));
  struct Member {
    std::string group, metadata, position;
    int first;
    std::unique_ptr<sources::LiveSource> source;
    std::multiset<int> seen;
  };
  std::vector<Member> members;
  members.push_back({"a", "30", "", 30, {}, {}});
  members.push_back({"b", "someone else's", "", 80, {}, {}});
  members.push_back({"c", "30", R"({"0":{"next":50,"rebuild":10}})", 50, {}, {}});
  members.push_back({"d", "30", R"({"0":{"next":90,"rebuild":10}})", 90, {}, {}});
  members.push_back({"e", "30", R"({"0":{"next":20,"rebuild":10}})", 30, {}, {}});
  for (Member& each : members) {
    kafka.commit(each.group, "events", 0, 80, each.metadata);
    each.source = open(kafka.bootstrap() + "/events?group=" + each.group, each.position);
  }
  for (Member& each : members) {
    read(*each.source, each.seen, static_cast<std::size_t>(100 - each.first));
    read(*each.source, each.seen, 1000, 1s);
    CHECK(each.seen == numbers(each.first, 100));
  }
}

TEST_CASE("a member that gets its partitions again while the group's offsets cannot be asked goes on where it is") {
  test::KafkaMock kafka;
  kafka.create("events", 1);
  kafka.produce("events", events(0, 10));
  const ScratchFolder folder;
  auto source = open(kafka.bootstrap() + "/events?group=g&config=" + quick(folder));
  std::multiset<int> seen;
  read(*source, seen, 10);
  kafka.rebalance_without_offsets();
  read(*source, seen, 1000, 5s);
  kafka.produce("events", events(10, 15));
  read(*source, seen, 15);
  read(*source, seen, 1000, 1s);
  CHECK((seen == numbers(0, 15)));
}

TEST_CASE("a live member hands partitions to one that comes, and takes them back from one that goes") {
  test::KafkaMock kafka;
  kafka.create("events", 4);
  kafka.produce("events", events(0, 200));
  const ScratchFolder folder;
  const std::string spec = kafka.bootstrap() + "/events?group=g&config=" + quick(folder);
  auto first = open(spec);
  std::multiset<int> seen, others;
  read(*first, seen, 200);
  REQUIRE(first->position());
  first->committed(*first->position());

  auto second = open(spec);
  kafka.produce("events", events(200, 400));
  const auto all_seen = [&] {
    std::set<int> both(seen.begin(), seen.end());
    both.insert(others.begin(), others.end());
    return both.size() == 400;
  };
  const auto end = std::chrono::steady_clock::now() + 40s;
  while ((others.empty() || !all_seen()) && std::chrono::steady_clock::now() < end) {
    read(*first, seen, SIZE_MAX, 1s);
    read(*second, others, SIZE_MAX, 1s);
  }
  CHECK(all_seen());
  CHECK_FALSE(others.empty());
  CHECK(others.size() < 400);   // the first kept some partitions
  CHECK(std::set<int>(others.begin(), others.end()).size() == others.size());
  REQUIRE(second->position());
  second->committed(*second->position());

  second.reset();
  kafka.produce("events", events(400, 500));
  read(*first, seen, 500);
  read(*first, seen, SIZE_MAX, 1s);
  CHECK((seen == numbers(0, 500)));   // what the other has read in between too, nothing twice
}

TEST_CASE("with once a topic is read to its present end, an empty partition too") {
  test::KafkaMock kafka;
  kafka.create("events", 3);
  kafka.produce("events", events(0, 50), 1);
  sources::LiveOptions options;
  options.once = true;
  auto source = sources::open_kafka(kafka.bootstrap() + "/events?group=once", "", options);
  REQUIRE(source.ok());
  const auto end = std::chrono::steady_clock::now() + 30s;
  std::uint64_t seen = 0;
  auto got = sources::LiveSource::Got::nothing;
  for (event::Batch batch; got != sources::LiveSource::Got::ended && std::chrono::steady_clock::now() < end;) {
    got = (*source)->poll(batch, 200ms);
    seen += batch.events.size();
  }
  CHECK(got == sources::LiveSource::Got::ended);
  CHECK(seen == 50);
}

TEST_CASE("trouble with the brokers is over when they answer again, although nothing new comes") {
  test::KafkaMock kafka;
  kafka.create("events", 1);
  kafka.produce("events", events(0, 10));
  auto source = open(kafka.bootstrap() + "/events?group=g");
  std::multiset<int> seen;
  read(*source, seen, 10);
  REQUIRE(seen.size() == 10);
  const auto within = [&](std::chrono::seconds limit, bool trouble) {
    const auto end = std::chrono::steady_clock::now() + limit;
    for (event::Batch batch; source->report().trouble.empty() == trouble && std::chrono::steady_clock::now() < end;) source->poll(batch, 100ms);
    return source->report().trouble.empty() != trouble;
  };
  kafka.set_down(true);
  REQUIRE(within(30s, true));
  kafka.set_down(false);
  CHECK(within(40s, false));
  // It asks anew where the end is, and what comes afterwards is read once.
  const auto end = std::chrono::steady_clock::now() + 30s;
  for (event::Batch batch; !source->report().at_end && std::chrono::steady_clock::now() < end;) source->poll(batch, 100ms);
  CHECK(source->report().at_end);
  kafka.produce("events", events(10, 15));
  read(*source, seen, 15);
  read(*source, seen, 1000, 1s);
  CHECK((seen == numbers(0, 15)));
}

TEST_CASE("how far back a successor reads is as long as rebuild says, by the messages' time") {
  KafkaProgress progress(3'600'000);
  std::int64_t offset = 0;
  for (std::int64_t minute = 0; minute <= 300; ++minute) {
    for (int i = 0; i < 10; ++i) progress.read(3, offset++, minute * 60'000 + i);
  }
  CHECK(progress.next(3) == 3010);
  CHECK(progress.rebuild(3) == 2400);  // the 240th minute: an hour before the 300th
  CHECK_FALSE(progress.next(0));
  CHECK(progress.text() == R"({"3":{"next":3010,"rebuild":2400}})");
  KafkaProgress copy(3'600'000);
  REQUIRE(copy.parse(progress.text()));
  CHECK(copy.text() == progress.text());
  for (const char* bad : {"", "{", "{\"3\":{}}", "{\"3\":{\"next\":1,\"rebuild\":-1}}", "{\"3\":{\"next\":1,\"rebuild\":1}}x"}) {
    CHECK_FALSE(copy.parse(bad));
  }
}

TEST_CASE("the Kafka source refuses specs with a sentence") {
  const auto refusal = [](const char* rest, const char* position = "") {
    auto source = sources::open_kafka(rest, position, {});
    return source ? std::string() : source.error();
  };
  CHECK(refusal("a:9092/t").find("group=GROUP") != std::string::npos);
  CHECK(refusal("a:9092?group=g").find("it wants kafka:") != std::string::npos);
  CHECK(refusal("a:9092/t?group=g&start=middle").find("begin or end") != std::string::npos);
  CHECK(refusal("a:9092/t?group=g&x=1").find("no option") != std::string::npos);
  CHECK(refusal("a:9092/t?group=g", "nonsense").find("damaged") != std::string::npos);
  CHECK(refusal("a:9092/t?group=g&config=/no/such/file").find("/no/such/file") != std::string::npos);
}
