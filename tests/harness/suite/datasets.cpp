#include "harness/suite/datasets.hpp"

#include "scratch.hpp"

using namespace escudo;
using namespace escudo::harness;
using testing::Scratch;

TEST_CASE("a folder gives what lies in it and says of the rest why not") {
  Scratch scratch;
  scratch.write("datasets/a.log", "<Event/>");
  scratch.write("datasets/pointer.log",
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
  scratch.write("secret", "x");
  const auto datasets = store_datasets(replay::Store(scratch.path()));
  const auto located =
      datasets->locate({"datasets/a.log", "datasets/none.log", "datasets/pointer.log", "datasets",
                        "../secret", "datasets/../../secret", ""});
  REQUIRE(located.size() == 7);
  CHECK_FALSE(located[0].path.empty());
  CHECK(located[1].missing.starts_with("not in "));
  CHECK(located[2].missing.find("Git LFS pointer") != std::string::npos);
  for (std::size_t k = 3; k < 7; ++k) {
    INFO(k);
    CHECK(located[k].path.empty());
    CHECK_FALSE(located[k].missing.empty());
  }
}

TEST_CASE("what a store lacks is fetched from a mirror, and what that lacks says so") {
  Scratch scratch;
  const std::string log = "<Event/>";
  const auto hash = *replay::hash_file(scratch.write("log", log));
  scratch.write("mirror/splunk/attack_data/master/datasets/a.log", replay::pointer_text(hash));
  scratch.write("mirror/media/splunk/attack_data/master/datasets/a.log", log);
  FetchMissing fetch;
  fetch.options.mirror = "file://" + scratch.path("mirror");
  fetch.options.retries = 0;
  const auto datasets = store_datasets(replay::Store(scratch.path("store")), &fetch);
  const auto located = datasets->locate({"datasets/a.log", "datasets/none.log"});
  INFO(located[0].missing);
  REQUIRE_FALSE(located[0].path.empty());
  CHECK(*base::read_file(located[0].path) == log);
  CHECK(located[1].path.empty());
  CHECK(located[1].missing.starts_with("not in "));
}
