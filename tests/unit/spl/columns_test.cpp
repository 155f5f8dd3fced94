// A column seen backwards through a command.
#include "spl/columns.hpp"

#include "catch.hpp"
#include "spl/parser.hpp"

using namespace escudo;

namespace {

std::string before(const std::string& command, const std::string& name) {
  std::vector<spl::TextProblem> problems;
  const auto pipeline = spl::parse_body(command, problems);
  if (!pipeline) return "does not parse";
  return spl::column_before(pipeline->commands.front(), name).value_or("none");
}

}  // namespace

TEST_CASE("a column keeps its name through what does not write it") {
  for (const char* command : {"search x=1", "where x=1", "eval y=x", "regex x=\"a\"", "rex field=x \"(?<y>a)\"", "convert ctime(y)",
                              "lookup t x OUTPUT y", "fields x y", "fields - y", "table x", "bin span=5 y", "mvexpand y",
                              "fillnull value=0 y", "stats count by x y", "replace a with b in y", "rename y as z"})
    CHECK(before(command, "x") == "x");
}

TEST_CASE("what writes a column, or looks at other rows, ends it") {
  for (const char* command : {"eval x=y", "eval y=1, x=2", "eval \"a{y}\"=1", "rex field=y \"(?<x>a)\"", "rex field=x mode=sed \"s/a/b/\"",
                              "convert ctime(x)", "convert ctime(*)", "lookup t y OUTPUT x", "lookup t y", "fields y", "fields - x", "table y",
                              "bin span=5 x", "bin x", "mvexpand x", "makemv x", "fillnull value=0 x", "fillnull", "stats count by y",
                              "stats values(*) by x", "eventstats count by x", "streamstats count by x", "head 5", "dedup x", "sort x",
                              "transaction x", "replace a with b in x", "replace a with b", "rename x as z",
                              "search [search a | fields x]"})
    CHECK(before(command, "x") == "none");
}

TEST_CASE("a rename is followed back, by wildcards too, where only one name can have become this one") {
  CHECK(before("rename y as x", "x") == "y");
  CHECK(before("rename a.* as *", "x") == "a.x");
  CHECK(before("rename a.* as *, b.* as *", "x") == "none");
  CHECK(before("rename a.x as y, a.* as *", "x") == "none");
  CHECK(before("rename a.x as y, a.* as *", "y") == "none");
}

TEST_CASE("columns are fixed by groupings and tables") {
  const auto fixes = [](const std::string& command) {
    std::vector<spl::TextProblem> problems;
    const auto pipeline = spl::parse_body(command, problems);
    REQUIRE(pipeline);
    return spl::fixes_columns(pipeline->commands.front());
  };
  CHECK(fixes("stats count by x"));
  CHECK(fixes("table x y"));
  CHECK_FALSE(fixes("stats values(*) by x"));
  CHECK_FALSE(fixes("table x*"));
  CHECK_FALSE(fixes("eventstats count by x"));
  CHECK_FALSE(fixes("search x=1"));
}
