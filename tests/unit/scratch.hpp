#pragma once
// A folder that lives as long as one test, and shorthands for diagnostics.

#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "base/diagnostic.hpp"

namespace escudo {

class ScratchFolder {
 public:
  ScratchFolder() {
    path_ = std::filesystem::temp_directory_path() /
            ("escudo-test-" + std::to_string(std::random_device()()));
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string path(const std::string& name = "") const {
    return name.empty() ? path_.generic_string() : (path_ / name).generic_string();
  }
  std::string write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return file.generic_string();
  }

 private:
  std::filesystem::path path_;
};

// "warning wrong-type 3:7", one a problem, parted by "; ".
inline std::string codes(const base::Diagnostics& problems) {
  std::string out;
  for (const base::Diagnostic& d : problems) {
    if (!out.empty()) out += "; ";
    out += d.severity == base::Severity::error ? "error " : "warning ";
    out += d.code + " " + std::to_string(d.line) + ":" + std::to_string(d.column);
  }
  return out;
}

}  // namespace escudo
