#include "catch.hpp"
#include "detect/row_store.hpp"

#include "temporary_files.hpp"

using namespace escudo;

namespace {

// Records with a field of `size` bytes each; every other one is a row of feed 1 too.
detect::Matches batch(std::uint64_t first, std::size_t count, std::size_t size, const detect::LayoutPtr& layout) {
  detect::Matches out;
  auto origin = std::make_shared<event::Origin>();
  origin->path = "log";
  out.origin = origin;
  out.layouts.push_back(layout);
  for (std::uint64_t k = first; k < first + count; ++k) {
    out.records.push_back({k, "Channel " + std::to_string(k % 3), 4624, base::Time(std::chrono::seconds(k)), true, false, out.fields.size()});
    const std::string number = std::to_string(k), filler(size, static_cast<char>('a' + k % 26));
    const std::string_view one[] = {number}, two[] = {filler, number};
    detect::put_field(out.fields, 7, one);
    detect::put_field(out.fields, 300, two);
    detect::put_field(out.fields, 9, {});
    const auto record = static_cast<std::uint32_t>(out.records.size() - 1);
    out.rows.push_back({0, record, layout.get()});
    if (k % 2 == 0) out.rows.push_back({1, record, layout.get()});
  }
  return out;
}

// What a feed reads back, as text.
std::vector<std::string> rows_of(detect::RowStore& store, std::uint32_t feed) {
  std::vector<std::string> out;
  store.read(feed, [&](const pipeline::Views& views) {
    for (const pipeline::ViewRow& view : views.rows) {
      const pipeline::Row row = views.row(view);
      std::string text;
      for (const pipeline::Value& cell : row.cells) text += cell.text() + "|";
      const auto event = store.record(view.record);
      out.push_back(text + event.channel + "|" + std::to_string(event.record_id) + "|" + event.origin->path);
    }
  });
  return out;
}

}  // namespace

TEST_CASE("rows come back as they were, from memory and from a temporary file") {
  auto layout = std::make_shared<detect::Layout>();
  layout->columns = {"number", "_time", "both", "nothing", "absent"};
  layout->keys = {7, detect::kTimeKey, 300, 9, 8};
  detect::RowStore in_memory(2, std::size_t{1} << 30), spilling(2, 0);
  for (std::uint64_t k = 0; k < 6000; k += 100)
    for (detect::RowStore* store : {&in_memory, &spilling}) store->add(batch(k, 100, 1000, layout));
  CHECK_FALSE(in_memory.spool().spilled());
  CHECK(spilling.spool().spilled());
  CHECK(spilling.spool().problem().empty());
  for (const std::uint32_t feed : {0u, 1u}) {
    const auto rows = rows_of(in_memory, feed);
    REQUIRE(rows.size() == (feed == 0 ? 6000 : 3000));
    CHECK(rows == rows_of(spilling, feed));
  }
  const auto rows = rows_of(in_memory, 1);
  CHECK(rows[1] == "2|2|" + std::string(1000, 'c') + "\n2|||Channel 2|2|log");
}

TEST_CASE("layouts may change from row to row") {
  auto all = std::make_shared<detect::Layout>(), few = std::make_shared<detect::Layout>();
  all->columns = {"number", "both"};
  all->keys = {7, 300};
  few->columns = {"again", "number"};
  few->keys = {7, 7};
  detect::RowStore store(2, 1 << 20);
  store.add(batch(0, 2, 1, all));
  store.add(batch(2, 2, 1, few));
  store.add(batch(4, 1, 1, all));
  CHECK(rows_of(store, 0) == std::vector<std::string>{"0|a\n0|Channel 0|0|log", "1|b\n1|Channel 1|1|log", "2|2|Channel 2|2|log",
                                                      "3|3|Channel 0|3|log", "4|e\n4|Channel 1|4|log"});
}

TEST_CASE("names that come up after enough others are left out, and the reader is told") {
  std::vector<detect::LayoutPtr> layouts;
  detect::RowStore store(2, 1 << 20);
  for (std::uint64_t k = 0; k < 3; ++k) {
    auto layout = std::make_shared<detect::Layout>();
    layout->columns = {"number", "k" + std::to_string(k)};
    layout->keys = {7, 300};
    layouts.push_back(layout);
    store.add(batch(k, 1, 1, layout));
  }
  const auto columns = [&](std::size_t most, bool all) {
    std::string out;
    CHECK(store.read(0, [&](const pipeline::Views& views) {
      for (const pipeline::ViewRow& view : views.rows) {
        const pipeline::Row row = views.row(view);
        for (std::size_t c = 0; c < row.cells.size(); ++c) out += (*views.columns)[c] + " ";
        out += row.cells[0].text() + "|";
      }
    }, most) == all);
    return out;
  };
  CHECK(columns(4, true) == "number k0 0|number k1 1|number k2 2|");
  CHECK(columns(3, false) == "number k0 0|number k1 1|number 2|");
}

TEST_CASE("a temporary file that cannot be read back is told, and what is left is read") {
  auto layout = std::make_shared<detect::Layout>();
  layout->columns = {"number"};
  layout->keys = {7};
  detect::RowStore store(2, 0);
  for (std::uint64_t k = 0; k < 6000; k += 100) store.add(batch(k, 100, 1000, layout));
  REQUIRE(store.spool().spilled());
  CHECK_FALSE(store.spool().lost());
  if (!empty_temporary_files()) SUCCEED("skipped: no /proc/self/fd");
  else {
    const auto rows = rows_of(store, 0);
    CHECK(rows.size() > 0);      // the last chunk is in memory
    CHECK(rows.size() < 6000);
    CHECK(store.spool().lost());
    CHECK(store.spool().problem() == "cannot read the temporary file: matched rows are lost");
    const findings::EvidenceEvent lost = store.record(0);
    REQUIRE(lost.origin);
    CHECK(lost.origin->path.empty());
  }
}
