// The samples of content/maps: raw fields -> expected fields and datasets. Every event id that a
// map describes has a sample, and a sample names every dataset its event belongs to.

#include <map>
#include <set>

#include "base/files.hpp"
#include "base/yaml.hpp"
#include "catch.hpp"
#include "support.hpp"

namespace escudo::cim::testing {
namespace {

std::vector<base::Yaml> map_documents() {
  std::vector<std::string> problems;
  std::vector<base::Yaml> out;
  for (const std::string& path : base::files_under(ESCUDO_ROOT "/content/maps", problems)) {
    if (!path.ends_with(".yml")) continue;
    auto document = base::Yaml::read_file(path);
    REQUIRE(document.ok());
    out.push_back(*document);
  }
  REQUIRE(problems.empty());
  return out;
}

Pairs raw_fields(const base::Yaml& raw) {
  Pairs out;
  for (const auto& [name, value] : raw.members()) {
    for (const std::string& text : value.strings()) out.emplace_back(name, text);
  }
  return out;
}

void check_fields(const event::Event& event, DatasetId dataset, const base::Yaml& expected) {
  for (const auto& [name, value] : expected.members()) {
    std::vector<std::string> texts;
    if (value) texts = value.strings();
    INFO(value.file() << ':' << value.line() << ": " << name);
    CHECK(ask(shipped_maps(), event, dataset, name).all == texts);
  }
}

// A sample may stand for several ids that are treated alike.
std::vector<std::int32_t> sample_ids(const base::Yaml& sample) {
  std::vector<std::int32_t> ids;
  for (const base::Yaml& id : sample["event"].items()) {
    ids.push_back(static_cast<std::int32_t>(id.number().value_or(-1)));
  }
  if (ids.empty()) ids.push_back(-1);
  return ids;
}

void check_sample(const base::Yaml& map, const base::Yaml& sample, std::int32_t id) {
  INFO(sample.file() << ':' << sample.line() << " as event " << id);
  auto channels = map["channels"].strings();
  std::string channel = sample["channel"].text_or(channels.empty() ? "" : channels.front());
  MadeEvent made(channel, sample["provider"].text(), id, raw_fields(sample["raw"]),
                 raw_fields(sample["user_data"]));
  const event::Event& event = made.get();
  const Maps& maps = shipped_maps();
  check_fields(event, DatasetId::raw(), sample["fields"]);

  std::set<std::string> expected, actual;
  for (const auto& [name, fields] : sample["datasets"].members()) {
    expected.insert(name);
    DatasetId dataset = maps.dataset(name);
    REQUIRE(!dataset.is_raw());
    check_fields(event, dataset, fields);
  }
  base::Arena scratch;
  const Kind& kind = maps.kind_of(event);
  for (std::uint16_t i = 0; i < maps.datasets().size(); ++i) {
    if (maps.belongs(kind, {i}, event, {}, scratch)) actual.insert(maps.datasets()[i].full_name());
  }
  CHECK(actual == expected);
}

}  // namespace

TEST_CASE("every sample of every map comes out as written") {
  for (const base::Yaml& map : map_documents()) {
    for (const base::Yaml& sample : map["samples"].items()) {
      for (std::int32_t id : sample_ids(sample)) check_sample(map, sample, id);
    }
  }
}

TEST_CASE("every event that a map describes has a sample") {
  for (const base::Yaml& map : map_documents()) {
    INFO(map.file());
    CHECK(!map["samples"].items().empty());
    std::set<std::pair<std::int32_t, std::string>> shown;
    for (const base::Yaml& sample : map["samples"].items()) {
      for (std::int32_t id : sample_ids(sample)) shown.emplace(id, sample["provider"].text());
    }
    for (const base::Yaml& rule : map["events"].items()) {
      for (const base::Yaml& id : rule["id"].items()) {
        INFO("event " << id.text() << " " << rule["provider"].text());
        auto number = static_cast<std::int32_t>(id.number().value_or(-1));
        CHECK(shown.count({number, rule["provider"].text()}) == 1);
      }
    }
  }
}

}  // namespace escudo::cim::testing
