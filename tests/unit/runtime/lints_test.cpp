// What `rules check` says beyond the status: lints, readings, needs.
#include "detect/lints.hpp"
#include "base/files.hpp"
#include "catch.hpp"
#include "detect/readings.hpp"
#include "runtime/knowledge.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

struct Checked {
  ScratchFolder folder;
  std::unique_ptr<const runtime::Knowledge> knowledge;

  explicit Checked(const std::string& search, const std::string& tail = "") {
    std::string yaml =
        "name: T\nid: 11111111-2222-3333-4444-555555555555\ntype: TTP\nstatus: production\nsearch: "
        "|-\n";
    yaml += "  " + search + "\n" + tail;
    runtime::KnowledgeOptions options;
    options.rules = {folder.write("t.yml", yaml)};
    options.content = std::string(ESCUDO_ROOT) + "/content";
    knowledge = runtime::load_knowledge(options);
    REQUIRE(knowledge->book->rules().size() == 1);
  }
  const detect::CompiledRule& rule() const { return knowledge->book->rules().front(); }

  // "code line:column message | hint", a line each
  std::string lints() const {
    std::string out;
    for (const base::Diagnostic& d :
         detect::Linter(knowledge->catalog, *knowledge->maps).lint(rule())) {
      CHECK(d.severity == base::Severity::warning);
      out += d.code + " " + std::to_string(d.line) + ":" + std::to_string(d.column) + " " +
             d.message + (d.hint.empty() ? "" : " | " + d.hint) + "\n";
    }
    return out;
  }
  std::vector<std::string> notes() const {
    return detect::readings(rule(), knowledge->catalog, detect::Reach(*knowledge->maps));
  }
  // "channel ids", parted by "; ", of the first feed
  std::string events() const {
    std::string out;
    for (const detect::Reached& r :
         detect::Reach(*knowledge->maps).of(rule().plan->feeds.front())) {
      out += (out.empty() ? "" : "; ") + (r.channel.empty() ? "*" : r.channel);
      for (std::int32_t id : r.ids) out += " " + std::to_string(id);
    }
    return out;
  }
};

const std::string processes =
    "| tstats count from datamodel=Endpoint.Processes where Processes.process=x by Processes.dest "
    "Processes.user";

}  // namespace

TEST_CASE("risk, threat and message fields that the search does not give") {
  const Checked v5(processes + " | rename Processes.* as *",
                   "rba:\n  message: $User$ on $dest$ ran $process$\n  risk_objects:\n    - "
                   "{field: host, type: system, score: 10}\n"
                   "    - {field: user, type: user, score: 10}\n  threat_objects:\n    - {field: "
                   "parent, type: process}\n");
  CHECK(v5.lints() ==
        "no-such-column 10:15 risk object `host` is no column of the search's result\n"
        "no-such-column 13:15 threat object `parent` is no column of the search's result\n"
        "no-such-column 8:12 message token `User` is no column of the search's result | it is "
        "spelled user\n"
        "no-such-column 8:12 message token `process` is no column of the search's result\n");
  const Checked v4(processes,
                   "tags:\n  confidence: 10\n  impact: 10\n  message: x\n  observable:\n    - "
                   "{name: dest, type: Hostname, role: [Victim]}\n");
  CHECK(v4.lints() ==
        "no-such-column 12:14 risk object `dest` is no column of the search's result\n");
}

TEST_CASE("of raw rows only a name that no event has is missing") {
  const std::string rba =
      "rba:\n  message: x\n  risk_objects:\n    - {field: user, type: user, score: 10}\n    - "
      "{field: nobodys, type: user, score: 10}\n";
  CHECK(Checked("source=XmlWinEventLog:Security EventCode=4624", rba).lints() ==
        "no-such-column 11:15 risk object `nobodys` is no column of the search's result\n");
}

TEST_CASE("fields that the data model does not have") {
  CHECK(Checked("| tstats count from datamodel=Endpoint.Processes where Processes.path=x "
                "processes.process_name=y by Processes.dset")
            .lints() ==
        "unknown-model-field 6:58 `path` is not a field of Endpoint.Processes: it is always null\n"
        "field-case 6:75 `processes.process_name` is not a field of Endpoint.Processes: it is "
        "always null | it is spelled Processes.process_name\n"
        "unknown-model-field 6:5 `dset` is not a field of Endpoint.Processes: it is always null | "
        "did you mean dest?\n");
  CHECK(Checked(processes + " sourcetype _time").lints() == "");
}

TEST_CASE("a raw field in the wrong case") {
  CHECK(Checked("source=XmlWinEventLog:Security eventcode=4624 | stats count by dest").lints() ==
        "field-case 6:34 field names are case-sensitive, and no event has `eventcode` | it is "
        "spelled EventCode\n");
  // What the search makes itself is none, though an event has another spelling.
  CHECK(Checked("source=XmlWinEventLog:Security | rex field=Message \"(?<image>x)\" | stats count "
                "by image")
            .lints() == "");
}

TEST_CASE("a technique that the table does not have") {
  CHECK(Checked(processes, "tags:\n  mitre_attack_id: [T1047, T9999]\n").lints() ==
        "unknown-technique 8:28 technique `T9999` is not in the table: its risk events have no "
        "tactic of it | "
        "content/attack/techniques.csv lists the known ones\n");
}

TEST_CASE("readings are named, and change no status") {
  const auto check = [](const std::string& search, const std::string& note) {
    const Checked checked(search);
    CHECK(checked.rule().status == detect::Status::runs);
    const auto notes = checked.notes();
    CAPTURE(search, note);
    CHECK(std::find(notes.begin(), notes.end(), note) != notes.end());
  };
  check(
      "| tstats count from datamodel=Endpoint.Registry where Registry.registry_key_name=x by "
      "Registry.dest",
      "registry_key_name: filters match the key's whole path or its last part, rows show the path");
  check("| tstats count from datamodel=Endpoint.Filesystem by Filesystem.dest",
        "Sysmon 23 and 26 count as members of Endpoint.Filesystem");
  check(
      "| tstats count from datamodel=Endpoint.Processes where Processes.process!=x by "
      "Processes.dest",
      "Endpoint.Processes has process creations only; with the Windows add-on 8.1 other events "
      "pass this filter");
  check("source=XmlWinEventLog:Security | where NOT a IN (b, \"c\")",
        "x IN (…) with a null in its list is false, so NOT of it is true");
  check("source=XmlWinEventLog:Security a=\"x &gt; y\"",
        "a pattern with XML entities matches the text they stand for as well");
  check("source=XmlWinEventLog:Security a=*f()* | table a",
        "parentheses glued to an unquoted word belong to the word");
  check("source=XmlWinEventLog:Security | stats values(user) as u by dest | search u!=bob",
        "!= on a multivalue holds when no value equals");
  check("source=XmlWinEventLog:Security | foreach a* [eval x=1]",
        "foreach takes fields in the order people count: a2 before a10");
  check("source=XmlWinEventLog:Security | rename a* as b*, c* as d*",
        "rename with several wildcards: the first pair that fits a name takes it");
  check(
      "source=XmlWinEventLog:Microsoft-Windows-Sysmon/Operational EventCode=10 "
      "parent_process_name=x",
      "parent_process fields of Sysmon 7, 8 and 10 are those of the acting process");
  CHECK(Checked(processes).notes().empty());
  CHECK(Checked("source=XmlWinEventLog:Security | stats values(user) as u by dest | mvexpand u | "
                "search u!=bob")
            .notes()
            .empty());
}

TEST_CASE("the events a search asks for") {
  CHECK(Checked(processes).events() ==
        "Linux-Sysmon/Operational 1; Microsoft-Windows-Sysmon/Operational 1; Security 4688");
  CHECK(Checked("Channel=Security EventCode IN (4624, 9999)").events() == "Security 4624 9999");
  CHECK(Checked("Channel=security (EventCode=4624 OR EventID=4625) user=x").events() ==
        "Security 4624 4625");
  CHECK(Checked("sourcetype=linux:audit type=EXECVE").events() == "auditd");
  CHECK(Checked("| tstats count from datamodel=Endpoint.Registry where "
                "Registry.registry_value_name=x Registry.action=deleted by Registry.dest")
            .events() == "Microsoft-Windows-Sysmon/Operational 12; Security 4657");
}

TEST_CASE("a data model whose events never have what is asked is unsupported, and says so") {
  const Checked cloud(
      "| tstats count from datamodel=Change where All_Changes.change_type=EC2 by All_Changes.user",
      "data_source: [AWS CloudTrail]\n");
  CHECK(cloud.rule().status == detect::Status::unsupported);
  CHECK(cloud.rule().reason ==
        "no event of Change.All_Changes that Escudo reads can have All_Changes.change_type=EC2; it "
        "was written for AWS CloudTrail");
  const Checked assets(
      "| tstats count from datamodel=Endpoint.Processes where Processes.dest_category=x by "
      "Processes.dest");
  CHECK(assets.rule().reason ==
        "no event of Endpoint.Processes that Escudo reads can have Processes.dest_category=x, "
        "which only a site's list of assets and identities gives");
  const Checked group("| tstats count from datamodel=Endpoint.Processes by Processes.nobodys");
  CHECK(group.rule().reason ==
        "it groups by Processes.nobodys, which no event that Escudo reads has");
  CHECK(Checked("| tstats fillnull_value=null count from datamodel=Endpoint.Processes by "
                "Processes.nobodys")
            .rule()
            .status == detect::Status::runs);
  CHECK(Checked("source=kubernetes verb=create").rule().status == detect::Status::unsupported);
  CHECK(Checked("source=*Backup verb=create").rule().status == detect::Status::runs);
}

TEST_CASE("what is wrong inside map shows before any event comes") {
  const std::string head = "source=XmlWinEventLog:Security | stats count by dest | map search=\"search "
                           "source=XmlWinEventLog:Security dest=$dest$ ";
  const auto check = [&](const std::string& tail, detect::Status status, const std::string& reason) {
    const Checked checked(head + tail + "\"");
    CAPTURE(tail);
    CHECK(detect::status_name(checked.rule().status) == detect::status_name(status));
    CHECK(checked.rule().reason.find(reason) != std::string::npos);
  };
  using enum detect::Status;
  check("| regex dest=\\\"(unclosed\\\"", invalid, "(inside map)");
  check("| where nosuchfn(dest)=1", invalid, "nosuchfn");
  check("| lookup our_assets host as dest OUTPUT owner", partly, "lookup our_assets");
  check("| map search=\\\"search source=XmlWinEventLog:Security | where nosuchfn(dest)=1\\\"", invalid,
        "nosuchfn");
  // The stand-in of a token is no fault of the rule.
  check("| regex dest=$dest$ | where count > $count$", runs, "");
}

TEST_CASE("lints, readings and feeds of the search of a map") {
  const Checked checked(
      "source=XmlWinEventLog:Security | stats count by dest | map search=\"search "
      "source=XmlWinEventLog:Security eventcode=4624 | where NOT a IN (b, 1)\"");
  CHECK(checked.lints() ==
        "field-case 6:70 field names are case-sensitive, and no event has `eventcode` | it is "
        "spelled EventCode\n");
  const auto notes = checked.notes();
  CHECK(std::ranges::find(notes, "x IN (…) with a null in its list is false, so NOT of it is true") !=
        notes.end());
  const Checked nested(
      "source=XmlWinEventLog:Security | stats count by dest | map search=\"search "
      "source=XmlWinEventLog:Security | stats count by dest | map search=\\\"search "
      "source=XmlWinEventLog:System\\\"\"");
  CHECK(nested.rule().map_plans.size() == 2);
}

// The content at hand: who can be answered is, and the others say why not.
TEST_CASE("the given detections") {
  const std::string shared = ESCUDO_SHARED;
  const auto list = base::read_file(shared + "/content/answerable.tsv");
  if (!list) {
    WARN("skipped: ../shared is not there");
    return;
  }
  runtime::KnowledgeOptions options;
  options.rules = {shared + "/content/security_content"};
  options.content = std::string(ESCUDO_ROOT) + "/content";
  const auto knowledge = runtime::load_knowledge(options);
  std::size_t runs = 0, partly = 0, invalid = 0, answerable = 0;
  for (const detect::CompiledRule& rule : knowledge->book->rules()) {
    if (rule.status != detect::Status::runs) CHECK_FALSE(rule.reason.empty());
    const std::string path = rule.rule->path.substr(rule.rule->path.find("/detections/") + 1);
    if (list->find(path + "\n") == std::string::npos) continue;
    ++answerable;
    runs += rule.status == detect::Status::runs;
    partly += rule.status == detect::Status::partly;
    invalid += rule.status == detect::Status::invalid;
  }
  CHECK(answerable == 573);
  CHECK(invalid == 0);
  CHECK(runs >= 545);
  CHECK(runs + partly >= 565);
}
