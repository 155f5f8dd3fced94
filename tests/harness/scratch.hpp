#pragma once
// A folder of a test's own, gone with the object.

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/files.hpp"
#include "catch.hpp"

namespace escudo::harness::testing {

class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "escudo_harness.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string path(const std::string& name = {}) const {
    return name.empty() ? path_ : path_ + "/" + name;
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    REQUIRE(base::write_file(path(name), text).ok());
    return path(name);
  }
  std::string read(const std::string& name) const {
    const auto text = base::read_file(path(name));
    REQUIRE(text.ok());
    return *text;
  }

 private:
  std::string path_;
};

}  // namespace escudo::harness::testing
