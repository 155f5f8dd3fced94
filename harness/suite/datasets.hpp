#pragma once
// Datasets: where the file behind a test's `data:` lies.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "replay/fetch.hpp"
#include "replay/store.hpp"

namespace escudo::harness {

struct Located {
  std::string path;     // the file; "" when it is not there
  std::string missing;  // why not, to follow "… is"
};

class Datasets {
 public:
  virtual ~Datasets() = default;
  // One answer an address as a test writes it (a dataset's name is one, too), in order. All that a
  // run needs is asked for at once.
  virtual std::vector<Located> locate(const std::vector<std::string>& addresses) = 0;
};

// Where nothing lies: for suites that are only listed.
std::unique_ptr<Datasets> no_datasets();

// What a store has; with `fetch`, which must outlive it as must `hooks`, what it lacks is
// downloaded.
struct FetchMissing {
  replay::Catalogue index;  // what is known of datasets beforehand
  replay::FetchOptions options;
  replay::FetchHooks hooks;
};
std::unique_ptr<Datasets> store_datasets(replay::Store store, const FetchMissing* fetch = nullptr);

}  // namespace escudo::harness
