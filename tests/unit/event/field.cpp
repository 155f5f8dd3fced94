#include "event/field.hpp"

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "catch.hpp"

using namespace escudo::event;

TEST_CASE("a name is interned once and keeps its spelling") {
  const FieldId image = intern("Image");
  CHECK(image);
  CHECK(intern(std::string("Image")) == image);
  CHECK(intern("image") != image);  // names are case-sensitive
  CHECK(name_of(image) == "Image");
  CHECK(find_field("Image") == image);
  CHECK(image.index < field_count());
}

TEST_CASE("the empty name is no field, an unknown one is not made by looking") {
  CHECK_FALSE(intern(""));
  CHECK_FALSE(find_field(""));
  const std::uint32_t before = field_count();
  CHECK_FALSE(find_field("nobody ever interned this"));
  CHECK(field_count() == before);
  CHECK(name_of(FieldId{}) == "");
  CHECK(name_of(FieldId{0xFFFFFFFF}) == "");
}

TEST_CASE("names stay where they are while the table grows") {
  const FieldId early = intern("early");
  const std::string_view name = name_of(early);
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = "grow_" + std::to_string(i);
    seen.insert(intern(text).index);
    text.assign(text.size(), '#');  // the table must have a copy
  }
  CHECK(seen.size() == 20'000);
  CHECK(name_of(early).data() == name.data());
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = "grow_" + std::to_string(i);
    const FieldId field = find_field(text);
    if (!field || name_of(field) != text || intern(text) != field) FAIL(text);
  }
}

TEST_CASE("a name may hold any bytes") {
  const std::string odd("a\0b\xFF", 4);
  CHECK(name_of(intern(odd)) == odd);
  CHECK(intern(std::string_view("a\0c", 3)) != intern("a"));
  const std::string large(100'000, 'x');
  CHECK(name_of(intern(large)) == large);
}

TEST_CASE("threads agree on every name") {
  constexpr int threads = 4, names = 5000;
  std::vector<std::vector<FieldId>> ids(threads);
  {
    std::vector<std::thread> workers;
    for (int t = 0; t < threads; ++t) {
      workers.emplace_back([&ids, t] {
        auto& mine = ids[static_cast<std::size_t>(t)];
        mine.resize(names);
        for (int i = 0; i < names; ++i) {
          const int n = t % 2 == 0 ? i : names - 1 - i;
          const FieldId field = intern("shared_" + std::to_string(n));
          mine[static_cast<std::size_t>(n)] = field;
          if (name_of(field) != "shared_" + std::to_string(n)) mine[0] = FieldId{};
        }
      });
    }
    for (std::thread& worker : workers) worker.join();
  }
  for (int t = 1; t < threads; ++t) CHECK(ids[static_cast<std::size_t>(t)] == ids[0]);
  CHECK(ids[0][0]);
}
