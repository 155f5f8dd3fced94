// eval: expressions over one row, as a table of what each gives.
#include "pipeline/eval.hpp"

#include <cmath>

#include "base/json.hpp"
#include "catch.hpp"
#include "spl/parser.hpp"

using namespace escudo;
using pipeline::EvalResult;
using pipeline::Evaluator;
using pipeline::Value;

namespace {

const base::FixedClock kClock(*base::parse_time("2024-02-29T12:34:56.789Z"));

struct Bench {
  pipeline::Context context;
  std::vector<std::string> warnings;
  std::vector<spl::TextProblem> problems;

  Bench() {
    context.clock = &kClock;
    context.warn = [this](const std::string& text) { warnings.push_back(text); };
  }
  std::unique_ptr<Evaluator> compile(const std::string& text) {
    const auto expr = spl::parse_eval(text, problems);
    return expr ? Evaluator::compile(*expr, context, problems) : nullptr;
  }
};

// The row every expression of the tables below sees.
const std::vector<std::pair<std::string, Value>> kRow = {
    {"a", "1"},
    {"b", "2"},
    {"n", 5.0},
    {"half", "2.5"},
    {"text", "Hello"},
    {"empty", ""},
    {"nothing", {}},
    {"process", R"(C:\Windows\System32\cmd.exe /c "whoami")"},
    {"mv", Value::many({"x1", "y2", "x3"})},
    {"nums", Value::many({"10", "9", "10"})},
    {"odd name-1", "odd"},
    {"proc.name", "dotted"},
    {"x{}.y", "braces"},
    {"ip", "10.1.2.3"},
    {"ips", Value::many({"192.168.0.9", "10.0.0.1"})},
    {"t", "1709210096"},
    {"pattern", "^He"},
    {"big", "9007199254740993"},
    {"filetime", "133536836968260001"},
    {"utf", "Ärger"},
    {"_raw", "a failed logon of bob"},
    {"json",
     R"({"user":{"name":"bob","tags":["a","b"]},"n":3,"ok":true,"dot.ted":"d","none":null})"},
    {"list", "a,b,,c"},
    {"hex", "6C73202D6C"},
    {"path", R"(\\server\share)"},
    {"bad", "\xFFx"}};

// "NULL", true, false, or the value as JSON: 3, "3", ["a","b"].
std::string show(const EvalResult& r) {
  if (r.is_null()) return r.is_truth ? "null truth" : "NULL";
  if (r.is_truth) return r.holds() ? "true" : "false";
  std::string out;
  if (r.value.is_number()) return base::number_text(r.value.as_number());
  if (r.value.is_text()) {
    base::append_json_string(out, r.value.as_text());
    return out;
  }
  for (const std::string& one : r.value.as_many()) {
    out += out.empty() ? "[" : ",";
    base::append_json_string(out, one);
  }
  return out + "]";
}

std::string run(const std::string& text, Bench& bench) {
  const auto evaluator = bench.compile(text);
  if (!evaluator)
    return "problem " + (bench.problems.empty() ? std::string("?") : bench.problems.back().code);
  std::vector<std::string> columns;
  pipeline::Row row;
  for (const auto& [name, value] : kRow) {
    columns.push_back(name);
    row.cells.push_back(value);
  }
  evaluator->bind(columns);
  return show(evaluator->evaluate(row));
}

struct Case {
  const char* expression;
  const char* expected;
};

template <std::size_t n>
void check(const Case (&cases)[n]) {
  for (const Case& c : cases) {
    Bench bench;
    INFO(c.expression);
    CHECK(run(c.expression, bench) == c.expected);
  }
}

}  // namespace

TEST_CASE("values and fields") {
  check({{"1", "1"},
         {".25", "0.25"},
         {"1e3", "1000"},
         {"-n", "-5"},
         {"+n", "5"},
         {"-text", "NULL"},
         {R"("plain")", R"("plain")"},
         {"a", R"("1")"},
         {"missing", "NULL"},
         {"'odd name-1'", R"("odd")"},
         {"'proc.name'", R"("dotted")"},
         {"null", "NULL"},
         {"mv", R"(["x1","y2","x3"])"},
         {"9007199254740993", R"("9007199254740993")"}});
}

TEST_CASE("a glued dot is a field where there is one, else a concatenation") {
  check({{"proc.name", R"("dotted")"},
         {"proc . name", "NULL"},
         {"x{}.y", R"("braces")"},
         {"a.b", R"("12")"},
         {"text.a.b", R"("Hello12")"},
         {R"(proc.name."!")", R"("dotted!")"}});
}

TEST_CASE("escapes in texts are taken in pairs") {
  check({{R"("a\\b")", R"("a\\b")"},
         {R"("a\"b")", R"("a\"b")"},
         {R"("a\tb")", R"("a\tb")"},
         {R"("\2")", R"("\\2")"},
         {R"("\d")", R"("\\d")"},
         // `\\` and then `\)`: PCRE reads a backslash, and a parenthesis that closes.
         {R"x(replace(process, "(.*\\\)(?=.*(\.exe))|(\.exe.*)", ""))x", R"("cmd")"},
         {R"(match(process, "\\\\System32\\\\"))", "true"},
         {R"(replace(path, "\\\\", ""))", R"("servershare")"}});
}

TEST_CASE("arithmetic") {
  check({{"1 + 2 * 3", "7"},
         {"(1 + 2) * 3", "9"},
         {"a + b", "3"},
         {"n - half", "2.5"},
         {"7 / 2", "3.5"},
         {"7 % 4", "3"},
         {"-7 % 4", "-3"},
         {"5.5 % 2", "1.5"},
         {"1 / 0", "NULL"},
         {"1 % 0", "NULL"},
         {"a + missing", "NULL"},
         {"a * text", "NULL"},
         {"a * mv", "NULL"},
         {"text + a", R"("Hello1")"},
         {R"("x" + "y")", R"("xy")"},
         {"1e308 * 10", "NULL"},
         {"2 - -3", "5"},
         {"0.1 + 0.2", "0.30000000000000004"}});
}

TEST_CASE("integers beyond a double's digits stay exact") {
  check({{"big + 0", R"("9007199254740993")"},
         {"big - 1", R"("9007199254740992")"},
         {"big = 9007199254740992", "false"},
         {"big > 9007199254740992", "true"},
         {"big = 9007199254740993", "true"},
         {"filetime + 1", R"("133536836968260002")"},
         {"filetime % 10", "1"},
         {"-big", R"("-9007199254740993")"},
         {"(filetime - 1) / 10", R"("13353683696826000")"},
         {"round(filetime / 10000000 - 11644473600, 3)", "1709210096.826"},
         {"9223372036854775807 + 1", "9223372036854775808"}});
}

TEST_CASE("concatenation") {
  check({{"text . n", R"("Hello5")"},
         {R"(text . " " . 1.50)", R"("Hello 1.5")"},
         {"text . missing", "NULL"},
         {"text . empty", R"("Hello")"},
         {R"x("(" . (a = 1) . ")")x", R"x("(True)")x"},
         {R"("v=" . mv)", R"("v=x1\ny2\nx3")"}});
}

TEST_CASE("comparison") {
  check({{"a = 1", "true"},
         {"a == \"1.0\"", "true"},
         {"a != 1", "false"},
         {"a < b", "true"},
         {"\"10\" > \"9\"", "true"},
         {"\"10\" < \"9a\"", "true"},
         {"text = \"hello\"", "false"},
         {"text = \"Hello\"", "true"},
         {"text = missing", "null truth"},
         {"missing = missing", "null truth"},
         {"missing != 1", "null truth"},
         {"missing < 1", "null truth"},
         {"empty = \"\"", "true"},
         {"\"0x10\" = 16", "false"},
         {"\"1 \" = 1", "false"},
         {"a <= 1 AND a >= 1", "true"}});
}

TEST_CASE("a multivalue compares by any of its values") {
  check({{"mv = \"y2\"", "true"},
         {"mv = \"z\"", "false"},
         {"mv != \"x1\"", "true"},
         {"nums > 9.5", "true"},
         {"nums > 11", "false"},
         {"\"y2\" = mv", "true"},
         {"mv = mv", "true"},
         {"mv = missing", "null truth"}});
}

TEST_CASE("logic has three values") {
  check({{"NOT a = 1", "false"},
         {"NOT missing = 1", "null truth"},
         {"missing = 1 AND a = 2", "false"},
         {"missing = 1 AND a = 1", "null truth"},
         {"a = 1 AND missing = 1", "null truth"},
         {"missing = 1 OR a = 1", "true"},
         {"missing = 1 OR a = 2", "null truth"},
         {"a = 1 XOR b = 2", "false"},
         {"a = 1 XOR b = 1", "true"},
         {"a = 1 XOR missing = 1", "null truth"},
         {"a = 2 AND b = 2 OR n = 5", "true"},
         {"n = 5 OR a = 2 AND b = 3", "true"},
         {"a and b", "true"},
         {"NOT empty", "true"},
         {"NOT missing", "null truth"},
         {"\"TRUE\" AND 1", "true"},
         {"0 OR \"no\"", "false"}});
}

TEST_CASE("IN") {
  check({{"a IN (3, 2, 1)", "true"},
         {"a IN (\"1.0\")", "true"},
         {"a IN (b, 5)", "false"},
         {"text IN (\"hello\", \"Hello\")", "true"},
         {"text IN (\"H*\")", "false"},
         {"in(text, \"x\", text)", "true"},
         {"mv IN (\"q\", \"x3\")", "true"},
         {"text NOT IN (\"x\")", "true"},
         {"\"x3\" IN (mv)", "true"},
         // The unsettled one: false, and its negation true.
         {"a IN (missing)", "false"},
         {"NOT a IN (missing)", "true"},
         {"NOT a IN (missing, \"1\")", "false"},
         {"missing IN (\"1\")", "null truth"},
         {"NOT missing IN (\"1\")", "null truth"}});
}

TEST_CASE("choice") {
  check({{"if(a = 1, \"yes\", \"no\")", R"("yes")"},
         {"if(missing = 1, \"yes\", \"no\")", R"("no")"},
         {"IF(isnotnull(text), text, null)", R"("Hello")"},
         {"if(a = 2, text, null)", "NULL"},
         {"if(a = 1, true(), false())", "true"},
         {"if(a = 2, true(), null())", "null truth"},
         {"if(a = 1, b = 2, \"no\")", R"("True")"},
         {"case(a = 2, \"two\", a = 1, \"one\")", R"("one")"},
         {"CASE(a = 2, \"two\")", "NULL"},
         {"case(missing = 1, 1, true(), 2)", "2"},
         {"case(a = 1, 5, true(), \"x\") + 1", "6"},
         {"validate(a = 1, \"a is wrong\", b = 1, \"b is wrong\")", R"("b is wrong")"},
         {"validate(a = 1, \"wrong\")", "NULL"},
         {"validate(missing = 1, \"wrong\")", "NULL"},
         {"coalesce(missing, nothing, empty, text)", R"("")"},
         {"coalesce(missing, mv)", R"(["x1","y2","x3"])"},
         {"coalesce(missing)", "NULL"},
         {"coalesce(missing = 1, true())", "true"},
         {"nullif(a, 1)", "NULL"},
         {"nullif(a, missing)", R"("1")"},
         {"null()", "NULL"},
         {"true()", "true"},
         {"false()", "false"}});
}

TEST_CASE("what a value is") {
  check({{"isnull(missing)", "true"},
         {"isnull(empty)", "false"},
         {"isnotnull(nothing)", "false"},
         {"ISNOTNULL(a)", "true"},
         {"isnull(missing = 1)", "true"},
         {"isnum(half)", "true"},
         {"isnum(text)", "false"},
         {"isnum(missing)", "false"},
         {"isint(half)", "false"},
         {"isint(a)", "true"},
         {"isint(\"3.0\")", "false"},
         {"isstr(text)", "true"},
         {"isstr(a)", "false"},
         {"isstr(a = 1)", "false"},
         {"isbool(a = 1)", "true"},
         {"isbool(a)", "false"},
         {"isdouble(half)", "true"},
         {"isdouble(a)", "false"},
         {"ismv(mv)", "true"},
         {"ismv(a)", "false"},
         {"typeof(n)", R"("Number")"},
         {"typeof(text)", R"("String")"},
         {"typeof(a = 1)", R"("Boolean")"},
         {"typeof(missing)", R"("Invalid")"},
         {"typeof(mv)", R"("Multivalue")"}});
}

TEST_CASE("text") {
  check({{"lower(utf)", R"("ärger")"},
         {"UPPER(\"straße ς ÿ\")", R"("STRAßE Σ Ÿ")"},
         {"upper(mv)", R"(["X1","Y2","X3"])"},
         {"lower(missing)", "NULL"},
         {"lower(bad)", R"("�x")"},
         {"upper(n)", R"("5")"},
         {"len(utf)", "5"},
         {"len(empty)", "0"},
         {"len(mv)", R"(["2","2","2"])"},
         {"len(missing)", "NULL"},
         {"trim(\"  x\t \")", R"("x")"},
         {"trim(\"xxhixx\", \"x\")", R"("hi")"},
         {"ltrim(\"xxhixx\", \"x\")", R"("hixx")"},
         {"rtrim(\"xxhixx\", \"xi\")", R"("xxh")"},
         {"trim(\"éaé\", \"é\")", R"("a")"},
         {"trim(\"   \")", R"("")"},
         {"trim(text, missing)", "NULL"},
         {"substr(text, 2)", R"("ello")"},
         {"substr(text, 2, 3)", R"("ell")"},
         {"substr(text, -3)", R"("llo")"},
         {"substr(text, -3, 2)", R"("ll")"},
         {"substr(text, -30, 2)", R"("He")"},
         {"substr(text, 0, 2)", R"("He")"},
         {"substr(text, 9)", R"("")"},
         {"substr(text, 1, 0)", R"("")"},
         {"substr(utf, 1, 1)", R"("Ä")"},
         {"substr(text, missing)", "NULL"},
         {"urldecode(\"%41%20b+%zz%4\")", R"("A b+%zz%4")"},
         {"urldecode(replace(hex, \"([0-9A-F]{2})\", \"%\\1\"))", R"("ls -l")"}});
}

TEST_CASE("patterns") {
  check({{"match(text, \"l+o$\")", "true"},
         {"match(text, \"L\")", "false"},
         {"match(text, pattern)", "true"},
         {"match(mv, \"^y\")", "true"},
         {"match(missing, \"x\")", "null truth"},
         {"match(text, missing)", "null truth"},
         {"match(n, \"5\")", "true"},
         {"like(text, \"H%\")", "true"},
         {"like(text, \"h%\")", "false"},
         {"like(text, \"H_llo\")", "true"},
         {"like(text, \"%l%l%\")", "true"},
         {"like(text, \"%l%l%l%\")", "false"},
         {"like(text, \"ell\")", "false"},
         {"like(text, \"%\")", "true"},
         {"like(empty, \"%\")", "true"},
         {"like(empty, \"_\")", "false"},
         {"like(utf, \"_rger\")", "true"},
         {"like(\"abcb\", \"%_b\")", "true"},
         {"like(\"aXbYc\", \"a_b%_c\")", "true"},
         {"like(\"a\nb\", \"a%b\")", "true"},
         {"like(\"a*b\", \"a*_\")", "true"},
         {"LIKE (text, \"%lo\")", "true"},
         {"text LIKE \"%lo\"", "true"},
         {"NOT text like \"x%\"", "true"},
         {"text NOT LIKE \"H%\"", "false"},
         {"like(mv, \"y%\")", "true"},
         {"like(text, coalesce(missing, \"H%\"))", "true"},
         {"like(missing, \"%\")", "null truth"},
         {"replace(text, \"l\", \"L\")", R"("HeLLo")"},
         {"replace(text, \"(.)l\", \"\\1-\")", R"("He-lo")"},
         {"replace(text, \"z\", \"\")", R"("Hello")"},
         {"replace(mv, \"\\d\", \"\")", R"(["x","y","x"])"},
         {"replace(missing, \"a\", \"b\")", "NULL"},
         {"replace(text, pattern, text)", R"("Hellollo")"},
         {"replace(text, \"H\", missing)", "NULL"},
         {"replace(lower(\"a`b\"), \"`\", \"\")", R"("ab")"}});
}

TEST_CASE("multivalue") {
  check({{"mvcount(mv)", "3"},
         {"mvcount(text)", "1"},
         {"mvcount(missing)", "NULL"},
         {"mvindex(mv, 0)", R"("x1")"},
         {"mvindex(mv, -1)", R"("x3")"},
         {"mvindex(mv, 1, 2)", R"(["y2","x3"])"},
         {"mvindex(mv, -2, -1)", R"(["y2","x3"])"},
         {"mvindex(mv, 0, 9)", R"(["x1","y2","x3"])"},
         {"mvindex(mv, 3)", "NULL"},
         {"mvindex(mv, -4)", "NULL"},
         {"mvindex(mv, 2, 1)", "NULL"},
         {"mvindex(\"only\", 0)", R"("only")"},
         {"mvindex(missing, 0)", "NULL"},
         {"mvappend(a, missing, mv)", R"(["1","x1","y2","x3"])"},
         {"mvappend(missing, nothing)", "NULL"},
         {"mvappend(missing, text)", R"("Hello")"},
         {"mvjoin(mv, \"-\")", R"("x1-y2-x3")"},
         {"mvjoin(text, \"-\")", R"("Hello")"},
         {"mvjoin(missing, \"-\")", "NULL"},
         {"mvdedup(nums)", R"(["10","9"])"},
         {"mvsort(nums)", R"(["10","10","9"])"},
         {"mvzip(mv, nums)", R"(["x1,10","y2,9","x3,10"])"},
         {"mvzip(mv, text, \"=\")", R"("x1=Hello")"},
         {"mvzip(mv, missing)", "NULL"},
         {"mvfind(mv, \"^y\")", "1"},
         {"mvfind(mv, \"q\")", "NULL"},
         {"mvfind(missing, \"q\")", "NULL"},
         {"mvrange(1, 4)", R"(["1","2","3"])"},
         {"mvrange(1, 8, 3)", R"(["1","4","7"])"},
         {"mvrange(3, 1, -1)", R"(["3","2"])"},
         {"mvrange(1, 4, 0)", "NULL"},
         {"mvrange(4, 1)", "NULL"},
         {"mvrange(0, 200000, \"1d\")", R"(["0","86400","172800"])"},
         {"mvrange(0, 1e12)", "NULL"},
         {"split(list, \",\")", R"(["a","b","","c"])"},
         {"split(\"éa\", \"\")", R"(["é","a"])"},
         {"split(\"a::b\", \"::\")", R"(["a","b"])"},
         {"split(empty, \",\")", R"("")"},
         {"split(missing, \",\")", "NULL"},
         {"mvjoin(split(\"abc\", \"\"), \"-\")", R"("a-b-c")"}});
}

TEST_CASE("loops over values") {
  check({{"mvfilter(match(mv, \"^x\"))", R"(["x1","x3"])"},
         {"mvfilter(mv != \"x1\" AND NOT like(mv, \"y%\"))", R"("x3")"},
         {"mvfilter(match(mv, \"q\"))", "NULL"},
         {"mvfilter(match(missing, \"q\"))", "NULL"},
         {"mvfilter(text = \"Hello\")", R"("Hello")"},
         {"mvcount(mvfilter(match(mv, \"x\")))", "2"},
         {"mvmap(nums, nums * 2)", R"(["20","18","20"])"},
         {"mvmap(nums, nums + n)", R"(["15","14","15"])"},
         {"mvmap(mv, if(isnull(mvfind(nums, mv)), mv, null))", R"(["x1","y2","x3"])"},
         {"mvmap(mv, if(mv = \"y2\", mv, null()))", R"("y2")"},
         {"mvmap(missing, missing . \"!\")", "NULL"},
         {"mvmap(split(list, \",\"), list . \"!\")", R"(["a!","b!","!","c!"])"},
         {"mvmap(mv, mvmap(nums, mv . nums))",
          R"(["x110","x19","x110","y210","y29","y210","x310","x39","x310"])"},
         {"mvmap(mv, unknown . mv)", "NULL"}});
}

TEST_CASE("numbers") {
  check({{"abs(-3)", "3"},
         {"abs(text)", "NULL"},
         {"abs(missing)", "NULL"},
         {"ceiling(2.1)", "3"},
         {"ceil(-2.1)", "-2"},
         {"floor(-2.1)", "-3"},
         {"exp(0)", "1"},
         {"ln(1)", "0"},
         {"ln(0)", "NULL"},
         {"log(1000)", "3"},
         {"log(8, 2)", "3"},
         {"log(-1)", "NULL"},
         {"pow(2, 10)", "1024"},
         {"sqrt(16)", "4"},
         {"sqrt(-1)", "NULL"},
         {"round(2.5)", "3"},
         {"round(-2.5)", "-3"},
         {"round(2.345, 2)", "2.35"},
         {"round(1234, -2)", "1200"},
         {"round(nums)", R"(["10","9","10"])"},
         {"exact(3.14)", "3.14"},
         {"pi()", "3.141592653589793"},
         {"sigfig(1.00*1111)", "1110"},
         {"sigfig(1.5+2.25)", "3.8"},
         {"sigfig(missing*2)", "NULL"},
         {"max(1, n, a)", "5"},
         {"max(1, text)", R"("Hello")"},
         {"max(missing)", "NULL"},
         {"min(nums, 20)", R"("9")"},
         {"min(text, 3)", "3"},
         {"sum(a, b, n, text)", "8"},
         {"avg(a, b)", "1.5"},
         {"avg(text)", "NULL"},
         {"sin(0)", "0"},
         {"cos(0)", "1"},
         {"tan(0)", "0"},
         {"asin(2)", "NULL"},
         {"acos(1)", "0"},
         {"atan(0)", "0"},
         {"atan2(0, 1)", "0"},
         {"hypot(3, 4)", "5"},
         {"sinh(0)", "0"},
         {"cosh(0)", "1"},
         {"tanh(0)", "0"},
         {"asinh(0)", "0"},
         {"acosh(1)", "0"},
         {"atanh(0)", "0"},
         {"bit_and(12, 10)", "8"},
         {"bit_or(12, 10, 1)", "15"},
         {"bit_xor(12, 10)", "6"},
         {"bit_not(0, 255)", "255"},
         {"bit_shift_left(1, 4)", "16"},
         {"bit_shift_right(16, 4)", "1"},
         {"bit_and(-1, 1)", "NULL"},
         {"bit_or(text, 1)", "NULL"}});
}

TEST_CASE("conversion") {
  check({{"tostring(n)", R"("5")"},
         {"tostring(a = 1)", R"("True")"},
         {"tostring(missing)", "NULL"},
         {"tostring(255, \"hex\")", R"("0xFF")"},
         {"tostring(5, \"binary\")", R"("101")"},
         {"tostring(1234567.891, \"commas\")", R"("1,234,567.89")"},
         {"tostring(-1234, \"commas\")", R"("-1,234")"},
         {"tostring(999, \"commas\")", R"("999")"},
         {"tostring(615, \"duration\")", R"("00:10:15")"},
         {"tostring(90061, \"duration\")", R"("1+01:01:01")"},
         {"tostring(134.743, \"duration\")", R"("00:02:14.743000")"},
         {"tostring(-5, \"duration\")", R"("-00:00:05")"},
         {"tostring(text, \"hex\")", R"("Hello")"},
         {"tonumber(\"12\")", "12"},
         {"tonumber(\" 7 \")", "7"},
         {"tonumber(\"0A4\", 16)", "164"},
         {"tonumber(\"0x1F\", 16)", "31"},
         {"tonumber(\"-101\", 2)", "-5"},
         {"tonumber(\"z\", 16)", "NULL"},
         {"tonumber(text)", "NULL"},
         {"tonumber(\"1\", 99)", "NULL"},
         {"tonumber(big)", R"("9007199254740993")"},
         {"toint(half)", "2"},
         {"todouble(half)", "2.5"},
         {"tobool(\"true\")", "true"},
         {"printf(\"%05d|%-4s|%.2f|%x|%X|%o|%e|%%\", n, \"ab\", half, 255, 255, 8, 12345.678)",
          R"("00005|ab  |2.50|ff|FF|10|1.234568e+04|%")"},
         {"printf(\"%+d % d %c %10.3s|\", 3, 4, text, text)", R"("+3  4 H        Hel|")"},
         {"printf(\"%*d|%-*d|%.*f\", 4, 7, 3, 8, 1, 2.55)", R"("   7|8  |2.5")"},
         {"printf(\"%d %s\", text)", R"("0 ")"},
         {"printf(\"%d\", filetime)", R"("133536836968260001")"},
         {"printf(\"%y %\")", R"("%y %")"},
         {"printf(missing)", "NULL"}});
}

TEST_CASE("time") {
  check({{"now()", "1709210096"},
         {"time()", "1709210096.789"},
         {"strftime(t, \"%Y-%m-%dT%H:%M:%S\")", R"("2024-02-29T12:34:56")"},
         {"strftime(text, \"%Y\")", "NULL"},
         {"strftime(1e15, \"%Y\")", "NULL"},
         {"strptime(\"2024-02-29 12:34:56\", \"%Y-%m-%d %H:%M:%S\")", "1709210096"},
         {"strptime(\"12:00\", \"%H:%M\")", "1709208000"},
         {"strptime(\"never\", \"%H:%M\")", "NULL"},
         {"relative_time(t, \"-70m@m\")", "1709205840"},
         {"relative_time(t, \"@d\")", "1709164800"},
         {"relative_time(t, \"+1h@h\")", "1709211600"},
         {"relative_time(t, \"-1d@d+3h\")", "1709089200"},
         {"relative_time(t, \"@w0\")", "1708819200"},
         {"relative_time(t, \"@w\")", "1708819200"},
         {"relative_time(t, \"@w7\")", "1708819200"},
         {"relative_time(t, \"@w1\")", "1708905600"},
         {"relative_time(t, \"@w4\")", "1709164800"},
         {"relative_time(t, \"-1mon@mon\")", "1704067200"},
         {"relative_time(t, \"-12mon\")", "1677587696"},
         {"relative_time(t, \"@q\")", "1704067200"},
         {"relative_time(t, \"-1y@y\")", "1672531200"},
         {"relative_time(t, \"-30\")", "1709210066"},
         {"relative_time(t, \"-d\")", "1709123696"},
         {"relative_time(t, \"now\")", "1709210096"},
         {"relative_time(t, \"+500ms\")", "1709210096.5"},
         {"relative_time(now(), \"-24h@h\")", "1709121600"},
         {"relative_time(t, \"-999999999999y\")", "NULL"},
         {"relative_time(t, text)", "NULL"},
         {"relative_time(missing, \"@d\")", "NULL"},
         {"relative_time(t, \"@fortnight\")", "NULL"}});
}

TEST_CASE("digests") {
  check(
      {{"md5(\"\")", R"("d41d8cd98f00b204e9800998ecf8427e")"},
       {"sha1(\"abc\")", R"("a9993e364706816aba3e25717850c26c9cd0d89d")"},
       {"sha256(\"abc\")", R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")"},
       {"substr(sha512(\"abc\"), 1, 16)", R"("ddaf35a193617aba")"},
       {"sha1(missing)", "NULL"}});
}

TEST_CASE("addresses") {
  check({{"cidrmatch(\"10.0.0.0/8\", ip)", "true"},
         {"cidrmatch(\"10.1.2.3\", ip)", "true"},
         {"cidrmatch(\"192.168.0.0/16\", ip)", "false"},
         {"cidrmatch(\"192.168.0.0/16\", ips)", "true"},
         {"cidrmatch(\"fe80::/10\", \"fe80::1\")", "true"},
         {"cidrmatch(\"fe80::/10\", ip)", "false"},
         {"cidrmatch(\"10.0.0.0/8\", text)", "false"},
         {"cidrmatch(\"10.0.0.0/8\", missing)", "null truth"},
         {"cidrmatch(missing, ip)", "null truth"},
         {"cidrmatch(\"10.0.0/8\", ip)", "false"},
         {"ipmask(\"255.255.0.0\", ip)", R"("10.1.0.0")"},
         {"ipmask(text, ip)", "NULL"}});
}

TEST_CASE("searches inside expressions") {
  check({{"searchmatch(\"text=HELLO a=1\")", "true"},
         {"searchmatch(\"text=x* OR failed\")", "true"},
         {"searchmatch(\"NOT missing=*\")", "true"},
         {"if(searchmatch(\"mv=y*\"), 1, 0)", "1"},
         {"searchmatch(text)", "problem function-arguments"},
         {"searchmatch(\"(a=1\")", "problem syntax"},
         {"commands(\"search foo | stats count | sort count\")", R"(["search","stats","sort"])"},
         {"commands(\"foo [search x | head 1] | eval a=\\\"|\\\"\")", R"(["search","eval"])"},
         {"commands(\"| tstats count\")", R"("tstats")"}});
}

TEST_CASE("JSON") {
  check({{"json_extract(json, \"user.name\")", R"("bob")"},
         {"json_extract(json, \"user.tags{1}\")", R"("b")"},
         {"json_extract(json, \"user.tags{}\")", R"("[\"a\",\"b\"]")"},
         {"json_extract(json, \"user.tags\")", R"("[\"a\",\"b\"]")"},
         {"json_extract(json, \"n\", \"ok\")", R"("[3,true]")"},
         {"json_extract(json, \"n\") + 1", "4"},
         {"json_extract(json, \"dot.ted\")", R"("d")"},
         {"json_extract_exact(json, \"dot.ted\")", R"("d")"},
         {"json_extract(json, \"user.none\")", "NULL"},
         {"json_extract(json, \"none\")", "NULL"},
         {"json_extract(text, \"a\")", "NULL"},
         {"spath(json, \"user.tags{}\")", R"(["a","b"])"},
         {"spath(json, \"user{}.name\")", "NULL"},
         {"spath(json, \"user..name\")", "problem bad-path"},
         {"spath(\"<a><b x='1'>t</b></a>\", \"a.b{@x}\")", R"("1")"},
         {"spath(json, coalesce(missing, \"n\"))", R"("3")"},
         {"spath(text, \"a\")", "NULL"},
         {"json_keys(\"{\\\"b\\\":1,\\\"a\\\":2}\")", R"("[\"b\",\"a\"]")"},
         {"json_valid(json)", "true"},
         {"json_valid(text)", "false"},
         {"json_has_key_exact(json, \"dot.ted\")", "true"},
         {"json(\" { \\\"a\\\" : 1 } \")", R"("{\"a\":1}")"},
         {"json_array_to_mv(\"[1,\\\"x\\\"]\")", R"(["1","x"])"},
         {"json_array_to_mv(\"[1,\\\"x\\\"]\", true())", R"(["1","\"x\""])"},
         {"mv_to_json_array(mv)", R"("[\"x1\",\"y2\",\"x3\"]")"},
         {"mv_to_json_array(nums, true())", R"("[10,9,10]")"},
         {"json_object(\"a\", 1, \"b\", text, \"c\", json_array(1, a = 1, missing))",
          R"("{\"a\":1,\"b\":\"Hello\",\"c\":[1,true,null]}")"},
         {"json_object(\"a\")", "problem function-arguments"}});
}

TEST_CASE("deep JSON is refused, not descended into") {
  Bench bench;
  CHECK(run("json_valid(\"" + std::string(100'000, '[') + "\")", bench) == "false");
  CHECK(run("json_valid(\"" + std::string(150, '[') + std::string(150, ']') + "\")", bench) ==
        "true");
}

TEST_CASE("a problem says what is wrong and where") {
  struct Wrong {
    const char* expression;
    const char* code;
    base::Span span;
    const char* message;
    const char* hint;
  };
  const Wrong wrongs[] = {
      {"1 + lowwer(a)",
       "unknown-function",
       {4, 10},
       "no function is named lowwer",
       "did you mean lower()?"},
      {"frobnicate(a)",
       "unknown-function",
       {0, 10},
       "no function is named frobnicate",
       "docs/spl.md lists the functions"},
      {"lookup(\"x\", a)",
       "unsupported-function",
       {0, 6},
       "lookup() is not supported",
       "write the lookup command instead"},
      {"if(a, b)",
       "function-arguments",
       {0, 8},
       "if() takes 3 arguments, not 2",
       "write if(condition, value, otherwise)"},
      {"substr(a)",
       "function-arguments",
       {0, 9},
       "substr() takes at least 2 arguments, not 1",
       "write substr(text, start [, length])"},
      {"round(1, 2, 3)",
       "function-arguments",
       {0, 14},
       "round() takes at most 2 arguments, not 3",
       "write round(number [, places])"},
      {"len()", "function-arguments", {0, 5}, "len() takes 1 argument, not 0", "write len(text)"},
      {"case(a, 1, b)",
       "function-arguments",
       {0, 13},
       "case() takes pairs of a condition and a value",
       "the last value has no condition; true() is one that always holds"},
      {"match(a, \"x(\")",
       "bad-regex",
       {12, 13},
       "the regular expression is wrong: missing closing parenthesis",
       "character 3 of x("},
      {"mvfilter(a = b)",
       "function-arguments",
       {0, 15},
       "the condition of mvfilter() reads more than one field",
       "write mvfilter(match(field, \"…\")), with one field"},
      {"mvmap(1, 2)",
       "function-arguments",
       {6, 7},
       "mvmap() goes through the values of one field",
       "write mvmap(field, expression with field)"},
      {"tostring(a, \"octal\")",
       "function-arguments",
       {12, 19},
       "tostring() has no format named octal",
       "it knows \"hex\", \"binary\", \"commas\" and \"duration\""},
  };
  for (const Wrong& wrong : wrongs) {
    Bench bench;
    INFO(wrong.expression);
    CHECK_FALSE(bench.compile(wrong.expression));
    REQUIRE(bench.problems.size() == 1);
    CHECK(bench.problems[0].code == wrong.code);
    CHECK(bench.problems[0].span == wrong.span);
    CHECK(bench.problems[0].message == wrong.message);
    CHECK(bench.problems[0].hint == wrong.hint);
  }
}

TEST_CASE("a bare true is a field, and worth a word") {
  Bench bench;
  CHECK(run("case(a = 2, 1, true, 2)", bench) == "NULL");
  REQUIRE(bench.problems.size() == 1);
  CHECK(bench.problems[0].severity == base::Severity::warning);
  CHECK(bench.problems[0].code == "bare-constant");
}

TEST_CASE("a wrong relative time is NULL, and worth a word") {
  Bench bench;
  CHECK(run("relative_time(t, \"yesterday\")", bench) == "NULL");
  REQUIRE(bench.problems.size() == 1);
  CHECK(bench.problems[0].severity == base::Severity::warning);
  CHECK(bench.problems[0].code == "bad-time-modifier");
}

TEST_CASE("patterns from fields may be wrong: said, and NULL") {
  Bench bench;
  CHECK(run("match(text, \"(\" . text)", bench) == "null truth");
  REQUIRE(bench.warnings.size() == 1);
  CHECK(bench.warnings[0].starts_with("a regular expression from a field is wrong: "));
}

TEST_CASE("a pattern that runs away is no match, and said") {
  Bench bench;
  bench.context.limits.regex_match_steps = 1000;
  CHECK(run("match(\"" + std::string(60, 'a') + "b\", \"(a+)+$\")", bench) == "false");
  CHECK(bench.warnings.size() == 1);
}

TEST_CASE("what an expression builds is bounded") {
  Bench bench;
  std::string doubled = "\"" + std::string(1 << 15, 'x') + "\"";
  std::string text = "mvjoin(split(" + doubled + ", \"\"), " + doubled + ")";
  CHECK(run(text, bench) == "NULL");
  CHECK(bench.warnings.size() == 1);
  CHECK(run("mvrange(0, 5000000)", bench) == "NULL");
}

TEST_CASE("random is the same in every run") {
  const auto draw = [](const char* text) {
    Bench bench;
    const auto e = bench.compile(text);
    REQUIRE(e);
    e->bind({});
    std::vector<double> out;
    for (int k = 0; k < 100; ++k) out.push_back(e->evaluate({}).value.as_number());
    return out;
  };
  const auto first = draw("random()");
  CHECK(first == draw("random()"));
  CHECK(first[0] != first[1]);
  for (const double n : first) CHECK((n >= 0 && n < 2147483648.0 && n == std::floor(n)));
}

TEST_CASE("binding again follows the columns") {
  Bench bench;
  const auto simple = bench.compile("a.b");
  REQUIRE(simple);
  pipeline::Row row;
  row.cells = {Value("1"), Value("2")};
  simple->bind({"a", "b"});
  CHECK(show(simple->evaluate(row)) == R"("12")");
  simple->bind({"b", "a"});
  CHECK(show(simple->evaluate(row)) == R"("21")");
  simple->bind({"b", "a.b"});
  CHECK(show(simple->evaluate(row)) == R"("2")");
  simple->bind({});
  CHECK(show(simple->evaluate({})) == "NULL");
}

TEST_CASE("long chains neither overflow the stack nor pass the limit") {
  Bench bench;
  std::string sum = "1";
  for (int k = 0; k < 4900; ++k) sum += "+1";
  CHECK(run(sum, bench) == "4901");
  for (int k = 0; k < 200; ++k) sum += "+1";
  CHECK(run(sum, bench) == "problem too-deep");
  std::string likes = "text";
  for (int k = 0; k < 6000; ++k) likes += " LIKE \"x\"";
  Bench other;
  CHECK(run(likes, other) == "problem too-deep");
}

TEST_CASE("the table of functions is sorted, described and reachable") {
  const auto functions = pipeline::eval_functions();
  const auto names = pipeline::eval_function_names();
  REQUIRE(functions.size() == names.size());
  CHECK(std::is_sorted(names.begin(), names.end()));
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  for (const auto& f : functions) {
    INFO(f.name);
    CHECK(f.usage.starts_with(f.name + "("));
  }
}
