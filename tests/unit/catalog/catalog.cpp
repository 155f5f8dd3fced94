// Macros, lookups and data models from files, and who wins.

#include "catalog/catalog.hpp"
#include "base/files.hpp"
#include "catch.hpp"
#include "scratch.hpp"

using namespace escudo;
using catalog::Catalog;

namespace {

using Names = std::vector<std::string>;

// A catalog of one folder whose problems are `expected`.
Catalog of(const ScratchFolder& folder, const std::string& expected = "") {
  Catalog out;
  base::Diagnostics problems;
  out.add_folder(folder.path(), problems);
  CHECK(codes(problems) == expected);
  return out;
}

}  // namespace

TEST_CASE("macros are found by name and arity") {
  ScratchFolder f;
  f.write("macros/a.yml", "name: m\ndefinition: one\n");
  const std::string b = f.write("macros/b.yml", "name: m\ndefinition: two $x$\narguments: [x]\n");
  f.write("macros/c.yml", "name: m(2)\ndefinition: three\narguments: x, y\n");
  const Catalog c = of(f);
  REQUIRE(c.find_macro("m", 0));
  CHECK(c.find_macro("m", 0)->definition == "one");
  REQUIRE(c.find_macro("m", 1));
  CHECK(c.find_macro("m", 1)->definition == "two $x$");
  CHECK(c.find_macro("m", 1)->arguments == Names{"x"});
  CHECK(c.find_macro("m", 1)->file == b);
  REQUIRE(c.find_macro("m", 2));
  CHECK(c.find_macro("m", 2)->name == "m");
  CHECK(c.find_macro("m", 2)->arguments == Names{"x", "y"});
  CHECK_FALSE(c.find_macro("m", 3));
  CHECK_FALSE(c.find_macro("n", 0));
  CHECK(c.macro_names() == Names{"m"});
}

TEST_CASE("an undefined filter lets everything pass, a defined one does not") {
  ScratchFolder f;
  f.write("macros/a.yml", "name: mine_filter\ndefinition: search user!=svc\n");
  const Catalog c = of(f);
  CHECK(c.find_macro("mine_filter", 0)->definition == "search user!=svc");
  REQUIRE(c.find_macro("other_filter", 0));
  CHECK(c.find_macro("other_filter", 0)->definition == "search *");
  CHECK_FALSE(c.find_macro("other_filter", 1));
  CHECK_FALSE(c.find_macro("filter", 0));
  CHECK(c.macro_names() == Names{"mine_filter"});
}

TEST_CASE("what is added first wins") {
  ScratchFolder first, second;
  first.write("macros/a.yml", "name: m\ndefinition: first\n");
  second.write("macros/a.yml", "name: m\ndefinition: second\n");
  second.write("macros/b.yml", "name: only\ndefinition: second\n");
  Catalog c;
  base::Diagnostics problems;
  const std::string own = first.write("own.yml", "name: mine\ndefinition: own\n");
  c.add_macro_file(own, problems);
  c.add_folder(first.path(), problems);
  c.add_folder(second.path(), problems);
  c.add_macro({"mine", {}, "late", ""});
  CHECK(problems.empty());
  CHECK(c.find_macro("m", 0)->definition == "first");
  CHECK(c.find_macro("only", 0)->definition == "second");
  CHECK(c.find_macro("mine", 0)->definition == "own");
}

TEST_CASE("a macro file holds one macro, a list or a map") {
  ScratchFolder f;
  Catalog c;
  base::Diagnostics problems;
  c.add_macro_file(f.write("one.yml", "name: a\ndefinition: 1\narguments: [x]\n"), problems);
  c.add_macro_file(f.write("list.yml", "- {name: b, definition: 2}\n- {name: c, definition: 3}\n"),
                   problems);
  c.add_macro_file(f.write("map.yml",
                           "d_filter: search user!=x\n"
                           "e: {definition: 4, arguments: [y, z]}\n"),
                   problems);
  CHECK(codes(problems) == "");
  CHECK(c.macro_names() == Names{"a", "b", "c", "d_filter", "e"});
  CHECK(c.find_macro("a", 1));
  CHECK(c.find_macro("c", 0)->definition == "3");
  CHECK(c.find_macro("d_filter", 0)->definition == "search user!=x");
  CHECK(c.find_macro("e", 2)->definition == "4");
}

TEST_CASE("malformed macros are named and left out") {
  ScratchFolder f;
  f.write("macros/a.yml", "definition: x\n");
  f.write("macros/b.yml", "name: b\ndefinition: [x]\n");
  f.write("macros/c.yml", "name: c(2)\ndefinition: x\narguments: [y]\n");
  f.write("macros/d.yml", "name: [\n");
  f.write("macros/e.yml", "name: e\ndefinition: x\n");
  Catalog c;
  base::Diagnostics problems;
  c.add_folder(f.path(), problems);
  CHECK(problems.size() == 4);
  for (const auto& d : problems) CHECK(d.severity == base::Severity::warning);
  CHECK(c.macro_names() == Names{"c", "e"});
  CHECK(c.find_macro("c", 1));
}

TEST_CASE("a missing macro file is an error") {
  Catalog c;
  base::Diagnostics problems;
  c.add_macro_file("/nonexistent/macros.yml", problems);
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].severity == base::Severity::error);
}

TEST_CASE("a lookup with everything in it") {
  ScratchFolder f;
  const std::string csv = f.write("lookups/tools20240726.csv", "tool,ip,ok\n*a*,10.0.0.0/8,true\n");
  f.write("lookups/tools.yml",
          "name: tools\nfilename: tools20240726.csv\ndefault_match: 'false'\n"
          "match_type: WILDCARD(tool), CIDR(ip),EXACT(ok)\nmin_matches: 1\nmax_matches: 5\n"
          "case_sensitive_match: 'false'\n");
  const Catalog c = of(f);
  const auto* lookup = c.find_lookup("tools");
  REQUIRE(lookup);
  CHECK(lookup->file == csv);
  CHECK_FALSE(lookup->optional_table);
  CHECK_FALSE(lookup->case_sensitive);
  CHECK(lookup->default_match == "false");
  CHECK(lookup->min_matches == 1);
  CHECK(lookup->max_matches == 5);
  CHECK(lookup->wildcard_fields == Names{"tool"});
  CHECK(lookup->cidr_fields == Names{"ip"});
  // inputlookup may name the file: the definition that speaks of it answers.
  REQUIRE(c.find_lookup("tools20240726.csv"));
  CHECK(c.find_lookup("tools20240726.csv")->name == "tools");
  CHECK(c.lookup_names() == Names{"tools"});
}

TEST_CASE("defaults, KV stores, later spellings, files without a definition") {
  ScratchFolder f;
  f.write("lookups/plain.csv", "a,b\n");
  f.write("lookups/plain.yml", "name: plain\nfilename: plain.csv\n");
  f.write("lookups/kv.yml", "name: kv\ncollection: kv\nfields_list: _key, a\n");
  f.write("lookups/later.csv", "a,b\n");
  f.write("lookups/later.yml",
          "name: later\nlookup_type: csv\nmatch_type:\n  - WILDCARD(a)\n"
          "case_sensitive_match: false\n");
  f.write("lookups/kv5.yml", "name: kv5\nlookup_type: kvstore\nfields: [a]\n");
  f.write("lookups/bare.csv", "x\n");
  const Catalog c = of(f);
  const auto* plain = c.find_lookup("plain");
  REQUIRE(plain);
  CHECK(plain->case_sensitive);
  CHECK(plain->default_match == "");
  CHECK(plain->min_matches == 0);
  CHECK(plain->max_matches == 1000);
  REQUIRE(c.find_lookup("kv"));
  CHECK(c.find_lookup("kv")->optional_table);
  CHECK(c.find_lookup("kv5")->optional_table);
  REQUIRE(c.find_lookup("later"));
  CHECK(c.find_lookup("later")->file == f.path("lookups/later.csv"));
  CHECK(c.find_lookup("later")->wildcard_fields == Names{"a"});
  CHECK_FALSE(c.find_lookup("later")->case_sensitive);
  REQUIRE(c.find_lookup("bare.csv"));
  CHECK(c.find_lookup("bare.csv")->file == f.path("lookups/bare.csv"));
  CHECK_FALSE(c.find_lookup("bare"));
  CHECK(c.lookup_names() == Names{"kv", "kv5", "later", "plain"});
}

TEST_CASE("a lookup never reads outside its folder") {
  ScratchFolder f;
  f.write("secret.csv", "a\n");
  f.write("lookups/a.yml", "name: a\nfilename: ../secret.csv\n");
  f.write("lookups/b.yml", "name: b\nfilename: " + f.path("secret.csv") + "\n");
  f.write("lookups/c.yml", "name: c\nfilename: absent.csv\n");
  const Catalog c =
      of(f, "warning bad-lookup 2:11; warning bad-lookup 2:11; warning missing-lookup-file 2:11");
  for (const char* name : {"a", "b", "c"}) {
    REQUIRE(c.find_lookup(name));
    CHECK(c.find_lookup(name)->file == "");
    CHECK(c.find_lookup(name)->optional_table);
  }
}

TEST_CASE("malformed lookups are named") {
  ScratchFolder f;
  f.write("lookups/x.csv", "a\n");
  f.write("lookups/a.yml", "filename: x.csv\n");
  f.write("lookups/b.yml",
          "name: b\nfilename: x.csv\nmatch_type: REGEX(a), nonsense\n"
          "min_matches: -1\nmax_matches: many\n");
  const Catalog c = of(f,
                       "warning bad-lookup 1:1; warning bad-lookup 3:13; warning bad-lookup 3:13; "
                       "warning bad-lookup 4:14; warning bad-lookup 5:14");
  CHECK(c.find_lookup("b")->min_matches == 0);
  CHECK(c.find_lookup("b")->max_matches == 1000);
}

TEST_CASE("data models") {
  ScratchFolder f;
  f.write("datamodels/Endpoint.yml",
          "model: Endpoint\ndatasets:\n"
          "  - name: Processes\n    tags: [process, report]\n    fields:\n"
          "      - {name: dest, default: unknown}\n"
          "      - {name: process_name, calculate: lower(process_name)}\n"
          "      - user\n"
          "  - name: Ports\n    fields: []\n");
  const Catalog c = of(f);
  CHECK(c.dataset_names() == Names{"Endpoint.Processes", "Endpoint.Ports"});
  const auto* processes = c.find_dataset("Endpoint.Processes");
  REQUIRE(processes);
  CHECK(c.find_dataset("Endpoint", "Processes") == processes);
  CHECK(processes->tags == Names{"process", "report"});
  CHECK(processes->full_name() == "Endpoint.Processes");
  REQUIRE(processes->find("dest"));
  CHECK(processes->find("dest")->fallback == "unknown");
  CHECK(processes->find("process_name")->expression == "lower(process_name)");
  CHECK(processes->find("user"));
  CHECK_FALSE(processes->find("Dest"));
  CHECK_FALSE(c.find_dataset("Endpoint"));
  CHECK_FALSE(c.find_dataset("Endpoint.Services"));
  CHECK_FALSE(c.find_dataset("Change", "Processes"));
}

TEST_CASE("odd data models are errors") {
  ScratchFolder f;
  f.write("datamodels/A.yml", "datasets: []\n");
  f.write("datamodels/B.yml",
          "model: B\ndatasets:\n  - name: One\n    feilds: []\n"
          "    fields: [{name: a, defualt: x}, a, {default: y}]\n"
          "  - tags: [x]\n");
  Catalog c;
  base::Diagnostics problems;
  c.add_folder(f.path(), problems);
  CHECK(codes(problems) ==
        "error bad-data-model 1:1; error bad-data-model 4:5; "
        "error bad-data-model 5:24; error bad-data-model 5:37; "
        "error bad-data-model 5:40; error bad-data-model 6:5");
  CHECK(problems[1].hint == "did you mean `fields`?");
  CHECK(c.find_dataset("B.One"));
}

TEST_CASE("the shipped content has no problems") {
  Catalog c;
  base::Diagnostics problems;
  c.add_folder(std::string(ESCUDO_ROOT) + "/content", problems);
  CHECK(codes(problems) == "");
  CHECK(c.find_macro("process_wmic", 0));
  REQUIRE(c.find_macro("drop_dm_object_name", 1));
  CHECK(c.find_macro("drop_dm_object_name", 1)->definition == "rename \"$object$.*\" as *");
  REQUIRE(c.find_macro("security_content_ctime", 1));
  CHECK(c.find_macro("security_content_ctime", 1)->definition ==
        "convert timeformat=\"%Y-%m-%dT%H:%M:%S\" ctime($field$)");
  REQUIRE(c.find_dataset("Endpoint.Processes"));
  CHECK(c.find_dataset("Endpoint.Processes")->find("dest"));
}

TEST_CASE("everything in the given checkout is understood") {
  const std::string checkout = std::string(ESCUDO_SHARED) + "/content/security_content";
  if (!base::is_folder(checkout)) {
    WARN("skipped: no " << checkout);
    return;
  }
  Catalog c;
  base::Diagnostics problems;
  c.add_folder(checkout, problems);
  CHECK(codes(problems) == "");
  CHECK(c.macro_names().size() == 189);
  CHECK(c.lookup_names().size() == 74);
  REQUIRE(c.find_lookup("remote_access_software"));
  CHECK(c.find_lookup("remote_access_software")->wildcard_fields ==
        Names{"remote_utility", "remote_domain", "remote_utility_fileinfo"});
  CHECK(c.find_lookup("remote_access_software_exceptions")->optional_table);
  CHECK(c.find_lookup("linux_tool_discovery_process.csv"));
}
