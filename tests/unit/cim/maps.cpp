// Kinds, recipes, origins, membership: the contract of cim/maps.hpp over the shipped maps.

#include "cim/maps.hpp"

#include <algorithm>

#include "catch.hpp"
#include "support.hpp"

namespace escudo::cim::testing {
namespace {

const std::string sysmon = "Microsoft-Windows-Sysmon/Operational";

std::string kind_name_of(const std::string& channel, const std::string& provider, std::int32_t id) {
  MadeEvent event(channel, provider, id, {});
  return std::string(kind_name(shipped_maps().kind_of(event.get())));
}

std::unique_ptr<const Recipe> recipe(const event::Event& event, std::string_view field,
                                     std::string_view dataset = {}) {
  const Maps& maps = shipped_maps();
  DatasetId id = dataset.empty() ? DatasetId::raw() : maps.dataset(dataset);
  return maps.recipe(maps.kind_of(event), *event.schema, id, event::intern(field));
}

}  // namespace

TEST_CASE("an event's kind follows channel and id, whatever the case") {
  CHECK(kind_name_of(sysmon, "Microsoft-Windows-Sysmon", 1) == "Sysmon 1");
  CHECK(kind_name_of("microsoft-windows-sysmon/operational", "", 1) == "Sysmon 1");
  CHECK(kind_name_of("", "microsoft-windows-sysmon", 1) == "Sysmon 1");
  CHECK(kind_name_of("ForwardedEvents", "Microsoft-Windows-Sysmon", 13) == "Sysmon 13");
  CHECK(kind_name_of(sysmon, "", 4) == "Sysmon other");
  CHECK(kind_name_of(sysmon, "", -1) == "Sysmon other");
  CHECK(kind_name_of("Security", "", 4688) == "Security 4688");
  CHECK(kind_name_of("System", "Service Control Manager", 7045) == "System 7045");
  CHECK(kind_name_of("System", "", 7045) == "System 7045");
  CHECK(kind_name_of("System", "Else", 7045) == "System other");
  CHECK(kind_name_of("Linux-Sysmon/Operational", "Linux-Sysmon", 1) == "Sysmon for Linux 1");
  CHECK(kind_name_of("Setup", "", 1) == "Windows other");
  CHECK(kind_name_of("", "Some-Provider", 1) == "Windows other");
  CHECK(kind_name_of("", "", 1) == "unmapped");
}

TEST_CASE("kinds are numbered without gaps") {
  const Maps& maps = shipped_maps();
  REQUIRE(maps.kind_count() > 50);
  for (std::uint32_t i = 0; i < maps.kind_count(); ++i) CHECK(kind_index(maps.kind(i)) == i);
}

TEST_CASE("what a kind fixes is known without an event") {
  MadeEvent process(sysmon, "Microsoft-Windows-Sysmon", 1, {{"Image", "C:\\a.exe"}});
  for (auto field : {"EventCode", "EventID", "Channel", "source", "sourcetype", "index", "action",
                     "signature", "vendor_product", "NoSuchField", "CommandLine", "tag"}) {
    INFO(field);
    CHECK(recipe(process.get(), field)->is_constant());
  }
  for (auto field : {"Image", "process_name", "_time", "_raw"}) {
    INFO(field);
    CHECK(!recipe(process.get(), field)->is_constant());
  }
  CHECK(recipe(process.get(), "original_file_name", "Endpoint.Processes")->is_constant());
  CHECK(recipe(process.get(), "nothing", "Endpoint.Processes")->is_constant());

  MadeEvent other(sysmon, "", 4, {});
  CHECK(!recipe(other.get(), "EventCode")->is_constant());
  MadeEvent unmapped("", "", 7, {{"EventID", "7"}});
  CHECK(!recipe(unmapped.get(), "EventCode")->is_constant());
}

TEST_CASE("a kind's channel is spelled as Windows spells it") {
  MadeEvent event("security", "", 4688, {});
  CHECK(ask(shipped_maps(), event.get(), DatasetId::raw(), "Channel").all ==
        std::vector<std::string>{"Security"});
}

TEST_CASE("an origin's source comes first, the synthesised spellings still match") {
  MadeEvent event("Security", "", 4688, {{"Computer", "WS1"}});
  event::Origin origin;
  origin.source = "my.log";
  origin.sourcetype = "mine";
  origin.host = "collector";
  const Maps& maps = shipped_maps();
  auto source = ask(maps, event.get(), DatasetId::raw(), "source", origin);
  CHECK(source.shown == std::vector<std::string>{"my.log"});
  CHECK(source.all ==
        std::vector<std::string>{"my.log", "XmlWinEventLog:Security", "WinEventLog:Security"});
  CHECK(ask(maps, event.get(), DatasetId::raw(), "sourcetype", origin).shown ==
        std::vector<std::string>{"mine"});
  CHECK(ask(maps, event.get(), DatasetId::raw(), "host", origin).all ==
        std::vector<std::string>{"collector"});
  CHECK(ask(maps, event.get(), DatasetId::raw(), "host").all == std::vector<std::string>{"WS1"});
  CHECK(ask(maps, event.get(), DatasetId::raw(), "dest", origin).all ==
        std::vector<std::string>{"WS1"});
  CHECK(ask(maps, event.get(), DatasetId::raw(), "source").shown ==
        std::vector<std::string>{"XmlWinEventLog:Security"});

  MadeEvent unmapped("", "", 1, {});
  CHECK(ask(maps, unmapped.get(), DatasetId::raw(), "source", origin).all ==
        std::vector<std::string>{"my.log"});
  CHECK(ask(maps, unmapped.get(), DatasetId::raw(), "source").all.empty());
}

TEST_CASE("inside a formula an aliased field counts with its own value only") {
  MadeEvent event("Security", "", 4624, {});
  CHECK(ask(shipped_maps(), event.get(), shipped_maps().dataset("Authentication.Authentication"),
            "app")
            .all == std::vector<std::string>{"win:unknown"});
  MadeEvent sid("Setup", "", 1, {});
  CHECK(
      ask(shipped_maps(), sid.get(), shipped_maps().dataset("Authentication.Authentication"), "app")
          .all == std::vector<std::string>{"XmlWinEventLog"});
}

TEST_CASE("time is epoch seconds, as short as it can be") {
  MadeEvent event(sysmon, "", 1, {});
  auto text = [&](std::int64_t micros) {
    event.edit().has_time = true;
    event.edit().time = base::Time(base::Duration(micros));
    return ask(shipped_maps(), event.get(), DatasetId::raw(), "_time").all.at(0);
  };
  CHECK(text(1'600'085'161'826'000) == "1600085161.826");
  CHECK(text(1'600'085'161'000'000) == "1600085161");
  CHECK(text(1'600'085'161'000'001) == "1600085161.000001");
  CHECK(text(0) == "0");
  CHECK(text(-1'500'000) == "-1.5");
  event.edit().has_time = false;
  CHECK(ask(shipped_maps(), event.get(), DatasetId::raw(), "_time").all.empty());
}

TEST_CASE("several columns of one name are one multivalue field, absent ones left out") {
  MadeEvent event("Application", "", 1, {{"Data", "a"}, {"Data", ""}, {"Data", "c"}});
  CHECK(ask(shipped_maps(), event.get(), DatasetId::raw(), "Data").all ==
        std::vector<std::string>{"a", "c"});
}

TEST_CASE("event ids outside the columns are found") {
  MadeEvent event("Setup", "", -1, {});
  event.edit().event_id = 12;
  CHECK(ask(shipped_maps(), event.get(), DatasetId::raw(), "EventCode").all ==
        std::vector<std::string>{"12"});
}

TEST_CASE("membership is never, sometimes or always") {
  const Maps& maps = shipped_maps();
  DatasetId processes = maps.dataset("Endpoint.Processes");
  DatasetId logons = maps.dataset("Authentication.Authentication");
  MadeEvent process(sysmon, "", 1, {});
  MadeEvent logon("Security", "", 4624,
                  {{"Keywords", "0x8020000000000000"}, {"TargetUserName", "a"}});
  MadeEvent machine("Security", "", 4624,
                    {{"Keywords", "0x8020000000000000"}, {"TargetUserName", "a$"}});
  CHECK(maps.membership(maps.kind_of(process.get()), processes) == Membership::always);
  CHECK(maps.membership(maps.kind_of(process.get()), logons) == Membership::never);
  CHECK(maps.membership(maps.kind_of(process.get()), DatasetId::raw()) == Membership::always);
  const Kind& kind = maps.kind_of(logon.get());
  REQUIRE(maps.membership(kind, logons) == Membership::sometimes);
  base::Arena scratch;
  for (int again = 0; again < 2; ++again) {
    CHECK(maps.belongs(kind, logons, logon.get(), {}, scratch));
    CHECK(!maps.belongs(kind, logons, machine.get(), {}, scratch));
  }
  auto condition = maps.condition(kind, *logon.get().schema, logons);
  CHECK(!condition->evaluate(logon.get(), {}, scratch).empty());
  CHECK(condition->evaluate(machine.get(), {}, scratch).empty());
  CHECK(maps.condition(kind, *logon.get().schema, processes)->is_constant());
}

TEST_CASE("the maps know what they feed") {
  const Maps& maps = shipped_maps();
  for (auto name :
       {"Endpoint.Processes", "Endpoint.Registry", "Endpoint.Filesystem", "Endpoint.Services",
        "Network_Traffic.All_Traffic", "Network_Resolution.DNS", "Change.All_Changes",
        "Change.Account_Management", "Authentication.Authentication"}) {
    INFO(name);
    CHECK(maps.feeds(name));
  }
  CHECK(!maps.feeds("Endpoint.Ports"));
  CHECK(!maps.feeds("Web.Web"));
  CHECK(maps.dataset("Web.Web").is_raw());

  auto known = maps.known_fields();
  CHECK(std::is_sorted(known.begin(), known.end()));
  for (auto name : {"process_name", "CommandLine", "OpCorrelationID", "_time", "Param1"}) {
    INFO(name);
    CHECK(std::binary_search(known.begin(), known.end(), name));
  }
  CHECK(!std::binary_search(known.begin(), known.end(), "orig_process_name"));
  MadeEvent exec("auditd", "auditd", -1, {});
  for (const std::string& name : maps.fields_of(maps.kind_of(exec.get()))) {
    INFO("ESCU's EXECVE macro joins all fields a*: " << name);
    CHECK(name.front() != 'a');
  }
}

TEST_CASE("a recipe tells which columns it reads") {
  MadeEvent event(sysmon, "", 1, {{"Image", "x"}, {"OriginalFileName", "y"}});
  std::vector<event::FieldId> columns;
  recipe(event.get(), "process_name", "Endpoint.Processes")->columns_read(columns);
  CHECK(columns == std::vector<event::FieldId>{event::intern("Image")});
}

}  // namespace escudo::cim::testing
