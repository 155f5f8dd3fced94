#include "sources/columns.hpp"

#include "catch.hpp"

using namespace escudo;
using namespace escudo::sources;
using event::Section;

TEST_CASE("columns: one id a name and section, whatever order they come in") {
  Columns columns;
  const auto a = columns.id(Section::event_data, "A");
  const auto b = columns.id(Section::event_data, "B");
  CHECK(a != b);
  columns.restart();
  CHECK(columns.id(Section::event_data, "A") == a);
  CHECK(columns.id(Section::event_data, "B") == b);
  columns.restart();
  CHECK(columns.id(Section::event_data, "B") == b);
  CHECK(columns.id(Section::event_data, "A") == a);
  CHECK(columns.id(Section::system, "A") != a);
  CHECK(columns.id(Section::event_data, "A", "C") != a);
  const std::uint32_t both[] = {a, b}, turned[] = {b, a};
  CHECK(columns.schema(both) == columns.schema(both));
  CHECK(columns.schema(both) != columns.schema(turned));
  CHECK(columns.schema(both)->columns()[1].field == event::intern("B"));
}

TEST_CASE("columns: names are made fields, one underscore a character") {
  Columns columns;
  const std::uint32_t id[] = {columns.id(Section::event_data, "Logon Type (\xC3\xA9)")};
  const event::Column column = columns.schema(id)->columns()[0];
  CHECK(event::name_of(column.field) == "Logon_Type____");
  CHECK(event::name_of(column.written) == "Logon Type (\xC3\xA9)");
  CHECK(columns.id(Section::event_data, "") == Columns::no_column);
}

TEST_CASE("columns: long names are cut, within no character") {
  Columns columns;
  const std::string name = std::string(255, 'a') + "\xC3\xA9" + std::string(1000, 'b');
  const std::uint32_t id[] = {columns.id(Section::event_data, name)};
  CHECK(columns.id(Section::event_data, name) == id[0]);
  CHECK(event::name_of(columns.schema(id)->columns()[0].written) == std::string(255, 'a'));
}

TEST_CASE("columns: what an event needs beyond its columns") {
  Columns columns;
  CHECK(columns.role(columns.id(Section::system, "EventID")) == Role::event_id);
  CHECK(columns.role(columns.id(Section::system, "EventCode", "EventID")) == Role::event_id);
  CHECK(columns.role(columns.id(Section::event_data, "EventID")) == Role::none);
  CHECK(columns.role(columns.id(Section::event_data, "UtcTime")) == Role::utc_time);
  CHECK(columns.role(columns.id(Section::envelope, "@timestamp")) == Role::timestamp);
}
