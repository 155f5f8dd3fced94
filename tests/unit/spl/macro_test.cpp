// Macro expansion and the way back from expanded text to what the user wrote.
#include "spl/macro.hpp"

#include "catch.hpp"

using namespace escudo;

namespace {

catalog::Catalog catalog_of(std::vector<catalog::Macro> macros) {
  catalog::Catalog c;
  for (catalog::Macro& m : macros) c.add_macro(std::move(m));
  return c;
}

std::string expand(const std::string& text, const catalog::Catalog& c, std::vector<spl::TextProblem>* problems = nullptr) {
  std::vector<spl::TextProblem> own;
  return spl::expand_macros(text, c, problems ? *problems : own).text;
}

}  // namespace

TEST_CASE("arguments are put in, quotes around them stripped, macros within macros expanded") {
  const auto c = catalog_of({{"name", {"object"}, "rename \"$object$.*\" as *", ""},
                             {"outer", {}, "a=`inner`", ""},
                             {"inner", {}, "b", ""},
                             {"two", {"x", "y"}, "$x$-$y$", ""}});
  CHECK(expand("| `name(\"Processes\")`", c) == "| rename \"Processes.*\" as *");
  CHECK(expand("`outer` c", c) == "a=b c");
  CHECK(expand("`two(1, \"a,b\")`", c) == "1-a,b");
}

TEST_CASE("what stands in quotes or comments is left alone") {
  const auto c = catalog_of({{"m", {}, "x", ""}});
  CHECK(expand("map search=\"search `m`\"", c) == "map search=\"search `m`\"");
  CHECK(expand("replace(p, \"`\", \"\")", c) == "replace(p, \"`\", \"\")");
  CHECK(expand("f(\"`m`\", \"`other`\")", c) == "f(\"x\", \"`other`\")");   // a whole string that is a known macro
  CHECK(expand("a ```say \"hi\" | lookup x``` b", c) == "a   b");
}

TEST_CASE("a macro without end, without a closing quote or without a definition is a problem") {
  const auto c = catalog_of({{"loop", {}, "`loop`", ""}, {"one", {"x"}, "$x$", ""}});
  auto code = [&](const std::string& text) {
    std::vector<spl::TextProblem> problems;
    (void)expand(text, c, &problems);
    return problems.size() == 1 ? problems.front().code : std::to_string(problems.size());
  };
  CHECK(code("`loop`") == "macro-loop");
  CHECK(code("`open") == "unclosed-macro");
  CHECK(code("```open") == "unclosed-comment");
  CHECK(code("`onee(1)`") == "unknown-macro");
  CHECK(code("`one`") == "macro-arguments");
}

TEST_CASE("a macro that grows without end stops at the limit") {
  const auto c = catalog_of({{"a", {}, "`b` `b` `b` `b` `b` `b` `b` `b` `b` `b` `b` `b`", ""}, {"b", {}, "`c` `c` `c` `c` `c` `c` `c` `c` `c` `c` `c` `c`", ""},
                             {"c", {}, "`d` `d` `d` `d` `d` `d` `d` `d` `d` `d` `d` `d`", ""}, {"d", {}, "`e` `e` `e` `e` `e` `e` `e` `e` `e` `e` `e` `e`", ""},
                             {"e", {}, "`f` `f` `f` `f` `f` `f` `f` `f` `f` `f` `f` `f`", ""}, {"f", {}, "0123456789012345678901234567890123456789", ""}});
  std::vector<spl::TextProblem> problems;
  CHECK(spl::expand_macros("`a`", c, problems).text.size() < (2u << 20));
  CHECK_FALSE(problems.empty());
}

TEST_CASE("spans lead back: plain text to itself, text of a macro to its call") {
  const auto c = catalog_of({{"m", {}, "long replacement", ""}});
  std::vector<spl::TextProblem> problems;
  const auto out = spl::expand_macros("ab `m` cd", c, problems);
  REQUIRE(out.text == "ab long replacement cd");
  CHECK(out.original({0, 2}) == base::Span{0, 2});
  CHECK(out.original({8, 12}) == base::Span{3, 6});
  CHECK(out.original({20, 22}) == base::Span{7, 9});
}
