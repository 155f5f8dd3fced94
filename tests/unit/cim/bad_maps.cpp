// What is wrong with a map is said, with its place, and the other maps still load.

#include "base/yaml.hpp"
#include "catch.hpp"
#include "cim/state.hpp"

namespace escudo::cim::testing {
namespace {

struct Loaded {
  std::vector<std::string> messages;
  std::size_t kinds = 0;
};

Loaded load(const std::vector<std::string>& texts) {
  std::vector<base::Yaml> documents;
  for (const std::string& text : texts) {
    auto document = base::Yaml::parse(text, "test.yml");
    REQUIRE(document.ok());
    documents.push_back(*document);
  }
  Maps::State state;
  state.datasets = {catalog::Dataset{"M", "D", {"t"}, {}}};
  state.models.resize(1);
  state.dataset_index["M.D"] = 0;
  base::Diagnostics problems;
  build_kinds(std::move(documents), state, problems);
  Loaded loaded;
  for (const auto& problem : problems) {
    CHECK(problem.code == "bad-map");
    CHECK(problem.line > 0);
    loaded.messages.push_back(problem.message);
  }
  loaded.kinds = state.kinds.size();
  return loaded;
}

std::string only_message(const std::string& text) {
  Loaded loaded = load({text});
  INFO(text);
  REQUIRE(loaded.messages.size() == 1);
  return loaded.messages.front();
}

}  // namespace

TEST_CASE("a good map makes a kind for each id, one for the rest and one for unmapped events") {
  Loaded loaded =
      load({"map: A\nchannels: [c, d]\nevents: [{id: [1, 2], datasets: {M.D: always}}]\n"});
  CHECK(loaded.messages.empty());
  CHECK(loaded.kinds == 1 + 2 * 3);
}

TEST_CASE("a faulty map is refused with the reason") {
  CHECK(only_message("channels: [c]\n") == "a map needs a name: `map: Sysmon`");
  CHECK(only_message("map: A\nchanels: [c]\n") == "unknown key `chanels`");
  CHECK(only_message("map: A\nfields: {a: low(b)}\n") == "no transform is named low()");
  CHECK(only_message("map: A\nevents: [{fields: {a: b}}]\n") ==
        "an event needs an id: `id: 1` or `id: [12, 13]`");
  CHECK(only_message("map: A\nevents: [{id: 1, use: g}]\n") == "no group is named g");
  CHECK(only_message("map: A\nevents: [{id: 1}, {id: 1}]\n") == "event 1 is described twice");
  CHECK(only_message("map: A\nextends: B\n") == "no map is named B");
  CHECK(only_message("map: A\nproviders: [p]\n") == "a map with providers needs a channel");
  CHECK(only_message("map: A\nchannels: [c]\nevents: [{id: 1, datasets: {M.X: always}}]\n") ==
        "no dataset is named M.X");
  CHECK(only_message("map: A\nchannels: [c]\nfields: {a: b, b: lower(a)}\n") ==
        "the field a of A other is calculated from itself");
  CHECK(only_message("map: A\ntables: {t: {x: 1, X: 2}}\n") ==
        "the key X stands twice in this table");
}

TEST_CASE("a name inside its own formula is the raw field") {
  CHECK(load({"map: A\nchannels: [c]\nfields: {a: lower(a)}\n"}).messages.empty());
}

TEST_CASE("one bad map does not take the others along") {
  Loaded loaded = load({"map: A\nchannels: [c]\n", "map: B\nfields: {a: low(b)}\n",
                        "map: C\nextends: A\nchannels: [d]\n", "map: D\nchannels: [C]\n"});
  CHECK(loaded.messages ==
        std::vector<std::string>{"no transform is named low()", "another map has the channel C"});
  CHECK(loaded.kinds == 1 + 3);
}

}  // namespace escudo::cim::testing
