#include "base/yaml.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/text.hpp"
#include "catch.hpp"

using namespace escudo::base;

namespace {

Yaml parsed(std::string_view text) {
  Diagnostics problems;
  auto yaml = Yaml::parse(text, "x.yml", problems);
  if (!yaml) FAIL(problems.back().render());
  return *yaml;
}

Diagnostic refused(std::string_view text) {
  Diagnostics problems;
  const auto yaml = Yaml::parse(text, "x.yml", problems);
  if (yaml) FAIL("parsed: " << text);
  return problems.back();
}

}  // namespace

TEST_CASE("a document is read as it was written") {
  const Yaml yaml = parsed(
      "name: Windows WMI\n"
      "risk: 25\n"
      "half: '.5'\n"
      "on: yes\n"
      "off: No\n"
      "none:\n"
      "tilde: ~\n"
      "tags:\n"
      "  - T1047\n"
      "  - 'T1059.001'\n"
      "one: T1\n"
      "empty: ''\n"
      "flow: {a: [1, 2], b: }\n"
      "null: word\n");
  CHECK(yaml.is_map());
  CHECK(yaml["name"].text() == "Windows WMI");
  CHECK(yaml["risk"].number() == 25);
  CHECK(yaml["half"].number() == 0.5);
  CHECK_FALSE(yaml["name"].number());
  CHECK(yaml["on"].boolean(false));
  CHECK_FALSE(yaml["off"].boolean(true));
  CHECK(yaml["name"].boolean(true));
  CHECK_FALSE(yaml["none"]);
  CHECK_FALSE(yaml["tilde"]);
  CHECK_FALSE(yaml["absent"]);
  CHECK(yaml["none"].items().empty());
  CHECK(yaml["tags"].is_list());
  CHECK(yaml["tags"].strings() == std::vector<std::string>{"T1047", "T1059.001"});
  CHECK(yaml["one"].strings() == std::vector<std::string>{"T1"});
  CHECK(yaml["empty"].is_scalar());
  CHECK(yaml["empty"].text_or("x") == "");
  CHECK(yaml["none"].text_or("x") == "x");
  CHECK(yaml["tags"].text_or("x") == "x");
  CHECK(yaml["flow"]["a"].strings() == std::vector<std::string>{"1", "2"});
  CHECK_FALSE(yaml["flow"]["b"]);
  CHECK(yaml["null"].text() == "word");
  CHECK_FALSE(yaml["name"]["deeper"]["still"]);

  std::vector<std::string> names;
  for (const auto& [name, value] : yaml.members()) names.push_back(name);
  CHECK(names == std::vector<std::string>{"name", "risk", "half", "on", "off", "none", "tilde",
                                          "tags", "one", "empty", "flow", "null"});
  CHECK(yaml["tags"].key().text() == "tags");
  CHECK(yaml["tags"].key().line() == 8);
  CHECK_FALSE(yaml.key());
}

TEST_CASE("escapes give UTF-8") {
  CHECK(parsed(R"("\x41\xe9\u20ac\U0001F600\N\_\L")").text() == "Aé€\U0001F600\u0085\u00A0\u2028");
}

TEST_CASE("an empty node answers everything") {
  const Yaml none;
  CHECK_FALSE(none);
  CHECK_FALSE(none.is_map());
  CHECK(none.text() == "");
  CHECK(none.items().empty());
  CHECK(none.members().empty());
  CHECK(none.line() == 0);
  CHECK(none.column() == 0);
  CHECK(none.file() == "");
  CHECK(none.complain("c", "m").render() == "error[c]: m\n");
  CHECK(none.complain_at({0, 1}, "c", "m").render() == "error[c]: m\n");
}

TEST_CASE("a document without content is null") {
  for (const std::string_view text :
       {"", "\n\n", "# only a comment\n", "---\n", "~\n", "\xEF\xBB\xBF"}) {
    CAPTURE(text);
    CHECK_FALSE(parsed(text));
  }
}

TEST_CASE("nodes know where they stand and how they were written") {
  const Yaml yaml = parsed(
      "\xEF\xBB\xBFé: 'q'\r\nlist:\r\n  - a\r\n  - |\r\n    b\r\nn:\r\nz: !!str 7\r\n");
  CHECK(yaml["é"].quoted());
  CHECK(yaml["é"].line() == 1);
  CHECK(yaml["é"].column() == 5);
  const auto items = yaml["list"].items();
  REQUIRE(items.size() == 2);
  CHECK_FALSE(items[0].quoted());
  CHECK(items[0].line() == 3);
  CHECK(items[0].column() == 5);
  CHECK(items[1].quoted());
  CHECK(items[1].text() == "b\n");
  CHECK(yaml["n"].line() == 6);  // at its colon
  CHECK(yaml["n"].column() == 2);
  CHECK(yaml["z"].text() == "7");
  CHECK(yaml["z"].column() == 10);  // past the tag
  CHECK(yaml.file() == "x.yml");
  CHECK(yaml.source().starts_with("é"));
}

TEST_CASE("nodes outlive the handle they came from") {
  Yaml inner;
  {
    const Yaml outer = parsed("a: {b: [c]}");
    inner = outer["a"]["b"].items()[0];
  }
  CHECK(inner.text() == "c");
  CHECK(inner.complain("c", "m").place() == "x.yml:1:9");
}

TEST_CASE("what is no YAML, or more than is allowed, is refused with its place") {
  struct Row {
    std::string_view text, code, place;
  };
  const Row rows[] = {
      {"a: b: c\n", "yaml-syntax", "x.yml:1:5"},
      {"a: [b\nc: d\n", "yaml-syntax", "x.yml:2:2"},
      {"a: 'x\n", "yaml-syntax", "x.yml:1:4"},
      {"a: \"x\\\"\n", "yaml-syntax", "x.yml:1:4"},
      {"a: b\nword\n", "yaml-syntax", "x.yml:2:1"},
      {"a: b\n'word'\n", "yaml-syntax", "x.yml:2:1"},
      {"a: \"\\q\"\n", "yaml-syntax", "x.yml:1:5"},
      {"[a]: b\n", "yaml-syntax", "x.yml:1:1"},
      {"a: 1\n---\nb: 2\n", "yaml-syntax", "x.yml:2:1"},
      {"a: &x 1\n", "yaml-alias", "x.yml:1:4"},
      {"a: *x\n", "yaml-alias", "x.yml:1:4"},
      {"a: *\n", "yaml-alias", "x.yml:1:5"},
      {"a: &x [1]\n", "yaml-alias", "x.yml:1:4"},
      {"a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", "x.yml:3:1"},
      {"a: {b: 1, b: 2}\n", "yaml-duplicate-key", "x.yml:1:11"},
      {"a: x\x04y\n", "yaml-encoding", "x.yml:1:5"},
      {std::string_view("a: x\0y\n", 7), "yaml-encoding", "x.yml:1:5"},
      {"a: x\n\xFF\n", "yaml-encoding", "x.yml:2:1"},
      {"\xFF\xFE" "a", "yaml-encoding", "x.yml:1:1"},
      {"é: x\xC2\x9Fy\n", "yaml-encoding", "x.yml:1:6"},
      {"a: x # y\u2028b: z\n", "yaml-encoding", "x.yml:1:9"},
      {"a: x\u0085y\n", "yaml-encoding", "x.yml:1:5"},
      {"é: 'x' y\n", "yaml-syntax", "x.yml:1:9"},
      {"a: b\n\tc: d\n", "yaml-syntax", "x.yml:2:1"},
      {"a: %b\n", "yaml-syntax", "x.yml:1:4"},
      {"a: 'x\n---\n", "yaml-syntax", "x.yml:1:4"},
      {"a: !e!x b\n", "yaml-syntax", "x.yml:1:4"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const Diagnostic d = refused(row.text);
    CHECK(d.code == row.code);
    CHECK(d.place() == row.place);
    CHECK_FALSE(d.message.empty());
    const auto result = Yaml::parse(row.text, "x.yml");
    REQUIRE_FALSE(result);
    CHECK(result.error().starts_with(std::string(row.place) + ": "));
  }
}

TEST_CASE("a value that is not there stands at its colon or dash") {
  const Yaml yaml = parsed("é:\nl:\n- a\n-\n- \nf: {a: , b}\n");
  CHECK(yaml["é"].column() == 3);
  const auto items = yaml["l"].items();
  REQUIRE(items.size() == 3);
  CHECK(items[1].line() == 4);
  CHECK(items[1].column() == 1);
  CHECK(items[2].line() == 5);
  CHECK(yaml["f"]["a"].column() == 6);
}

TEST_CASE("words that mean null are text where they are quoted, tagged or a key") {
  const Yaml yaml = parsed("a: 'null'\nb: !!str null\nc: ! ~\nd: !!str\nnull: NULL\n~: Null\n");
  CHECK(yaml["a"].text() == "null");
  CHECK(yaml["b"].text() == "null");
  CHECK(yaml["c"].text() == "~");
  CHECK(yaml["d"].is_scalar());
  CHECK_FALSE(yaml["null"]);
  CHECK_FALSE(yaml["~"]);
  CHECK(yaml.members().size() == 6);
}

TEST_CASE("a key without a value is no error where YAML has them") {
  CHECK(parsed("? a\n? b\n").members().size() == 2);
  CHECK(parsed("{a, b: 1}").members().size() == 2);
  CHECK(parsed("a:\nb :\n'c' :\n").members().size() == 3);
  CHECK(parsed("- a:\n  b:\n- c:\n").items().size() == 2);
}

TEST_CASE("depth, size and number of nodes are bounded") {
  std::string deep;
  for (int i = 0; i < 64; ++i) deep += '[';
  const std::string shut(64, ']');
  CHECK(Yaml::parse(deep + shut, "x.yml"));
  CHECK(refused("[" + deep + shut + "]").code == "yaml-limit");
  CHECK_FALSE(Yaml::parse(std::string(100'000, '['), "x.yml"));
  std::string nested;
  for (std::size_t i = 0; i < 2000; ++i) nested += std::string(i, ' ') + "a:\n";
  CHECK(refused(nested).code == "yaml-limit");
  std::string dashes;
  for (int i = 0; i < 5000; ++i) dashes += "- ";
  CHECK(refused(dashes).code == "yaml-limit");

  CHECK(refused(std::string((16u << 20) + 1, 'a')).code == "yaml-limit");
  CHECK(parsed("a: " + std::string(1'000'000, 'a'))["a"].text().size() == 1'000'000);
  CHECK(parsed("a: " + std::string(2'000'000, 'a'))["a"].text().size() == 2'000'000);
  CHECK_FALSE(Yaml::parse(std::string(2'000'000, '{'), "x.yml"));
  std::string tags;
  for (int i = 0; i < 100'000; ++i) tags += "%TAG !" + std::to_string(i) + "! x\n";
  CHECK(refused(tags + "--- a\n").code == "yaml-limit");
  std::string many = "[";
  for (int i = 0; i < 1'000'000; ++i) many += "a,";
  CHECK(refused(many + "]").code == "yaml-limit");
}

TEST_CASE("a file is read, and its absence told") {
  const auto yaml = Yaml::read_file(std::string(ESCUDO_ROOT) + "/no/such/file.yml");
  REQUIRE_FALSE(yaml);
  CHECK(icontains(yaml.error(), "no/such/file.yml"));
  Diagnostics problems;
  CHECK_FALSE(Yaml::read_file(std::string(ESCUDO_ROOT), problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].code == "unreadable-file");
}

TEST_CASE("every YAML file at hand is read") {
  const std::string folder = std::string(ESCUDO_SHARED) + "/content";
  if (!is_folder(folder)) {
    WARN("skipped: " << folder << " is absent");
    return;
  }
  std::vector<std::string> problems;
  std::size_t searches = 0;
  for (const std::string& path : files_under(folder, problems)) {
    if (!path.ends_with(".yml")) continue;
    Diagnostics why;
    const auto yaml = Yaml::read_file(path, why);
    if (!yaml) FAIL(why.back().render());
    const Yaml search = (*yaml)["search"];
    if (!search.is_scalar()) continue;
    ++searches;
    // Every character can be pointed at: the one excerpted is the one in the text, or its escape.
    const std::string text = search.text();
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (is_space(text[i])) continue;
      const Diagnostic d = search.complain_at({i, i + 1}, "c", "m");
      const std::size_t at = d.column - d.excerpt_column;
      const bool escaped = d.excerpt.substr(at, 2) == std::string("\\") + text[i];
      if (at >= d.excerpt.size() || !(d.excerpt[at] == text[i] || escaped)) {
        FAIL(path << " at " << i << "\n" << d.render());
      }
    }
  }
  CHECK(searches > 700);
}
