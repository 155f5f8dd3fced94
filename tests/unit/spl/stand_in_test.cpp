// What a feed whose filter has a stand-in for some value admits and carries.
#include "spl/stand_in.hpp"

#include "catch.hpp"
#include "spl/parser.hpp"
#include "spl/print.hpp"

using namespace escudo;

namespace {

spl::Feed feed_of(const std::string& filter) {
  std::vector<spl::TextProblem> problems;
  const auto expr = spl::parse_search_expression(filter, problems);
  REQUIRE(expr);
  spl::Feed feed;
  feed.filter = *expr;
  spl::widen(feed, "zz");
  return feed;
}
std::string filter(const std::string& text) { return spl::print(feed_of(text).filter); }

}  // namespace

TEST_CASE("what compares with a stand-in admits everything, under NOT too") {
  for (const char* open : {"a=zz", "a!=zz", "a<\"zz\"", "a>zz", "NOT a=zz", "NOT a!=zz", "NOT (a=zz)", "zz=1", "\"zz\"=\"zz\"", "a=b*zz*", "zz",
                           "\"some zz text\"", "a IN (b, zz)", "NOT a IN (b, zz)", "a=1 OR b=zz", "NOT (a=1 b=zz)", "NOT NOT a=zz",
                           "NOT (a=1 NOT b=zz)"})
    CHECK(filter(open) == filter("*"));
}

TEST_CASE("what stands beside it still filters") {
  CHECK(filter("a=1 b=zz") == filter("a=1"));
  CHECK(filter("a=1 NOT b=zz c=2") == filter("a=1 c=2"));
  CHECK(filter("NOT (a=1 OR b=zz)") == filter("NOT a=1"));
  CHECK(filter("NOT (a=1 NOT (b=2 c=zz))") == filter("NOT (a=1 NOT b=2)"));
  CHECK(filter("(a=1 b=zz) OR (c=2 NOT d=zz)") == filter("a=1 OR c=2"));
  CHECK(filter("a=1 NOT b=2") == spl::print(*[] {
          std::vector<spl::TextProblem> none;
          return spl::parse_search_expression("a=1 NOT b=2", none);
        }()));
}

TEST_CASE("it carries what its filter reads, and everything where a value names a field") {
  const auto names = [](const std::string& text) { return feed_of(text).needs.names; };
  CHECK(names("a=1 NOT b=zz c>zz") == std::set<std::string>{"a", "b", "c"});
  CHECK_FALSE(feed_of("a=1 b=zz").needs.everything);
  CHECK(feed_of("zz=1").needs.everything);
  CHECK(feed_of("NOT x.zz=1").needs.everything);
  CHECK(names("zz=1 a=2") == std::set<std::string>{"a"});
}

TEST_CASE("a stand-in occurs nowhere else in the search") {
  const auto all = spl::stand_ins("search anyvalue 7310987 73109877");
  REQUIRE(all.size() == 4);
  CHECK(all[0] == "anyvaluee");
  CHECK(all[1] == "731098777");
  CHECK(spl::with_stand_in("a=$b$ c=\"d $e$\" re=\"x$\"", "v") == "a=\"v\" c=\"d v\" re=\"x$\"");
}
