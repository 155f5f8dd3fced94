#include "harness/suite/datasets.hpp"

namespace escudo::harness {
namespace {

class None final : public Datasets {
 public:
  std::vector<Located> locate(const std::vector<std::string>& names) override {
    return std::vector<Located>(names.size(), Located{"", "not looked for"});
  }
};

class InStore final : public Datasets {
 public:
  InStore(replay::Store store, const FetchMissing* fetch)
      : store_(std::move(store)), fetch_(fetch) {}

  std::vector<Located> locate(const std::vector<std::string>& names) override {
    std::vector<Located> out;
    for (const std::string& name : names) {
      replay::Store::Found found = store_.find(name);
      out.push_back({std::move(found.path), std::move(found.missing)});
    }
    if (fetch_) fetch(names, out);
    return out;
  }

 private:
  void fetch(const std::vector<std::string>& names, std::vector<Located>& located) const {
    replay::Catalogue catalogue;
    std::vector<const replay::Dataset*> wanted;
    std::vector<std::size_t> at;
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (!located[k].path.empty()) continue;
      catalogue.add(names[k]);
      if (const replay::Dataset* dataset = catalogue.find(names[k])) {
        wanted.push_back(dataset);
        at.push_back(k);
      }
    }
    const auto fetched = replay::fetch(store_, wanted, fetch_->options, fetch_->hooks);
    for (std::size_t k = 0; k < fetched.size(); ++k) {
      Located& to = located[at[k]];
      to.path = fetched[k].path;
      if (to.path.empty()) to.missing += "; " + fetched[k].reason;
    }
  }

  replay::Store store_;
  const FetchMissing* fetch_;
};

}  // namespace

std::unique_ptr<Datasets> no_datasets() { return std::make_unique<None>(); }

std::unique_ptr<Datasets> store_datasets(replay::Store store, const FetchMissing* fetch) {
  return std::make_unique<InStore>(std::move(store), fetch);
}

}  // namespace escudo::harness
