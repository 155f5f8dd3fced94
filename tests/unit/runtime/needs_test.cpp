// What rules seek in the values of a record, so that it need not be decoded: never more than they
// need, and the same findings as without.
#include <set>

#include "catch.hpp"
#include "detect/needs.hpp"
#include "runtime/scan.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

const std::string logs = std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx/";
const char* const sysmon = "Microsoft-Windows-Sysmon/Operational";

std::unique_ptr<const runtime::Knowledge> knowing(const std::vector<std::string>& searches) {
  ScratchFolder folder;
  runtime::KnowledgeOptions options;
  options.content = std::string(ESCUDO_ROOT) + "/content";
  for (std::size_t k = 0; k < searches.size(); ++k)
    options.rules.push_back(folder.write("r" + std::to_string(k) + ".yml",
                                         "name: T" + std::to_string(k) + "\nid: 11111111-2222-3333-4444-55555555555" + std::to_string(k) +
                                             "\ntype: TTP\nstatus: production\nsearch: |-\n  " + searches[k] + "\n"));
  auto knowledge = runtime::load_knowledge(options);
  REQUIRE(knowledge->problems.empty());
  return knowledge;
}

// "Column literal" of each, sorted, parted by "; ", for a process creation of Sysmon.
std::string sought(const std::vector<std::string>& searches) {
  const auto knowledge = knowing(searches);
  const std::vector<std::string> names = {"Image", "CommandLine", "OriginalFileName", "ParentCommandLine", "User", "Computer"};
  std::vector<event::Column> columns;
  for (const std::string& name : names) {
    const event::FieldId field = event::intern(name);
    columns.push_back({field, field, name == "Computer" ? event::Section::system : event::Section::event_data});
  }
  event::Event shape;
  shape.schema = event::intern_schema(columns);
  shape.channel = sysmon;
  shape.provider = "Microsoft-Windows-Sysmon";
  shape.event_id = 1;
  const auto needed = detect::Needs(*knowledge->book, {}).columns(shape);
  if (!needed) return "nobody wants it";
  std::set<std::string> all;
  for (const detect::Needs::Sought& one : needed->one_of) all.insert(names.at(one.slot) + " " + one.literal);
  std::string out;
  for (const std::string& one : all) out += (out.empty() ? "" : "; ") + one;
  return out;
}

std::string processes(const std::string& where) {
  return "| tstats count from datamodel=Endpoint.Processes where " + where + " by Processes.dest Processes.process";
}

std::vector<std::string> found(const std::vector<std::string>& searches, sources::EvtxReader reader) {
  const auto knowledge = knowing(searches);
  runtime::ScanOptions options;
  for (const char* name : {"wmi_process_call_create", "wmi_near_misses", "workstation", "wmi_repeated_4688", "odd/value_types"})
    options.paths.push_back(logs + name + ".evtx");
  options.open.evtx = reader;
  std::vector<std::string> out;
  for (const findings::Finding& f : runtime::scan(*knowledge, options, {}).findings) out.push_back(sinks::finding_json(f));
  return out;
}

const std::vector<std::string> searches = {
    processes("Processes.process=\"* process *\" Processes.process=\"* call *\""),
    processes("(Processes.process_name=wmic.exe OR Processes.original_file_name=WMIC.exe) Processes.process=*node*"),
    processes("Processes.process=*WINDOWS* OR Processes.parent_process=*explorer*"),
    processes("Processes.process=unknown OR Processes.process=*powershell*"),
    processes("NOT Processes.process=*wmic*"),
    processes("Processes.process!=*wmic*"),
    processes("Processes.process_name=wmic.exe"),
    processes("Processes.process=*"),
    processes("Processes.process IN (*größer*, *node*)"),
    "source=\"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\" EventCode=1 CommandLine=*wmic* | table _time CommandLine",
    "source=\"XmlWinEventLog:Microsoft-Windows-Sysmon/Operational\" EventCode=1 wmic | table _time CommandLine",
};

}  // namespace

TEST_CASE("what is sought is a literal of the condition that must hold, in the column it is read from") {
  CHECK(sought({processes("Processes.process=\"* process *\" Processes.process=\"* call *\"")}) == "CommandLine  process ");
  CHECK(sought({processes("Processes.process=*WmiC*noDes*")}) == "CommandLine nodes");
  CHECK(sought({processes("(Processes.parent_process=Explorer.EXE OR Processes.process=*node*)")}) ==
        "CommandLine node; ParentCommandLine explorer.exe");
  CHECK(sought({processes("Processes.process=*node*"), processes("Processes.parent_process=*explorer*")}) ==
        "CommandLine node; ParentCommandLine explorer");
}

TEST_CASE("nothing is sought where nothing must be there") {
  CHECK(sought({processes("Processes.process=*node* OR Processes.process_name=wmic.exe")}).empty());
  CHECK(sought({processes("Processes.process=*node*"), processes("Processes.process_name=wmic.exe")}).empty());
  CHECK(sought({processes("NOT Processes.process=*node*")}).empty());
  CHECK(sought({processes("Processes.process=*")}).empty());
  CHECK(sought({processes("Processes.process=*ab*")}).empty());
  CHECK(sought({processes("Processes.process=*größer*")}).empty());
  CHECK(sought({processes("Processes.process=*größeres*")}) == "CommandLine eres");
  // The model fills this one in.
  CHECK(sought({processes("Processes.process=unknown")}).empty());
  CHECK(sought({processes("Processes.process=*know*")}).empty());
}

TEST_CASE("what is sought changes no finding") {
  std::size_t findings = 0;
  for (const std::string& search : searches) {
    CAPTURE(search);
    const auto native = found({search}, sources::EvtxReader::native);
    CHECK(native == found({search}, sources::EvtxReader::libevtx));
    findings += native.size();
  }
  CHECK(findings > 20);
  CHECK(found({searches[0], searches[2]}, sources::EvtxReader::native) ==
        found({searches[0], searches[2]}, sources::EvtxReader::libevtx));
}
