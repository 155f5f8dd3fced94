// Every transform of content/maps/README.md: what it gives, and that it survives odd input.

#include "cim/transforms/transform.hpp"

#include <random>
#include <regex>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "catch.hpp"

namespace escudo::cim::testing {
namespace {

using Texts = std::vector<std::string>;

Texts with(std::string_view name, const std::vector<Texts>& arguments) {
  const Transform* transform = find_transform(name);
  REQUIRE(transform);
  std::vector<std::vector<std::string_view>> views;
  for (const Texts& argument : arguments) views.emplace_back(argument.begin(), argument.end());
  std::vector<FieldValues> values(views.begin(), views.end());
  base::Arena scratch;
  FieldValues result = transform->apply(values, scratch);
  return {result.begin(), result.end()};
}

Texts run(std::string_view name, const std::string& first, const Texts& rest = {}) {
  std::vector<Texts> arguments = {first.empty() ? Texts{} : Texts{first}};
  for (const std::string& text : rest) arguments.push_back({text});
  return with(name, arguments);
}

bool holds(std::string_view name, const std::string& first, const Texts& rest = {}) {
  return !run(name, first, rest).empty();
}

}  // namespace

TEST_CASE("text is cut, joined and lowered") {
  CHECK(run("lower", "AbC-Ä") == Texts{"abc-Ä"});
  CHECK(run("trim", "  a b \t") == Texts{"a b"});
  CHECK(run("unless", "-", {"-"}).empty());
  CHECK(run("unless", "a", {"-", "b"}) == Texts{"a"});
  CHECK(with("unless", {{"a", "-"}, {"-"}}) == Texts{"a"});
  CHECK(run("strip_leading", "\\\\dc1", {"\\"}) == Texts{"dc1"});
  CHECK(run("strip_leading", "\\\\", {"\\"}).empty());
  CHECK(run("after_last", "a\\b\\c", {"\\"}) == Texts{"c"});
  CHECK(run("after_last", "abc", {"\\"}) == Texts{"abc"});
  CHECK(run("before_last", "a\\b\\c", {"\\"}) == Texts{"a\\b"});
  CHECK(run("before_last", "abc", {"\\"}).empty());
  CHECK(run("after_first", "a=b=c", {"="}) == Texts{"b=c"});
  CHECK(run("before_first", "a=b=c", {"="}) == Texts{"a"});
  CHECK(run("between", "DWORD (0x1) (2)", {"(", ")"}) == Texts{"0x1"});
  CHECK(run("between", "DWORD (0x1", {"(", ")"}).empty());
  CHECK(run("concat", "a", {"/", "b"}) == Texts{"a/b"});
  CHECK(with("concat", {{"a"}, {}}).empty());
  CHECK(with("many", {{"a", "b"}, {}, {"c"}}) == Texts{"a", "b", "c"});
  CHECK(run("split", "a, b,,c", {","}) == Texts{"a", "b", "c"});
  CHECK(run("words", "\n\t\t%%1\n\t\t%%2 ") == Texts{"%%1", "%%2"});
  CHECK(run("words", "a b c") == Texts{"a", "b", "c"});
  CHECK(run("without", " \"x\" ", {"\""}) == Texts{" x "});
  CHECK(with("null", std::vector<Texts>{}).empty());
}

TEST_CASE("conditions ignore ASCII case and look at every value") {
  CHECK(holds("equals", "Created", {"modified", "created"}));
  CHECK(!holds("equals", "Created", {"create"}));
  CHECK(with("equals", {{"a", "b"}, {"B"}}) == Texts{"true"});
  CHECK(!holds("equals", "", {""}));
  CHECK(holds("contains", "C:\\Temp\\x", {"\\temp\\"}));
  CHECK(holds("starts_with", "CreateKey", {"create"}));
  CHECK(holds("ends_with", "WS1$", {"$"}));
  CHECK(!holds("ends_with", "$x", {"$"}));
  CHECK(!holds("ends_with", "x", {"xx"}));
  CHECK(holds("present", "x"));
  CHECK(holds("not", ""));
  CHECK(!holds("not", "x"));
  CHECK(with("all", {{"true"}, {}}).empty());
  CHECK(with("any", {{}, {"true"}}) == Texts{"true"});
  CHECK(holds("has_bits", "0x8020000000000000", {"0x20000000000000"}));
  CHECK(!holds("has_bits", "0x8010000000000000", {"0x20000000000000"}));
  CHECK(holds("has_bits", "-9214364837600034816", {"0x20000000000000"}));
  CHECK(!holds("has_bits", "Audit Success", {"0x20000000000000"}));
  CHECK(holds("is_zero", "0x00000000"));
  CHECK(holds("is_zero", "0"));
  CHECK(!holds("is_zero", "0x6"));
  CHECK(!holds("is_zero", "none"));
}

TEST_CASE("Sysmon's basename is the add-on's pattern, oddity included") {
  CHECK(run("sysmon_basename", "C:\\Windows\\System32\\cmd.exe") == Texts{"cmd.exe"});
  CHECK(run("sysmon_basename", "C:\\x\\a-b") == Texts{"C:\\x\\a-b"});
  CHECK(run("sysmon_basename", "C:\\x\\a b.exe") == Texts{"a b.exe"});
  CHECK(run("sysmon_basename", "C:\\x\\a.c++") == Texts{"C:\\x\\a.c++"});
  CHECK(run("sysmon_basename", "C:\\x\\") == Texts{"C:\\x\\"});
  CHECK(run("sysmon_basename", "System") == Texts{"System"});

  const std::regex pattern(R"((.*\\)(?=.*(\.\w*)$|(\w+)$))");
  std::mt19937 random(7);
  const std::string letters = "a1_.\\- +";
  for (int i = 0; i < 20'000; ++i) {
    std::string path;
    for (auto n = random() % 12; n > 0; --n) path += letters[random() % letters.size()];
    if (path.empty()) continue;
    INFO(path);
    std::string expected = std::regex_replace(path, pattern, "");
    CHECK(run("sysmon_basename", path) == (expected.empty() ? Texts{} : Texts{expected}));
  }
}

TEST_CASE("names of paths and accounts") {
  CHECK(run("basename", "C:\\a\\b-c") == Texts{"b-c"});
  CHECK(run("basename", "/usr/bin/ls") == Texts{"ls"});
  CHECK(run("basename", "x") == Texts{"x"});
  CHECK(run("basename", "C:\\a\\").empty());
  CHECK(run("strip_domain", "CORP\\bob") == Texts{"bob"});
  CHECK(run("strip_domain", "bob@corp") == Texts{"bob@corp"});
}

TEST_CASE("the command line of 4688 is rebuilt") {
  const std::string image = "C:\\Windows\\System32\\wbem\\WMIC.exe";
  auto rebuilt = [](const std::string& line, const std::string& name) {
    return with("windows_command_line", std::vector<Texts>{line.empty() ? Texts{} : Texts{line},
                                                           name.empty() ? Texts{} : Texts{name}});
  };
  CHECK(rebuilt("wmic process call create x", image) == Texts{image + " process call create x"});
  CHECK(rebuilt("wmic  process call create x", image) == Texts{image + " process call create x"});
  CHECK(rebuilt("\"wmic\" process call", image) == Texts{image + " process call"});
  CHECK(rebuilt("C:\\W\\wmic.exe process call", image) == Texts{"C:\\W\\wmic.exe process call"});
  CHECK(rebuilt("\"C:\\W 1\\wmic.exe\"  a", image) == Texts{"\"C:\\W 1\\wmic.exe\"  a"});
  CHECK(rebuilt("wmic call \\\\ws2\\x", image) == Texts{image + " call \\\\ws2\\x"});
  CHECK(rebuilt("wmic a ", image) == Texts{image + " a "});
  CHECK(rebuilt("wmic", image) == Texts{image});
  CHECK(rebuilt("wmic  ", image) == Texts{image});
  CHECK(rebuilt("", image) == Texts{image});
  CHECK(rebuilt("b /x", "C:\\Program Files\\b.exe") == Texts{"\"C:\\Program Files\\b.exe\" /x"});
  CHECK(rebuilt("b", "C:\\Program Files\\b.exe") == Texts{"C:\\Program Files\\b.exe"});
  CHECK(rebuilt("wmic a", "") == Texts{"wmic a"});
  CHECK(rebuilt("\"unclosed a", image) == Texts{image});
}

TEST_CASE("the model cuts a name from a command line") {
  CHECK(run("name_in_command_line", "C:\\W\\wmic.exe a C:\\tmp\\x.exe /y") == Texts{"x.exe"});
  CHECK(run("name_in_command_line", "\"C:\\W 1\\wmic.exe\" a C:\\tmp\\x.exe") == Texts{"wmic.exe"});
  CHECK(run("name_in_command_line", "wmic process call") == Texts{"wmic"});
  CHECK(run("name_in_command_line", "/usr/bin/ls -l") == Texts{"/usr/bin/ls"});
  CHECK(run("name_in_command_line", "C:\\").empty());
  CHECK(run("name_in_command_line", " ").empty());
}

TEST_CASE("Sysmon's registry details are taken apart") {
  CHECK(run("registry_value_data", "DWORD (0x00000001)") == Texts{"0x00000001"});
  CHECK(run("registry_value_data", "QWORD (0x00000000-0x00000001)") ==
        Texts{"0x00000000-0x00000001"});
  CHECK(run("registry_value_data", "Binary Data") == Texts{"Binary Data"});
  CHECK(run("registry_value_data", "DWORD (x) y") == Texts{"DWORD (x) y"});
  CHECK(run("registry_value_type", "DWORD (0x00000001)") == Texts{"DWORD"});
  CHECK(run("registry_value_type", "cmd.exe (1)").empty());
  CHECK(run("registry_hive", "hklm\\system\\x") == Texts{"HKEY_LOCAL_MACHINE\\System"});
  CHECK(run("registry_hive", "HKLM\\SAM\\x").empty());
}

TEST_CASE("hash lists, DNS results and numbers") {
  CHECK(run("hash_part", "SHA1=a,MD5=b, IMPHASH=c", {"imphash"}) == Texts{"c"});
  CHECK(run("hash_part", "SHA1=a", {"MD5"}).empty());
  CHECK(run("dns_answers", "type:  5 a.b;::ffff:1.2.3.4;rest") == Texts{"a.b", "::ffff:1.2.3.4"});
  CHECK(run("dns_answers", "-").empty());
  CHECK(run("dns_answers", "type: x;type:5;type: 5;;") == Texts{"type: x", "type:5", "type: 5"});
  CHECK(run("dns_answer_types", "type:  5 a;1.2.3.4;type: 16 t;") == Texts{"5", "16"});
  CHECK(run("number_or", "80", {"0"}) == Texts{"80"});
  CHECK(run("number_or", "-", {"0"}) == Texts{"0"});
  CHECK(run("number_or", "x").empty());
}

TEST_CASE("every transform is told in the maps' README") {
  auto readme = base::read_file(ESCUDO_ROOT "/content/maps/README.md");
  REQUIRE(readme.ok());
  for (std::string_view name : transform_names()) {
    INFO(name);
    std::string code = "`" + std::string(name);
    CHECK((readme->find(code + "(") != std::string::npos ||
           readme->find(code + "`") != std::string::npos));
  }
}

}  // namespace escudo::cim::testing
