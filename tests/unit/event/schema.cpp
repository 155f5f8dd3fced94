#include "event/schema.hpp"

#include <thread>

#include "catch.hpp"
#include "event/event.hpp"

using namespace escudo::event;

namespace {

Column column(std::string_view name, Section section = Section::event_data) {
  return {intern(name), intern(name), section};
}

std::vector<int> slots(const Schema& schema, std::string_view name) {
  const auto found = schema.slots(intern(name));
  return {found.begin(), found.end()};
}

using Slots = std::vector<int>;

}  // namespace

TEST_CASE("equal columns are one schema, different ones are not") {
  const std::vector<Column> a = {column("Image"), column("User")};
  const std::vector<Column> b = {column("User"), column("Image")};
  std::vector<Column> c = a;
  c[0].section = Section::user_data;
  std::vector<Column> d = a;
  d[1].written = intern("U ser");
  const Schema* schema = intern_schema(a);
  CHECK(intern_schema(std::vector<Column>(a)) == schema);
  CHECK(intern_schema(b) != schema);
  CHECK(intern_schema(c) != schema);
  CHECK(intern_schema(d) != schema);
  CHECK(intern_schema({}) == intern_schema({}));
  CHECK(intern_schema(a)->id() == schema->id());
  CHECK(intern_schema(b)->id() != schema->id());
  REQUIRE(schema->columns().size() == 2);
  CHECK(schema->columns()[1] == a[1]);
}

TEST_CASE("slots are found by name, in record order") {
  const std::vector<Column> columns = {column("EventID", Section::system), column("Data"),
                                       column("Image"), column("Data"), column("Data")};
  const Schema& schema = *intern_schema(columns);
  CHECK(slots(schema, "EventID") == Slots{0});
  CHECK(slots(schema, "Image") == Slots{2});
  CHECK(slots(schema, "Data") == Slots{1, 3, 4});
  CHECK(slots(schema, "User") == Slots{});
  CHECK(schema.slots(FieldId{}).empty());
  CHECK(intern_schema({})->slots(intern("Image")).empty());
}

TEST_CASE("the nearer section hides the others") {
  const std::vector<Column> columns = {
      column("Level", Section::system),     column("ProcessID", Section::system),
      column("ProcessID"),                  column("ProcessID", Section::user_data),
      column("Level", Section::rendering),  column("Message", Section::rendering),
      column("host", Section::envelope),    column("Message", Section::envelope),
      column("Level", Section::rendering)};
  const Schema& schema = *intern_schema(columns);
  CHECK(slots(schema, "ProcessID") == Slots{2, 3});
  CHECK(slots(schema, "Level") == Slots{0});
  CHECK(slots(schema, "Message") == Slots{5});
  CHECK(slots(schema, "host") == Slots{6});
}

TEST_CASE("a column without a field has no slot") {
  const std::vector<Column> columns = {{FieldId{}, intern("x"), Section::event_data}, column("y")};
  CHECK(intern_schema(columns)->slots(FieldId{}).empty());
  CHECK(slots(*intern_schema(columns), "y") == Slots{1});
}

TEST_CASE("many columns, many schemas, many threads") {
  std::vector<Column> wide;
  for (int i = 0; i < 65'535; ++i) wide.push_back(column("w" + std::to_string(i % 5000)));
  const Schema& schema = *intern_schema(wide);
  CHECK(schema.slots(intern("w7")).size() == 14);
  CHECK(schema.slots(intern("w7")).back() == 65'007);

  std::vector<std::vector<const Schema*>> got(4);
  std::vector<std::thread> workers;
  for (auto& mine : got) {
    workers.emplace_back([&mine] {
      for (int i = 0; i < 500; ++i) {
        const std::vector<Column> columns = {column("t" + std::to_string(i)), column("end")};
        mine.push_back(intern_schema(columns));
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  for (const auto& mine : got) CHECK(mine == got[0]);
}

TEST_CASE("an event gives the first value of a field, or nothing") {
  const std::vector<Column> columns = {column("EventID", Section::system), column("Data"),
                                       column("Data")};
  const std::string_view values[] = {"1", "a", "b"};
  Event event;
  event.schema = intern_schema(columns);
  event.values = values;
  CHECK(event.get(intern("EventID")) == "1");
  CHECK(event.get(intern("Data")) == "a");
  CHECK(event.get(intern("Image")) == "");
}

TEST_CASE("a cleared batch is empty and can be filled again") {
  Batch batch;
  batch.origin = std::make_shared<Origin>();
  batch.events.emplace_back().channel = batch.arena.copy("Security");
  batch.clear();
  CHECK(batch.events.empty());
  CHECK_FALSE(batch.origin);
  CHECK(batch.arena.copy("again") == "again");
}
