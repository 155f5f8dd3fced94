#include "harness/suite/temporary_folder.hpp"

#include <filesystem>
#include <random>

namespace escudo::harness {

base::Result<std::unique_ptr<TemporaryFolder>> TemporaryFolder::make() {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) return base::Error{"there is no temporary folder: " + error.message()};
  std::random_device random;
  for (int attempt = 0; attempt < 100; ++attempt) {
    const auto path = parent / ("escudo-test-" + std::to_string(random()));
    if (!std::filesystem::create_directory(path, error)) continue;  // someone else's
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, error);
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(path.generic_string()));
  }
  return base::Error{"cannot make a folder in " + parent.generic_string()};
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace escudo::harness
