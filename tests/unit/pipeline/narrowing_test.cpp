// What a search is spared: events whose rows it would drop (EarlyCheck), and rows that a join cannot
// use (Wanted). Sparing it them must not change what it finds: every search here runs over random
// rows with and without.
#include <map>
#include <random>
#include <set>

#include "catch.hpp"
#include "pipeline/early_check.hpp"
#include "pipeline/lookup_table.hpp"
#include "scratch.hpp"
#include "spl/print.hpp"

using namespace escudo;
using namespace escudo::pipeline;

namespace {

using Many = std::vector<std::string>;

// Rows of one feed, by plain names; those of _time lie beside.
struct Source {
  std::vector<std::string> columns;
  std::vector<std::vector<Many>> cells;   // by row, by column
  std::uint64_t first = 0;                // record number of the first row
};

catalog::Catalog make_catalog(const std::string& folder) {
  catalog::Catalog out;
  for (const char* name : {"Processes", "Registry"}) {
    catalog::Dataset d;
    d.model = "Endpoint";
    d.name = name;
    for (const char* field : {"user", "name", "guid", "value"}) d.fields.push_back({field, "", ""});
    out.add_dataset(std::move(d));
  }
  catalog::LookupDefinition known;
  known.name = "known";
  known.file = folder + "/known.csv";
  out.add_lookup(known);
  catalog::LookupDefinition absent;
  absent.name = "absent";
  out.add_lookup(absent);
  out.add_macro({"plain", {"object"}, "rename \"$object$.*\" as *", ""});
  return out;
}

class Bench {
 public:
  explicit Bench(const std::string& search) {
    scratch_.write("known.csv", "name,kind\na,odd\nb,even\nc*,odd\n");
    catalog_ = make_catalog(scratch_.path());
    context_.catalog = &catalog_;
    context_.lookups = &lookups_;
    context_.clock = &clock_;
    context_.warn = [this](const std::string& text) { said.insert(text); };
    std::vector<spl::TextProblem> problems;
    plan_ = spl::make_plan(search, catalog_, problems);
    INFO(search);
    for (const spl::TextProblem& p : problems) INFO(p.message);
    REQUIRE(plan_);
  }

  std::set<std::string> said;
  const spl::Plan& plan() const { return *plan_; }
  Limits& limits() { return context_.limits; }
  std::uint64_t read() const { return read_; }   // rows that sources handed over

  std::vector<Source> random_rows(std::mt19937& random, std::size_t most) const {
    std::vector<Source> out;
    std::uint64_t number = 0;
    for (const spl::Feed& feed : plan_->feeds) {
      Source source;
      source.columns.assign(feed.needs.names.begin(), feed.needs.names.end());
      if (std::find(source.columns.begin(), source.columns.end(), "_time") == source.columns.end())
        source.columns.emplace_back("_time");
      source.first = number;
      const std::size_t rows = random() % (most + 1);
      for (std::size_t r = 0; r < rows; ++r) {
        auto& row = source.cells.emplace_back();
        for (const std::string& column : source.columns) {
          Many values;
          const unsigned dice = random() % 12;
          const std::size_t count = column == "_time" ? 0 : dice == 0 ? 0 : dice == 1 ? 2 : 1;
          for (std::size_t k = 0; k < count; ++k) values.push_back(std::string(1, static_cast<char>('a' + random() % 5)));
          row.push_back(std::move(values));
        }
      }
      number += rows;
      out.push_back(std::move(source));
    }
    return out;
  }

  // Without anything spared: all rows are there before the end.
  std::string pushed(const std::vector<Source>& sources) {
    return run(sources, [&](Stream& stream, std::size_t k) {
      hand_over(sources[k], {}, {}, [&](const Views& rows) { stream.push(rows.table()); });
    });
  }
  // As a run does it: rows are read when they are asked for, and passed over where that is right.
  std::string read_when_asked(const std::vector<Source>& sources, bool early) {
    read_ = 0;
    std::vector<std::unique_ptr<EarlyCheck>> checks(sources.size());
    std::vector<std::shared_ptr<const spl::EarlyFilter>> filters(sources.size());
    if (early) give_checks(*plan_->root, filters, checks);
    return run(sources, [&](Stream& stream, std::size_t k) {
      stream.read_from(
          [this, &sources, &filters, &checks, k](const std::vector<Wanted>& wanted, const Stream::Take& take) {
            const auto kept = [&](std::size_t row) {
              if (!checks[k]) return true;
              const bool passes = checks[k]->passes(values_of(sources[k], row, *filters[k]));
              for (std::string& text : checks[k]->take_said()) said.insert(std::move(text));
              return passes;
            };
            hand_over(sources[k], wanted, kept, [&](const Views& rows) {
              read_ += rows.rows.size();
              take(rows);
            });
          },
          sources[k].cells.size());
    });
  }

 private:
  void give_checks(const spl::PlannedPipeline& pipeline, std::vector<std::shared_ptr<const spl::EarlyFilter>>& filters,
                   std::vector<std::unique_ptr<EarlyCheck>>& checks) {
    if (auto filter = spl::early_filter(*plan_, pipeline)) {
      checks[pipeline.feed] = EarlyCheck::make(*filter, *plan_, "", catalog_, lookups_, memory_);
      filters[pipeline.feed] = std::move(filter);
    }
    for (const auto& child : pipeline.children) give_checks(*child, filters, checks);
  }

  static std::vector<std::string_view> views_of(const Many& values) { return {values.begin(), values.end()}; }

  std::span<const std::span<const std::string_view>> values_of(const Source& source, std::size_t row, const spl::EarlyFilter& filter) {
    texts_.clear();
    spans_.clear();
    for (const spl::EarlyFilter::Field& field : filter.fields) {
      const auto at = std::find(source.columns.begin(), source.columns.end(), field.plain);
      REQUIRE(at != source.columns.end());
      texts_.push_back(views_of(source.cells[row][static_cast<std::size_t>(at - source.columns.begin())]));
    }
    for (const auto& some : texts_) spans_.emplace_back(some);
    return spans_;
  }

  static void hand_over(const Source& source, const std::vector<Wanted>& wanted, const std::function<bool(std::size_t)>& kept,
                        const std::function<void(const Views&)>& take) {
    for (std::size_t r = 0; r < source.cells.size(); ++r) {
      if (kept && !kept(r)) continue;
      bool use = true;
      std::vector<std::vector<std::string_view>> texts;
      for (std::size_t c = 0; c < source.columns.size(); ++c) {
        texts.push_back(views_of(source.cells[r][c]));
        for (const Wanted& one : wanted)
          if (one.name == source.columns[c] && texts[c].size() == 1) use = use && one.keys->contains(texts[c].front());
      }
      if (!use) continue;
      std::vector<std::span<const std::string_view>> cells(texts.begin(), texts.end());
      Views views{&source.columns, {}};
      const std::uint64_t number = source.first + r;
      views.rows.push_back({cells.data(), base::from_epoch_seconds(1'600'000'000 + static_cast<std::int64_t>(number * 40)), true, number, false});
      take(views);
    }
  }

  std::string run(const std::vector<Source>& sources, const std::function<void(Stream&, std::size_t)>& feed) {
    std::vector<spl::TextProblem> problems;
    const auto stream = Stream::build(*plan_, *plan_->root, context_, problems);
    REQUIRE(stream);
    std::vector<Stream*> by_feed;
    stream->collect(by_feed);
    for (std::size_t k = 0; k < sources.size(); ++k)
      if (k < by_feed.size() && by_feed[k]) feed(*by_feed[k], k);
    said.clear();
    const Table table = stream->finish();
    std::string out;
    for (const Row& row : table.rows) {
      for (std::size_t c = 0; c < table.columns.size(); ++c)
        if (!row.cells[c].is_null()) out += table.columns[c] + "=" + row.cells[c].text() + " ";
      for (const auto& record : row.evidence.records) out += "#" + std::to_string(record.number);
      out += " of " + std::to_string(row.evidence.total) + "\n";
    }
    // Of a subsearch that is not read at all, for its rows would meet none, nothing is cut.
    if (!table.rows.empty())
      for (const std::string& text : said) out += text + "\n";
    return out;
  }

  ScratchFolder scratch_;
  catalog::Catalog catalog_;
  LookupStore lookups_;
  const base::FixedClock clock_{base::from_epoch_seconds(1'700'000'000)};
  Context context_;
  std::unique_ptr<const spl::Plan> plan_;
  std::vector<std::vector<std::string_view>> texts_;
  std::vector<std::span<const std::string_view>> spans_;
  std::uint64_t read_ = 0;
  EarlyMemory memory_;
};

// Rows with and without, over and over. How many rows were read of how many there were.
struct Spared {
  std::uint64_t read = 0, there = 0;
};
Spared compare(Bench& bench, bool early, std::size_t rows = 40, int times = 60) {
  Spared out;
  for (int seed = 1; seed <= times; ++seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    const auto sources = bench.random_rows(random, rows);
    INFO("seed " << seed);
    CHECK(bench.read_when_asked(sources, early) == bench.pushed(sources));
    out.read += bench.read();
    for (const Source& source : sources) out.there += source.cells.size();
  }
  return out;
}

const std::string processes = "| tstats count min(_time) as first values(Processes.value) as values from datamodel=Endpoint.Processes by ";

}  // namespace

TEST_CASE("what a search asks of the key of its groups, or of the event, is asked early") {
  for (const std::string& search : std::vector<std::string>{
           processes + "Processes.name Processes.user | `plain(Processes)` | search name=a",
           processes + "Processes.name Processes.user | search Processes.name IN (a, b) Processes.user!=c",
           processes + "Processes.name | rename Processes.name as n | where n=\"a\" AND count>0",
           processes + "_time span=1m Processes.name | `plain(Processes)` | eval n=upper(name) | where n=\"B\"",
           processes + "Processes.name | `plain(Processes)` | regex name=\"[ab]\"",
           processes + "Processes.name | `plain(Processes)` | lookup known name OUTPUT kind | search kind=odd",
           processes + "Processes.name | `plain(Processes)` | lookup absent name OUTPUT kind | search kind=odd",
           processes + "Processes.name Processes.guid | `plain(Processes)` | rex field=name \"(?<letter>[abc])\" | where letter=guid",
           processes + "Processes.name | `plain(Processes)` | convert ctime(first) | fields name count | search NOT name=a",
           processes + "Processes.name Processes.user | `plain(Processes)` | stats sum(count) as n by name | where name=\"c\"",
           std::string("| tstats fillnull_value=a count from datamodel=Endpoint.Processes by Processes.name | search Processes.name=a"),
           std::string("search user=* | eval x=if(name=\"a\", 1, 0) | where x=1 | stats count by user"),
           std::string("search user=* | stats count values(guid) as guids by user name | search name=b count>1"),
           std::string("search user=* | fillnull value=z name | search name=z | table name user"),
           std::string("search user=* | eval both=mvappend(name, guid) | mvexpand both | search both=a | stats count by both"),
           std::string("search user=* | makemv delim=\"a\" name | nomv name | replace b with d in name | search name=d"),
       }) {
    Bench bench(search);
    INFO(search);
    const Spared spared = compare(bench, true);
    CHECK(spared.read * 10 < spared.there * 9);
  }
}

TEST_CASE("what more than one event decides is not asked early") {
  for (const std::string& search : std::vector<std::string>{
           processes + "Processes.name | where count>1",
           processes + "Processes.name | where count>1 OR 'Processes.name'=\"a\"",
           processes + "Processes.name | eventstats max(count) as most | search Processes.name=a",
           processes + "Processes.name | head 2 | search Processes.name=a",
           processes + "Processes.name | streamstats count as n | search Processes.name=a",
           processes + "Processes.name Processes.user | dedup Processes.user | search Processes.name=a",
           "| tstats count values(Processes.user) as name from datamodel=Endpoint.Processes by Processes.name | eval name=mvindex(name, 0) | search name=a",
           "| tstats count values(Processes.user) as user from datamodel=Endpoint.Processes by Processes.name | `plain(Processes)` | rex field=name \"(?<user>[ab])\" | search user=c",
           "search user=* | eventstats count by name | search name=a",
           "search user=* | stats count as user by name | search user=1",
           "search user=* | where _time > 1600000400 | stats count by user",
           "search user=* | where now() > 0 AND random() >= 0 | stats count by user",
           // Noon of today: the check has no clock.
           "search user=* | eval t=strptime(if(name=\"a\", \"12:00\", \"\"), \"%H:%M\") | where t>1000000000 | stats count by user",
           "search user=* | where strptime(if(name=\"a\", \"12:00\", \"\"), \"%H:%M\")>1000000000 | stats count by user",
       }) {
    Bench bench(search);
    INFO(search);
    CHECK_FALSE(spl::early_filter(bench.plan(), *bench.plan().root));
    compare(bench, true, 20, 10);
  }
}

TEST_CASE("of a field that an event has several values of, any may pass") {
  Bench bench(processes + "Processes.name Processes.user | search Processes.name=a Processes.user=b");
  const auto filter = spl::early_filter(bench.plan(), *bench.plan().root);
  REQUIRE(filter);
  LookupStore lookups;
  EarlyMemory memory;
  const catalog::Catalog none;
  const auto check = EarlyCheck::make(*filter, bench.plan(), "", none, lookups, memory);
  REQUIRE(check);
  REQUIRE(filter->fields.size() == 2);
  CHECK(filter->fields[0].plain == "name");
  const std::vector<std::string_view> a{"a"}, b{"b"}, both{"c", "a"}, many(1000, "c");
  const auto passes = [&](std::span<const std::string_view> name, std::span<const std::string_view> user) {
    const std::span<const std::string_view> values[] = {name, user};
    const bool first = check->passes(values);
    CHECK(check->passes(values) == first);   // remembered
    return first;
  };
  CHECK(passes(a, b));
  CHECK(passes(both, b));
  CHECK_FALSE(passes(b, b));
  CHECK_FALSE(passes({}, b));
  CHECK_FALSE(passes(a, a));
  CHECK(passes(many, many));   // more rows than are worth it
}

TEST_CASE("what a filter says of a lookup that is not there is said when events are passed over") {
  Bench bench(processes + "Processes.name | lookup absent name as Processes.name OUTPUT kind | search kind=odd");
  const auto filter = spl::early_filter(bench.plan(), *bench.plan().root);
  REQUIRE(filter);
  LookupStore lookups;
  EarlyMemory memory;
  const catalog::Catalog catalog = make_catalog("");
  const auto check = EarlyCheck::make(*filter, bench.plan(), "some search", catalog, lookups, memory);
  REQUIRE(check);
  const std::vector<std::string_view> a{"a"};
  const std::span<const std::string_view> values[] = {a};
  CHECK_FALSE(check->passes(values));
  const auto said = check->take_said();
  REQUIRE(said.size() == 1);
  CHECK(said.front().find("lookup absent") != std::string::npos);
  CHECK_FALSE(check->passes(values));
  CHECK(check->take_said().empty());
}

namespace {

// A check of its own for each search, all with one memory.
struct Checks {
  explicit Checks(const std::string& search) : bench(search), filter(spl::early_filter(bench.plan(), *bench.plan().root)) {
    REQUIRE(filter);
  }
  std::unique_ptr<EarlyCheck> make() { return EarlyCheck::make(*filter, bench.plan(), "", none, lookups, memory); }
  static bool passes(EarlyCheck& check, std::initializer_list<std::vector<std::string_view>> fields) {
    std::vector<std::span<const std::string_view>> values;
    for (const auto& field : fields) values.emplace_back(field);
    return check.passes(values);
  }
  Bench bench;
  std::shared_ptr<const spl::EarlyFilter> filter;
  LookupStore lookups;
  EarlyMemory memory;
  const catalog::Catalog none;
};

}  // namespace

TEST_CASE("values of any length and number are not taken for others that were asked before") {
  Checks checks("search user=* | where isnotnull(name) AND len(user)>0 | stats count by name user");
  REQUIRE(checks.filter->fields.size() == 2);
  // Were 256 written as a byte, the key of the first would be that of the second.
  const std::string long_name = "\x01\xff" + std::string(254, 'v'), long_user = std::string(254, 'v') + std::string(1, '\0');
  const auto check = checks.make();
  CHECK_FALSE(checks.passes(*check, {{long_name}, {}}));
  CHECK(checks.passes(*check, {{""}, {long_user}}));
  std::mt19937 random(3);
  for (int k = 0; k < 3000; ++k) {
    std::vector<std::string_view> name(random() % 3 == 0 ? 254 + random() % 4 : random() % 3), user(random() % 3);
    const std::string text(random() % 2 ? random() % 3 : 250 + random() % 10, '\x01');
    for (auto& value : user) value = text;
    const bool few = std::max<std::size_t>(name.size(), 1) * std::max<std::size_t>(user.size(), 1) <= 256;
    const bool there = !name.empty() && !user.empty() && !text.empty();
    CHECK(checks.passes(*check, {name, user}) == (there || !few));
  }
}

TEST_CASE("checks of one memory keep their answers apart") {
  Checks checks("search user=* | where name=\"a\" | stats count by name"), others("search user=* | where name=\"b\" | stats count by name");
  const auto a = checks.make();
  const auto b = EarlyCheck::make(*others.filter, others.bench.plan(), "", others.none, others.lookups, checks.memory);
  for (int k = 0; k < 2; ++k) {
    CHECK(checks.passes(*a, {{"a"}}));
    CHECK_FALSE(checks.passes(*b, {{"a"}}));
    CHECK_FALSE(checks.passes(*a, {{"b"}}));
    CHECK(checks.passes(*b, {{"b"}}));
  }
}

TEST_CASE("what all checks of a thread remember is bounded") {
  Checks checks("search user=* | where name=\"a\" | stats count by name");
  CHECK(checks.memory.bytes() == 0);
  for (int k = 0; k < 30; ++k) {
    const auto check = checks.make();
    for (int value = 0; value < 2000; ++value) checks.passes(*check, {{std::to_string(value) + std::string(240, 'x')}});
  }
  CHECK(checks.memory.bytes() > 1'000'000);
  CHECK(checks.memory.bytes() < 5'200'000);
}

namespace {

const std::string registry = "[| tstats count from datamodel=Endpoint.Registry where Registry.value=a by Registry.guid Registry.name | `plain(Registry)`";
const std::string joined[] = {
    processes + "Processes.guid Processes.user | `plain(Processes)` | join guid " + registry + "]",
    processes + "Processes.guid Processes.name | `plain(Processes)` | join guid name " + registry + "]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | join type=left guid " + registry + "]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | join max=0 guid " + registry + "]",
    processes + "Processes.guid Processes.user | rename Processes.guid as id | join id " + registry + "| rename guid as id]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | join guid " + registry + "| eval guid=upper(guid)]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | eval guid=upper(guid) | join guid " + registry + "| eval guid=upper(guid)]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | eventstats sum(count) as all | join guid " + registry + "]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | join guid " + registry + "| eventstats count as all]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | head 3 | join guid " + registry + "| tail 2]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | join " + registry + "]",
    processes + "Processes.guid Processes.user | `plain(Processes)` | join guid " + registry + "] | join name [search user=* | stats count by name]",
    "search user=* | stats values(name) as name by guid | join guid " + registry + "]",
    "search user=* | join guid " + registry + "]",
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | stats count values(name) as names by guid]",
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | mvexpand name | stats count by guid name]",
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | table guid name]",
    // Groupings by fields that have several values of their own making.
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | eval k=mvappend(name,value) | stats count by guid k]",
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | eval name=mvappend(name,value,\"z\") | stats count by guid name]",
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | stats values(name) as k by guid value | stats count by guid k]",
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | eval n=name.\",y\" | makemv delim=\",\" n | stats count by guid n]",
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | eval n=name.\"y\" | rex max_match=0 field=n \"(?<k>.)\" | stats count by guid k]",
    processes + "Processes.guid | `plain(Processes)` | join guid [search user=* | lookup known name OUTPUT kind name as k | eval m=mvappend(kind, k) | stats count by guid m]",
    "| tstats fillnull_value=b count from datamodel=Endpoint.Processes by Processes.guid | `plain(Processes)` | join guid " + registry + "]",
};

}  // namespace

TEST_CASE("a join finds the same whichever side is read first, with only what can join of the other") {
  for (const std::string& search : joined)
    for (const std::size_t rows : {4u, 40u}) {
      Bench bench(search);
      INFO(search);
      compare(bench, rows == 4, rows);
    }
}

TEST_CASE("a join whose subsearch has too many rows cuts the same ones, whichever side is read first") {
  for (const std::string& search : joined)
    for (const std::size_t rows : {4u, 40u}) {   // few rows may be many groups
      Bench bench(search);
      bench.limits().subsearch_rows = 3;
      INFO(search);
      compare(bench, false, rows, rows == 4 ? 300 : 60);
    }
}

TEST_CASE("of the larger side of a join only what has a key of the smaller one is read") {
  for (const std::size_t larger : {0u, 1u}) {
    Bench bench(joined[0]);
    std::mt19937 random(1);
    auto sources = bench.random_rows(random, 0);
    REQUIRE(sources.size() == 2);
    for (const std::size_t side : {0u, 1u})
      for (std::size_t r = 0; r < (side == larger ? 100u : 1u); ++r) {
        sources[side].cells.emplace_back(sources[side].columns.size(), Many{"a"});
        for (std::size_t c = 0; c < sources[side].columns.size(); ++c)
          if (sources[side].columns[c] == "guid") sources[side].cells.back()[c] = {std::to_string(r)};
      }
    CHECK(bench.read_when_asked(sources, false) == bench.pushed(sources));
    bench.read_when_asked(sources, false);
    // The right side is counted first, for a subsearch that is cut would be cut otherwise.
    CHECK(bench.read() == (larger == 0 ? 2 : 102));
  }
}

TEST_CASE("one side of a join that is empty spares the other") {
  Bench bench(joined[0]);
  std::mt19937 random(1);
  auto sources = bench.random_rows(random, 40);
  REQUIRE(sources.size() == 2);
  auto left = sources, right = sources;
  left[0].cells.clear();
  right[1].cells.clear();
  REQUIRE_FALSE(sources[0].cells.empty());
  REQUIRE_FALSE(sources[1].cells.empty());
  CHECK(bench.read_when_asked(left, false).empty());
  CHECK(bench.read() == 0);
  CHECK(bench.read_when_asked(right, false).empty());
  CHECK(bench.read() == 0);
}
