#include "harness/suite/datasets.hpp"

#include "replay/store.hpp"

namespace escudo::harness {
namespace {

class Folder final : public Datasets {
 public:
  explicit Folder(std::string folder) : store_(std::move(folder)) {}

  std::vector<Located> locate(const std::vector<std::string>& names) override {
    std::vector<Located> out;
    for (const auto& name : names) {
      replay::Store::Found found = store_.find(name);
      out.push_back({std::move(found.path), std::move(found.missing)});
    }
    return out;
  }

 private:
  replay::Store store_;
};

class None final : public Datasets {
 public:
  std::vector<Located> locate(const std::vector<std::string>& names) override {
    return std::vector<Located>(names.size(), Located{"", "not looked for"});
  }
};

}  // namespace

std::string dataset_name(const std::string& address) { return replay::dataset_name(address); }

std::unique_ptr<Datasets> folder_datasets(const std::string& folder) {
  return std::make_unique<Folder>(folder);
}

std::unique_ptr<Datasets> no_datasets() { return std::make_unique<None>(); }

}  // namespace escudo::harness
