// Lookup tables: indexes against plain scans, the store, every table of a real rule set.
#include "pipeline/lookup_table.hpp"

#include <algorithm>
#include <filesystem>
#include <random>
#include <thread>

#include "base/files.hpp"
#include "base/text.hpp"
#include "catch.hpp"

using namespace escudo;
using pipeline::LookupIndex;
using pipeline::LookupStore;
using pipeline::LookupTable;
using pipeline::PatternIndex;

namespace {

using Rows = std::vector<std::uint32_t>;

// Few letters make many matches; ä and Ä fold, K (Kelvin sign) must not turn into k.
std::string random_text(std::mt19937& random, bool stars, std::size_t longest) {
  static const char* const letters[] = {"a", "b", "A", ".", "ä", "Ä", "\xE2\x84\xAA", "k"};
  std::string out;
  for (std::size_t n = random() % (longest + 1); n > 0; --n)
    out += stars && random() % 4 == 0 ? "*" : letters[random() % std::size(letters)];
  return out;
}

std::shared_ptr<const LookupTable> table(std::vector<std::string> columns,
                                         std::vector<std::vector<std::string>> rows) {
  auto out = std::make_shared<LookupTable>();
  out->columns = std::move(columns);
  out->rows = std::move(rows);
  return out;
}

struct Folder {
  std::filesystem::path path;
  Folder() {
    path = std::filesystem::temp_directory_path() /
           ("lookups-" + std::to_string(std::random_device{}()));
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  catalog::LookupDefinition file(const std::string& name, const std::string& text) const {
    catalog::LookupDefinition out;
    out.name = name;
    out.file = (path / name).generic_string();
    REQUIRE(base::write_file(out.file, text));
    return out;
  }
};

}  // namespace

TEST_CASE("a pattern index finds what a scan finds") {
  std::mt19937 random(7);
  for (const base::Case letters : {base::Case::ignored, base::Case::kept}) {
    for (int round = 0; round < 40; ++round) {
      std::vector<base::WildcardPattern> patterns;
      PatternIndex index(letters);
      for (std::uint32_t k = 0; k < 60; ++k) {
        const std::string text = random_text(random, true, 9);
        patterns.emplace_back(text, letters);
        index.add(text, k);
      }
      index.finish();
      for (int v = 0; v < 60; ++v) {
        const std::string value = random_text(random, false, 12);
        Rows expected, found;
        for (std::uint32_t k = 0; k < patterns.size(); ++k)
          if (patterns[k].matches(value)) expected.push_back(k);
        index.find(value, found);
        INFO(value);
        CHECK(found == expected);
      }
    }
  }
}

TEST_CASE("an index of several keys finds what a scan finds, in file order and within the limit") {
  std::mt19937 random(11);
  using Match = LookupIndex::Match;
  const std::vector<std::vector<Match>> kinds = {{Match::exact},
                                                 {Match::exact, Match::wildcard},
                                                 {Match::wildcard, Match::exact},
                                                 {Match::wildcard, Match::wildcard},
                                                 {Match::exact, Match::exact}};
  for (const bool case_sensitive : {true, false}) {
    const base::Case letters = case_sensitive ? base::Case::kept : base::Case::ignored;
    for (const auto& kind : kinds) {
      std::vector<std::vector<std::string>> rows;
      for (int r = 0; r < 80; ++r) {
        rows.emplace_back();
        for (Match m : kind) rows.back().push_back(random_text(random, m == Match::wildcard, 3));
      }
      std::vector<std::string> columns;
      std::vector<LookupIndex::Key> keys;
      for (std::size_t k = 0; k < kind.size(); ++k) {
        columns.push_back("c" + std::to_string(k));
        keys.push_back({k, kind[k]});
      }
      const LookupIndex index(table(columns, rows), keys, case_sensitive);
      for (int v = 0; v < 80; ++v) {
        std::vector<std::string> values;
        for (std::size_t k = 0; k < kind.size(); ++k)
          values.push_back(random_text(random, false, 3));
        Rows expected, found;
        for (std::uint32_t r = 0; r < rows.size() && expected.size() < 5; ++r) {
          bool all = true;
          for (std::size_t k = 0; k < kind.size(); ++k)
            all = all &&
                  (kind[k] == Match::wildcard
                       ? base::WildcardPattern(rows[r][k], letters).matches(values[k])
                   : case_sensitive ? rows[r][k] == values[k]
                                    : base::fold_case(rows[r][k]) == base::fold_case(values[k]));
          if (all) expected.push_back(r);
        }
        index.find(values, 5, found);
        CHECK(found == expected);
      }
    }
  }
}

TEST_CASE("network blocks match addresses of their family") {
  const LookupIndex index(
      table({"net"}, {{"10.0.0.0/8"}, {"fe80::/10"}, {"0.0.0.0/0"}, {"10.1.1.1"}}),
      {{0, LookupIndex::Match::cidr}}, true);
  auto find = [&](const std::string& value) {
    Rows out;
    index.find(std::vector<std::string>{value}, 10, out);
    return out;
  };
  CHECK(find("10.1.1.1") == Rows{0, 2, 3});
  CHECK(find("fe80::1") == Rows{1});
  CHECK(find("11.1.1.1") == Rows{2});
  CHECK(find("no address").empty());
}

TEST_CASE("a store loads a table once, whoever asks") {
  const Folder folder;
  const auto tools = folder.file("tools.csv", "name,kind\nnmap,scan\n");
  LookupStore store;
  std::vector<std::thread> threads;
  std::vector<std::shared_ptr<const LookupTable>> tables(4);
  std::vector<std::shared_ptr<const LookupIndex>> indexes(4);
  for (std::size_t k = 0; k < 4; ++k)
    threads.emplace_back([&, k] {
      if (auto loaded = store.table(tools)) tables[k] = *loaded;
      indexes[k] = store.index(tools, {"name"});
    });
  for (auto& thread : threads) thread.join();
  for (std::size_t k = 0; k < 4; ++k) {
    CHECK(tables[k] == tables[0]);
    CHECK(indexes[k] == indexes[0]);
  }
  REQUIRE(tables[0]);
  CHECK(tables[0]->rows.size() == 1);
  CHECK(store.index(tools, {"nmae"}) == nullptr);
}

TEST_CASE("a filter takes rows away; two filters of one file are two tables") {
  const Folder folder;
  auto all = folder.file("t.csv", "name,on\na,1\nb,0\n");
  auto some = all;
  some.filter = "on=1";
  LookupStore store;
  CHECK((*store.table(all))->rows.size() == 2);
  CHECK((*store.table(some))->rows.size() == 1);
}

TEST_CASE("a file that is missing or torn is an error with its name") {
  const Folder folder;
  LookupStore store;
  catalog::LookupDefinition missing;
  missing.file = (folder.path / "none.csv").generic_string();
  auto loaded = store.table(missing);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().find("none.csv") != std::string::npos);
  auto torn = store.table(folder.file("torn.csv", "a,b\n\"x,y\n"));
  REQUIRE_FALSE(torn);
  CHECK(torn.error().find("torn.csv") != std::string::npos);
  CHECK(store.index(missing, {"a"}) == nullptr);
}

TEST_CASE("every table of the given rule set loads") {
  const std::string rules = std::string(ESCUDO_SHARED) + "/content/security_content";
  if (!base::is_folder(rules)) {
    WARN("skipped: no " << rules);
    return;
  }
  catalog::Catalog catalog;
  base::Diagnostics problems;
  catalog.add_folder(rules, problems);
  LookupStore store;
  int tables = 0;
  for (const std::string& name : catalog.lookup_names()) {
    const catalog::LookupDefinition& lookup = *catalog.find_lookup(name);
    if (lookup.file.empty()) continue;
    auto loaded = store.table(lookup);
    INFO(name << ": " << (loaded ? "" : loaded.error()));
    REQUIRE(loaded);
    CHECK_FALSE((*loaded)->columns.empty());
    ++tables;
  }
  CHECK(tables > 30);
}
