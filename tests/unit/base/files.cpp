#include "base/files.hpp"

#include <filesystem>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "catch.hpp"

using namespace escudo::base;
namespace fs = std::filesystem;

namespace {

// A folder of its own for a test, gone afterwards.
class TempFolder {
 public:
  TempFolder() {
    static int count = 0;
    const auto stamp = reinterpret_cast<std::uintptr_t>(this);
    const std::string unique = sha256_hex(std::to_string(stamp)).substr(0, 8);
    const std::string name = "escudo-files-" + unique + "-" + std::to_string(++count);
    path_ = (fs::temp_directory_path() / name).generic_string();
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~TempFolder() { fs::remove_all(path_); }
  std::string operator/(const std::string& name) const { return join_path(path_, name); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace

TEST_CASE("a file comes back as it was written") {
  TempFolder folder;
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes += static_cast<char>(i * 7);
  const std::string path = folder / "ü b.bin";
  REQUIRE(write_file(path, bytes));
  CHECK(exists(path));
  CHECK(file_size(path) == bytes.size());
  auto back = read_file(path);
  REQUIRE(back);
  CHECK(*back == bytes);
  REQUIRE(write_file(path, "x"));
  CHECK(*read_file(path) == "x");
}

TEST_CASE("reading stops at the limit, and errors name the path") {
  TempFolder folder;
  const std::string path = folder / "a";
  REQUIRE(write_file(path, "12345"));
  CHECK(read_file(path, 5));
  const auto large = read_file(path, 4);
  REQUIRE_FALSE(large);
  CHECK(icontains(large.error(), path));
  CHECK(icontains(large.error(), "limit of 4 bytes"));

  const auto absent = read_file(folder / "absent");
  REQUIRE_FALSE(absent);
  CHECK(icontains(absent.error(), folder / "absent"));
  CHECK(icontains(absent.error(), "no such file"));

  CHECK_FALSE(read_file(folder.path()));
  CHECK_FALSE(write_file(folder / "no/such/folder", "x"));
  CHECK_FALSE(write_file(folder.path(), "x"));
  CHECK_FALSE(read_file(std::string("a\xFF\0b", 4)));
  CHECK_FALSE(exists(folder / "absent"));
  CHECK(file_size(folder / "absent") == 0);
}

TEST_CASE("files_under lists regular files in byte order") {
  TempFolder folder;
  fs::create_directories(folder / "b/c");
  fs::create_directories(folder / "B");
  for (const char* name : {"z", "a", "b/c/1", "b/2", "b.x", "B/y"}) {
    REQUIRE(write_file(folder / name, ""));
  }
  std::vector<std::string> problems;
  const auto files = files_under(folder.path(), problems);
  CHECK(problems.empty());
  CHECK(files == std::vector<std::string>{folder / "B/y", folder / "a", folder / "b.x",
                                          folder / "b/2", folder / "b/c/1", folder / "z"});
}

TEST_CASE("files_under does not follow links to folders and names what it cannot read") {
  TempFolder folder;
  fs::create_directories(folder / "d");
  REQUIRE(write_file(folder / "d/f", ""));
  std::error_code unsupported;
  fs::create_directory_symlink(folder.path(), folder / "d/loop", unsupported);
  if (unsupported) return;  // no links here
  fs::create_symlink(folder / "d/f", folder / "link", unsupported);
  fs::create_symlink(folder / "nowhere", folder / "broken", unsupported);
  std::vector<std::string> problems;
  CHECK(files_under(folder.path(), problems) ==
        std::vector<std::string>{folder / "d/f", folder / "link"});
  // A dangling link has no file behind it: it is skipped, as what is neither file nor folder.
  CHECK(problems.size() <= 1);

  problems.clear();
  CHECK(files_under(folder / "absent", problems).empty());
  REQUIRE(problems.size() == 1);
  CHECK(icontains(problems[0], "absent"));
}

TEST_CASE("paths are joined and taken apart at slashes") {
  CHECK(parent_path("a/b/c") == "a/b");
  CHECK(parent_path("a") == "");
  CHECK(parent_path("/a") == "/");
  CHECK(file_name("a/b.yml") == "b.yml");
  CHECK(file_name("b.yml") == "b.yml");
  CHECK(join_path("a", "b") == "a/b");
  CHECK(join_path("a/", "b") == "a/b");
  CHECK(join_path("", "b") == "b");
  CHECK(join_path("a", "") == "a");
  CHECK(join_path("a", "/b") == "/b");
}
