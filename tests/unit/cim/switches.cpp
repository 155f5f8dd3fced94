#include "catch.hpp"
#include "support.hpp"

using namespace escudo;
using namespace escudo::cim;
using testing::MadeEvent;

TEST_CASE("ta-windows-8 makes every Windows event a process and a service") {
  base::Diagnostics problems;
  catalog::Catalog catalog;
  catalog.add_folder(ESCUDO_ROOT "/content", problems);
  const Maps maps = Maps::load(ESCUDO_ROOT "/content/maps", catalog, problems, {"ta-windows-8"});
  CHECK(problems.empty());
  CHECK(maps.known_switches() == std::vector<std::string>{"ta-windows-8"});
  const DatasetId processes = maps.dataset("Endpoint.Processes");
  const MadeEvent file("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 11,
                       {{"Image", "C:\\w\\a.exe"}, {"Computer", "PC1"}});
  const MadeEvent other("Some/Channel", "Some", 5, {{"Computer", "PC1"}});
  const MadeEvent linux("Linux-Sysmon/Operational", "Linux-Sysmon", 11, {{"Computer", "PC1"}});
  CHECK(maps.membership(maps.kind_of(file.get()), processes) == Membership::always);
  CHECK(maps.membership(maps.kind_of(other.get()), processes) == Membership::always);
  CHECK(maps.membership(maps.kind_of(linux.get()), processes) == Membership::never);
  CHECK(testing::ask(maps, file.get(), processes, "process").shown ==
        std::vector<std::string>{"unknown"});
  CHECK(testing::ask(maps, file.get(), processes, "process_name").shown ==
        std::vector<std::string>{"a.exe"});
  CHECK(testing::ask(maps, other.get(), processes, "parent_process_name").shown ==
        std::vector<std::string>{"unknown"});

  const MadeEvent made("Security", "Microsoft-Windows-Security-Auditing", 4663,
                       {{"Computer", "PC1"}});
  CHECK(maps.membership(maps.kind_of(made.get()), processes) == Membership::always);
  CHECK(testing::shipped_maps().membership(testing::shipped_maps().kind_of(made.get()),
                                           testing::shipped_maps().dataset("Endpoint.Processes")) ==
        Membership::never);
}
