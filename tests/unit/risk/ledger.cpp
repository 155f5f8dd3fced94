#include "risk/ledger.hpp"

#include "catch.hpp"
#include "scratch.hpp"

using namespace escudo;

TEST_CASE("the ledger has each finding once, as its last revision says") {
  ScratchFolder folder;
  auto store = store::Store::open(folder.path("s.db"));
  REQUIRE(store.ok());
  risk::Ledger ledger(*store.value());
  auto rule = std::make_shared<rules::Rule>();
  rule->name = "R";
  rule->mitre_attack = {"T1"};
  findings::Finding f;
  f.rule = rule;
  f.finding_id = "id";
  ledger.record(f);   // no risk: nothing
  f.risk = findings::Risk{30, "said", {{"dest", "system", "pc1", 30}}, {}};
  for (std::uint32_t revision : {0u, 1u}) {
    f.revision = revision;
    f.count = revision + 5;
    ledger.record(f);
  }
  std::vector<risk::LedgerEntry> entries;
  ledger.each([&](const risk::LedgerEntry& e) {
    entries.push_back(e);
    return true;
  });
  REQUIRE(entries.size() == 1);
  CHECK(entries.front().revision == 1);
  CHECK(entries.front().count == 6);
  CHECK(entries.front().objects.front().value == "pc1");
  CHECK(entries.front().mitre_attack == std::vector<std::string>{"T1"});
}
