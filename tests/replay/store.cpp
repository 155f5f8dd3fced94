#include <map>

#include "replay/store.hpp"

#include "base/files.hpp"
#include "base/hash.hpp"
#include "scratch.hpp"

using namespace escudo;
using namespace escudo::replay;
using harness::testing::Scratch;

namespace {

Content put(const Store& store, const std::string& name, const std::string& text) {
  const Content content{base::sha256_hex(text), text.size()};
  auto file = store.open_partial(content.sha256, {});
  REQUIRE(file);
  REQUIRE(*file);
  REQUIRE((*file)->append(text));
  REQUIRE(store.publish(std::move(*file), content));
  REQUIRE(store.set_pointer(name, content));
  return content;
}

}  // namespace

TEST_CASE("a store finds a content by its name, and says what is missing") {
  Scratch scratch;
  const Store store(scratch.path("store"));
  CHECK(store.find("datasets/a.log").missing.starts_with("not in "));
  const Content content = put(store, "datasets/a.log", "some events");
  const Store::Found found = store.find("datasets/a.log");
  CHECK(found.missing.empty());
  CHECK(base::read_file(found.path).value() == "some events");
  CHECK(found.content == content);
  CHECK_FALSE(base::exists(scratch.path("store/partial/" + content.sha256)));
  REQUIRE(store.set_pointer("datasets/b.log", {std::string(64, 'a'), 5}));
  CHECK(store.find("datasets/b.log").missing.starts_with("only a Git LFS pointer"));
  scratch.write("store/datasets/by_hand.log", "<Event/>");
  CHECK(store.find("datasets/by_hand.log").path == scratch.path("store/datasets/by_hand.log"));
  CHECK_FALSE(store.find("../etc/passwd").missing.empty());
  CHECK_FALSE(store.set_pointer("../x", content));
}

TEST_CASE("verify names what is damaged, short, missing or a torn pointer") {
  Scratch scratch;
  const Store store(scratch.path("store"));
  put(store, "datasets/good.log", "good");
  const Content bad = put(store, "datasets/bad.log", "soon bad");
  const Content of_other_size = put(store, "datasets/size.log", "whole");
  REQUIRE(store.set_pointer("datasets/gone.log", {std::string(64, 'b'), 7}));
  scratch.write("store/objects/" + bad.sha256.substr(0, 2) + "/" + bad.sha256, "now  bad");
  scratch.write("store/datasets/size.log", pointer_text({of_other_size.sha256, 999}));
  scratch.write("store/datasets/torn.log", "version https://git-lfs.github.com/spec/v1\noid sha");
  scratch.write("store/partial/" + std::string(64, 'c'), "on its way");
  const auto checked = store.verify({});
  REQUIRE(checked);
  std::map<std::string, std::string> troubles;
  for (const auto& c : *checked) {
    if (!c.trouble.empty()) troubles[c.names.empty() ? c.path : c.names.front()] = c.trouble;
  }
  CHECK(troubles.size() == 4);
  CHECK(troubles["datasets/bad.log"].starts_with("its sha256 is "));
  CHECK(troubles["datasets/gone.log"] == "its content is not there");
  CHECK(troubles["datasets/size.log"] == "its pointer says 999 bytes, its content has 5");
  CHECK(troubles["datasets/torn.log"] == "is a damaged Git LFS pointer");
  CHECK_FALSE(store.verify([](std::uint64_t, std::uint64_t) { return false; }));
}

TEST_CASE("a partial file has one writer") {
  Scratch scratch;
  const Store store(scratch.path("store"));
  auto first = store.open_partial("x", {});
  REQUIRE(first);
  REQUIRE(*first);
  REQUIRE((*first)->append("abc"));
  int asked = 0;
  auto second = store.open_partial("x", [&] { return ++asked > 2; });
  REQUIRE(second);
  CHECK_FALSE(*second);
  first->reset();
  second = store.open_partial("x", {});
  REQUIRE(*second);
  CHECK((*second)->size() == 3);
}

TEST_CASE("who waits for a partial file does not get the one that has its name by then") {
  Scratch scratch;
  const Store store(scratch.path("store"));
  auto first = store.open_partial("x", {});
  REQUIRE((*first)->append("abc"));
  REQUIRE((*first)->move_to(scratch.path("store/final")));  // its lock is still held
  auto second = store.open_partial("x", {});
  REQUIRE(*second);
  CHECK((*second)->size() == 0);
}

TEST_CASE("the room of a folder that is not there yet is that of where it will lie") {
  Scratch scratch;
  const auto room = free_bytes(scratch.path("not/yet/there"));
  REQUIRE(room);
  CHECK(*room > 0);
}

TEST_CASE("verify checks a file itself against what is known of it, and says when nothing is") {
  Scratch scratch;
  const Store store(scratch.path("store"));
  scratch.write("store/datasets/good.log", "good");
  scratch.write("store/datasets/bad.log", "baad");
  scratch.write("store/datasets/unknown.log", "?");
  scratch.write("store/datasets/about.yml", "a: b");
  const auto checked = store.verify({}, [](const std::string& name) -> std::optional<Content> {
    if (name == "datasets/unknown.log") return {};
    const std::string text = name == "datasets/good.log" ? "good" : "bad!";
    return Content{base::sha256_hex(text), text.size()};
  });
  REQUIRE(checked);
  std::map<std::string, std::string> said;
  for (const auto& c : *checked) said[c.path] = c.unchecked ? "unchecked" : c.trouble;
  CHECK(said.size() == 3);
  CHECK(said["datasets/good.log"].empty());
  CHECK(said["datasets/bad.log"].find("where the index says") != std::string::npos);
  CHECK(said["datasets/unknown.log"] == "unchecked");
}
