#include "harness/suite/datasets.hpp"

namespace escudo::harness {
namespace {

class None final : public Datasets {
 public:
  std::vector<Located> locate(const std::vector<std::string>& addresses) override {
    return std::vector<Located>(addresses.size(), Located{"", "not looked for"});
  }
};

class InStore final : public Datasets {
 public:
  InStore(replay::Store store, const FetchMissing* fetch)
      : store_(std::move(store)), fetch_(fetch) {}

  std::vector<Located> locate(const std::vector<std::string>& addresses) override {
    std::vector<Located> out;
    for (const std::string& address : addresses) {
      replay::Store::Found found = store_.find(replay::dataset_name(address));
      out.push_back({std::move(found.path), std::move(found.missing)});
    }
    if (fetch_) fetch(addresses, out);
    return out;
  }

 private:
  void fetch(const std::vector<std::string>& addresses, std::vector<Located>& located) const {
    replay::Catalogue catalogue = fetch_->index;
    std::vector<const replay::Dataset*> wanted;
    std::vector<std::size_t> at;
    for (std::size_t k = 0; k < addresses.size(); ++k) {
      if (!located[k].path.empty()) continue;
      catalogue.add(addresses[k]);
      if (const auto* dataset = catalogue.find(replay::dataset_name(addresses[k]))) {
        wanted.push_back(dataset);
        at.push_back(k);
      }
    }
    const auto fetched = replay::fetch(store_, wanted, fetch_->options, fetch_->hooks);
    for (std::size_t k = 0; k < fetched.size(); ++k) {
      Located& to = located[at[k]];
      to.path = fetched[k].path;
      if (to.path.empty() && !fetch_->options.offline)
        to.missing += "; " + fetched[k].reason;
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
