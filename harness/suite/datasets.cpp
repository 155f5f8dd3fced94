#include "harness/suite/datasets.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

namespace escudo::harness {
namespace {

constexpr std::uint64_t pointer_bytes = 1024;  // a pointer of Git LFS has some 130

bool is_pointer(const std::string& path) {
  const auto bytes = base::file_size(path);  // 0 of what is no plain file, which is not for us to read
  if (bytes == 0 || bytes > pointer_bytes) return false;
  const auto text = base::read_file(path, pointer_bytes);
  return text && text->starts_with("version https://git-lfs.github.com/spec/");
}

bool climbs(const std::string& name) {
  for (const auto part : base::split(name, '/'))
    if (part == "..") return true;
  return name.starts_with('/');
}

class Folder final : public Datasets {
 public:
  explicit Folder(std::string folder) : folder_(std::move(folder)) {}

  std::vector<Located> locate(const std::vector<std::string>& names) override {
    std::vector<Located> out;
    for (const auto& name : names) out.push_back(find(name));
    return out;
  }

 private:
  Located find(const std::string& name) const {
    if (name.empty()) return {"", "the test names no dataset"};
    if (climbs(name)) return {"", "its path leaves the folder of datasets"};
    const auto path = base::join_path(folder_, name);
    if (!base::exists(path)) return {"", "not in " + folder_};
    if (base::is_folder(path)) return {"", "a folder, not a file, in " + folder_};
    if (is_pointer(path)) return {"", "only its Git LFS pointer lies in " + folder_};
    return {path, ""};
  }

  std::string folder_;
};

class None final : public Datasets {
 public:
  std::vector<Located> locate(const std::vector<std::string>& names) override {
    return std::vector<Located>(names.size(), Located{"", "not looked for"});
  }
};

// The part after `prefix` and one more folder, the branch.
std::string after_branch(const std::string& address, std::string_view prefix) {
  if (!address.starts_with(prefix)) return {};
  const auto slash = address.find('/', prefix.size());
  return slash == std::string::npos ? std::string() : address.substr(slash + 1);
}

}  // namespace

std::string dataset_name(const std::string& address) {
  for (const char* prefix : {"https://media.githubusercontent.com/media/splunk/attack_data/",
                             "https://raw.githubusercontent.com/splunk/attack_data/",
                             "https://github.com/splunk/attack_data/raw/"}) {
    if (auto name = after_branch(address, prefix); !name.empty()) return name;
  }
  const auto scheme = address.find("://");
  return scheme == std::string::npos ? address : address.substr(scheme + 3);
}

std::unique_ptr<Datasets> folder_datasets(const std::string& folder) {
  return std::make_unique<Folder>(folder);
}

std::unique_ptr<Datasets> no_datasets() { return std::make_unique<None>(); }

}  // namespace escudo::harness
