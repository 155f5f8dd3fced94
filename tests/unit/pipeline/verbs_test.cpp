// What several verbs stand on: order, time buckets, keys, sed scripts, paths, evidence.
#include <algorithm>
#include <cmath>
#include <random>

#include "catch.hpp"
#include "pipeline/ops/newest_first.hpp"
#include "pipeline/ops/sed.hpp"
#include "pipeline/ops/sort_rows.hpp"
#include "pipeline/ops/spath.hpp"
#include "pipeline/ops/time_bucket.hpp"
#include "spl/parser.hpp"

using namespace escudo;
using namespace escudo::pipeline;

namespace {

std::string edited(const std::string& script, const std::string& text) {
  std::vector<spl::TextProblem> problems;
  const auto sed = SedScript::compile(script, {}, {}, problems);
  if (!sed) return "refused: " + problems.front().message;
  Match match;
  bool gave_up = false;
  return sed->edited(text, match, gave_up);
}

std::string path_text(const std::string& path) {
  std::vector<spath::Step> steps;
  if (!spath::parse_path(path, steps)) return "none";
  std::string out;
  for (const spath::Step& s : steps) {
    using Kind = spath::Step::Kind;
    out += s.kind == Kind::name        ? s.name
           : s.kind == Kind::attribute ? "@" + s.name
           : s.kind == Kind::element   ? "#" + std::to_string(s.number)
                                       : "*";
    out += ' ';
  }
  return out;
}

double at(const char* text) { return base::to_epoch_seconds(*base::parse_time(text)); }

}  // namespace

TEST_CASE("sorting mixed values is a strict order, stable, and the same for a part") {
  std::mt19937 random(3);
  const std::vector<Value> values = {Value(),       Value(2.0),         Value("10"),
                                     Value("9"),    Value("9.0.0.1"),   Value("10.0.0.1"),
                                     Value("5abc"), Value("B"),         Value("a"),
                                     Value(""),     Value("1.2.3.4.5"), Value::many({"x", "y"})};
  for (int round = 0; round < 200; ++round) {
    Table table;
    table.columns = {"v", "n"};
    for (int r = 0; r < 30; ++r)
      table.rows.push_back({{values[random() % values.size()], Value(static_cast<double>(r))}, {}});
    Table part = table;
    const std::vector<spl::SortKey> keys = {{"v", random() % 2 == 0, spl::SortKey::As::automatic}};
    sort_rows(table, keys);
    sort_rows(part, keys, 7);
    REQUIRE(part.rows.size() == 7);
    for (std::size_t r = 0; r < 7; ++r) CHECK(part.rows[r].cells == table.rows[r].cells);
    for (std::size_t r = 1; r < table.rows.size(); ++r) {
      const Row& a = table.rows[r - 1];
      const Row& b = table.rows[r];
      if (a.cells[0] == b.cells[0]) CHECK(a.cells[1].as_number() < b.cells[1].as_number());
      if (a.cells[0].is_null()) CHECK(b.cells[0].is_null());
    }
  }
}

TEST_CASE("buckets of time") {
  const spl::TimeSpan month{0, 1}, quarter{0, 3}, year{0, 12}, day{86'400'000'000, 0},
      tenth{100'000, 0};
  CHECK(floor_time(at("2024-02-29T23:59:59Z"), month) == at("2024-02-01T00:00:00Z"));
  CHECK(floor_time(at("2024-06-30T12:00:00Z"), quarter) == at("2024-04-01T00:00:00Z"));
  CHECK(floor_time(at("1969-12-31T23:00:00Z"), year) == at("1969-01-01T00:00:00Z"));
  CHECK(floor_time(-1, day) == -86400);
  CHECK(std::abs(floor_time(1704067200.3, tenth) - 1704067200.3) < 1e-6);
  for (const spl::TimeSpan& span : {month, quarter, year, day, spl::TimeSpan{0, 120}}) {
    double start = floor_time(at("1999-12-31T00:00:00Z"), span);
    for (int k = 0; k < 50; ++k) {
      const double next = next_time(start, span);
      REQUIRE(next > start);
      CHECK(floor_time(next, span) == next);           // a start itself
      CHECK(floor_time(next - 0.001, span) == start);  // and the very next one
      start = next;
    }
  }
}

TEST_CASE("the span chosen for a range needs no more buckets than asked for") {
  for (const double range :
       {0.0, 0.5, 59.0, 900.0, 3600.0, 14'400.0, 86'400.0, 604'800.0, 31'536'000.0, 3e9})
    for (const int buckets : {2, 10, 100}) {
      const spl::TimeSpan span = span_for(1e9, 1e9 + range, buckets);
      int n = 1;
      for (double t = floor_time(1e9, span); next_time(t, span) <= 1e9 + range;
           t = next_time(t, span))
        ++n;
      INFO(range << " in " << buckets);
      CHECK(n <= buckets + 1);  // the first one may begin before the range
    }
  CHECK(span_for(0, 3600, 100) == spl::TimeSpan{60'000'000, 0});
  CHECK(span_for(0, 86'400, 100) == spl::TimeSpan{1'800'000'000, 0});
  CHECK(span_for(0, 604'800, 100) == spl::TimeSpan{86'400'000'000, 0});
}

TEST_CASE("sed scripts") {
  CHECK(edited("s/a/b/", "aaa") == "baa");
  CHECK(edited("s/a/b/g", "aaa") == "bbb");
  CHECK(edited("s/a/b/2", "aaa") == "aba");
  CHECK(edited("s/a/b/2g", "aaa") == "abb");
  CHECK(edited("s|/|-|g", "a/b/c") == "a-b-c");
  CHECK(edited("s/\\//-/g", "a/b") == "a-b");
  CHECK(edited("s/(\\w)(\\w)?/[\\2\\1]/", "x.") == "[x].");
  CHECK(edited("s/,/\\n/g", "a,b") == "a\nb");
  CHECK(edited("s/x*/-/g", "ab") == "-a-b-");
  CHECK(edited("s/\\x00//g", std::string("a\0b", 3)) == "ab");
  CHECK(edited("y/abc/xyz/", "cab-d") == "zxy-d");
  CHECK(edited("y/aä/äa/", "aä") == "äa");
  CHECK(edited("s/a/b/ ; s/b/c/g", "ab") == "cc");
  for (const char* bad : {"", "s/a/b", "x/a/b/", "s/a/b/q", "s/a/b/0", "y/ab/c/", "s", "s/(/x/"})
    CHECK(edited(bad, "a").starts_with("refused: "));
}

TEST_CASE("paths of spath") {
  CHECK(path_text("a.b") == "a b ");
  CHECK(path_text("a{}.b") == "a * b ");
  CHECK(path_text("a{}{2}") == "a * #2 ");
  CHECK(path_text("E.D{@Name}") == "E D @Name ");
  CHECK(path_text("{}.a") == "* a ");
  for (const char* bad : {"", "a..b", "a{", "a{x}", ".a", "a{-1}"}) CHECK(path_text(bad) == "none");
}

TEST_CASE("documents that are hostile give nothing and cost little") {
  spath::Leaves leaves;
  CHECK_FALSE(spath::json_leaves(std::string(1'000'000, '['), 100, leaves));
  std::string deep;
  for (int k = 0; k < 50'000; ++k) deep += "<a>";
  for (int k = 0; k < 50'000; ++k) deep += "</a>";
  CHECK_FALSE(spath::xml_leaves(deep, 100, leaves));
  CHECK_FALSE(spath::json_leaves("{\"a\":1} x", 100, leaves));
  CHECK_FALSE(spath::json_leaves("12", 100, leaves));
  CHECK_FALSE(spath::xml_leaves("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>", 100,
                                leaves));
  CHECK(leaves.empty());
}

TEST_CASE("which verbs need an order") {
  std::vector<spl::TextProblem> problems;
  auto order = [&](const char* search) {
    const auto pipeline = spl::parse(search, problems);
    REQUIRE(pipeline);
    return order_matters(*pipeline, 1, false);
  };
  CHECK(order("a=1 | eval b=1 | head 1"));
  CHECK(order("a=1 | stats list(b)"));
  CHECK(order("a=1 | search b=1 | dedup c"));
  CHECK_FALSE(order("a=1 | stats count by b | dedup b"));
  CHECK_FALSE(order("a=1 | where b=1 | table b"));
  CHECK_FALSE(order("a=1 | eventstats count by b"));
  CHECK(order("a=1 | eventstats first(b)"));
}

TEST_CASE("tables appended keep their key when they agree, or when one is empty") {
  auto table = [](std::vector<std::string> columns, std::vector<std::string> key, int rows) {
    Table out;
    out.columns = std::move(columns);
    out.key = std::move(key);
    for (int r = 0; r < rows; ++r)
      out.rows.push_back({std::vector<Value>(out.columns.size(), Value("v")), {}});
    return out;
  };
  Table a = table({"x", "n"}, {"x"}, 1);
  a.append({});
  CHECK(a.key == std::vector<std::string>{"x"});
  a.append(table({"n", "x"}, {"x"}, 1));
  CHECK(a.key == std::vector<std::string>{"x"});
  a.append(table({"y"}, {"y"}, 1));
  CHECK(a.key.empty());
  CHECK(a.columns == std::vector<std::string>{"x", "n", "y"});
  for (const Row& row : a.rows) CHECK(row.cells.size() == 3);
  Table none = table({"x"}, {}, 0);
  none.append(table({"x"}, {"x"}, 2));
  CHECK(none.key == std::vector<std::string>{"x"});
}

TEST_CASE("groups that hold much are named once, and none is dropped") {
  const catalog::Catalog catalog;
  std::vector<std::string> said;
  Context context;
  context.catalog = &catalog;
  context.search = "Mine";
  context.limits.state_bytes = 1u << 20;
  context.warn = [&](const std::string& text) { said.push_back(text); };
  std::vector<spl::TextProblem> problems;
  const auto plan = spl::make_plan("sourcetype=x | stats dc(a) by b | stats count", catalog, problems);
  REQUIRE(plan);
  for (const bool few : {true, false}) {
    said.clear();
    const auto stream = Stream::build(*plan, *plan->root, context, problems);
    REQUIRE(stream);
    Table rows;
    rows.columns = {"a", "b"};
    for (int k = 0; k < 140'000; ++k)
      rows.rows.push_back({{Value("a" + std::to_string(k)), Value(std::to_string(few ? 0 : k))}, {}});
    if (few) rows.rows.resize(60'000);
    stream->push(std::move(rows));
    const Table out = stream->finish();
    REQUIRE(out.rows.size() == 1);
    CHECK(out.rows[0].cells[0].text() == (few ? "1" : "140000"));
    CHECK(said == (few ? std::vector<std::string>{}
                       : std::vector<std::string>{"Mine: its groups hold more than 1 MB of memory"}));
  }
}
