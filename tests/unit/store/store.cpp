#include "store/store.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "catch.hpp"
#include "scratch.hpp"

using namespace escudo;

namespace {

base::Time at(int seconds) { return base::Time(std::chrono::seconds(seconds)); }

std::unique_ptr<store::Store> open(const std::string& path) {
  auto opened = store::Store::open(path);
  REQUIRE(opened.ok());
  return std::move(opened).value();
}

}  // namespace

TEST_CASE("what was committed outlives the store, what was not is gone as a whole") {
  ScratchFolder folder;
  const std::string path = folder.path("s.db");
  {
    auto s = open(path);
    const auto space = s->space("a");
    s->put(space, "k", "one");
    s->append(space, at(5), "row");
    REQUIRE(s->commit().ok());
    s->put(space, "k", "two");
    s->append(space, at(6), "later");
    CHECK(s->get(space, "k") == "two");
  }
  auto s = open(path);
  const auto space = s->space("a");
  CHECK(s->get(space, "k") == "one");
  CHECK(s->rows(space) == 1);
}

TEST_CASE("a new store and what SQLite keeps beside it are for their owner alone") {
  namespace fs = std::filesystem;
  ScratchFolder folder;
  const std::string path = folder.path("s.db");
  const mode_t before = ::umask(0);
  {
    auto s = open(path);
    s->put(s->space("a"), "k", "one");
    REQUIRE(s->commit().ok());
    for (const auto& file : fs::directory_iterator(folder.path()))
      CHECK(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  }
  // One that is there keeps the rights it has.
  fs::permissions(path, fs::perms::group_read, fs::perm_options::add);
  open(path);
  CHECK((fs::status(path).permissions() & fs::perms::group_read) != fs::perms::none);
  ::umask(before);
}

TEST_CASE("rows of a window come in the order they were appended") {
  ScratchFolder folder;
  auto s = open(folder.path("s.db"));
  const auto space = s->space("w");
  s->append(space, at(9), "c");
  s->append(space, at(3), "a");
  s->append(space, at(5), "b");
  s->append(s->space("other"), at(4), "x");
  std::string seen;
  s->read(space, at(3), at(9), [&](std::string_view bytes) { seen += bytes; });
  CHECK(seen == "ab");
  s->erase_before(space, at(5));
  seen.clear();
  s->read(space, base::Time::min(), base::Time::max(), [&](std::string_view bytes) { seen += bytes; });
  CHECK(seen == "cb");
  CHECK(s->last_time(space) == at(9));
  CHECK(s->first_time(space, at(6)) == at(9));
  CHECK_FALSE(s->first_time(space, at(10)));
}

TEST_CASE("a store of a later version is refused") {
  ScratchFolder folder;
  const std::string path = folder.path("s.db");
  { REQUIRE(open(path)->commit().ok()); }
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(63);   // the last byte of user_version in SQLite's header
  file.put(9);
  file.close();
  const auto again = store::Store::open(path);
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().find("later Escudo") != std::string::npos);
}
