// Files are whole or not there.

#include <filesystem>

#include "base/files.hpp"
#include "catch.hpp"
#include "scratch.hpp"
#include "sinks/sink.hpp"

using namespace escudo;
namespace fs = std::filesystem;

namespace {

std::size_t files_in(const ScratchFolder& folder) {
  std::vector<std::string> problems;
  return base::files_under(folder.path(), problems).size();
}

std::string content(const std::string& path) {
  const auto text = base::read_file(path);
  return text ? *text : "(" + text.error() + ")";
}

}  // namespace

TEST_CASE("a file is there after finish, as it was written") {
  ScratchFolder f;
  const std::string path = f.path("out.jsonl");
  auto out = sinks::file_output(path);
  REQUIRE(out);
  (*out)->write("one\n");
  (*out)->write(std::string(100'000, 'x'));
  CHECK_FALSE(base::exists(path));
  REQUIRE((*out)->finish());
  CHECK(content(path) == "one\n" + std::string(100'000, 'x'));
  CHECK((*out)->finish());
  CHECK(files_in(f) == 1);
}

TEST_CASE("a broken run leaves the old file and nothing else") {
  ScratchFolder f;
  const std::string path = f.write("out.csv", "old");
  {
    auto out = sinks::file_output(path);
    REQUIRE(out);
    (*out)->write("half");
    CHECK(content(path) == "old");
  }
  CHECK(content(path) == "old");
  CHECK(files_in(f) == 1);
}

TEST_CASE("an existing file is replaced, through a link, with its permissions") {
  ScratchFolder f;
  const std::string path = f.write("real.txt", "old");
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  fs::create_symlink("real.txt", f.path("link.txt"));
  auto out = sinks::file_output(f.path("link.txt"));
  REQUIRE(out);
  (*out)->write("new");
  REQUIRE((*out)->finish());
  CHECK(content(path) == "new");
  CHECK(fs::is_symlink(f.path("link.txt")));
  CHECK((fs::status(path).permissions() & fs::perms::others_read) == fs::perms::none);
}

TEST_CASE("what cannot be written fails at once, with a sentence") {
  ScratchFolder f;
  const auto absent = sinks::file_output(f.path("no/such/folder.txt"));
  REQUIRE_FALSE(absent);
  CHECK(absent.error() ==
        "cannot write " + f.path("no/such/folder.txt") + ": No such file or directory");
  const auto folder = sinks::file_output(f.path());
  REQUIRE_FALSE(folder);
  CHECK(folder.error() == "cannot write " + f.path() + ": it is a folder");
  CHECK(files_in(f) == 0);
}

TEST_CASE("devices are written as they are, and a full one is an error at finish") {
  if (!base::exists("/dev/full")) {
    WARN("skipped: no /dev/full");
    return;
  }
  auto null = sinks::file_output("/dev/null");
  REQUIRE(null);
  (*null)->write("x");
  CHECK((*null)->finish());
  CHECK(base::exists("/dev/null"));

  auto full = sinks::file_output("/dev/full");
  REQUIRE(full);
  (*full)->write(std::string(1 << 20, 'x'));
  (*full)->write("more");
  const auto done = (*full)->finish();
  REQUIRE_FALSE(done);
  CHECK(done.error() == "cannot write /dev/full: No space left on device");
}

TEST_CASE("a string output appends") {
  std::string into = "a";
  const auto out = sinks::string_output(into);
  out->write("b");
  CHECK(out->finish());
  CHECK(into == "ab");
}
