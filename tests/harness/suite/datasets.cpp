#include "harness/suite/datasets.hpp"

#include "scratch.hpp"

using namespace escudo::harness;
using testing::Scratch;

TEST_CASE("a dataset goes by its path in attack_data, whatever address a test gives") {
  for (const char* address : {"https://media.githubusercontent.com/media/splunk/attack_data/master/datasets/a/b.log",
                              "https://raw.githubusercontent.com/splunk/attack_data/main/datasets/a/b.log",
                              "https://github.com/splunk/attack_data/raw/v1/datasets/a/b.log", "datasets/a/b.log"}) {
    CHECK(dataset_name(address) == "datasets/a/b.log");
  }
  CHECK(dataset_name("https://example.org/logs/x.log") == "example.org/logs/x.log");
}

TEST_CASE("a folder gives what lies in it and says of the rest why not") {
  Scratch scratch;
  scratch.write("datasets/a.log", "<Event/>");
  scratch.write("datasets/pointer.log", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
  scratch.write("secret", "x");
  const auto datasets = folder_datasets(scratch.path("datasets/.."));
  const auto located = datasets->locate({"datasets/a.log", "datasets/none.log", "datasets/pointer.log", "datasets", "../secret",
                                         "datasets/../../secret", "/etc/passwd", ""});
  REQUIRE(located.size() == 8);
  CHECK_FALSE(located[0].path.empty());
  CHECK(located[1].missing.starts_with("not in "));
  CHECK(located[2].missing.find("Git LFS pointer") != std::string::npos);
  for (std::size_t k = 3; k < 8; ++k) {
    INFO(k);
    CHECK(located[k].path.empty());
    CHECK_FALSE(located[k].missing.empty());
  }
}
