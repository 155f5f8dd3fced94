#pragma once
// Datasets: where the file behind a test's `data:` lies. The suite asks for each once.

#include <memory>
#include <string>
#include <vector>

namespace escudo::harness {

struct Located {
  std::string path;     // the file; "" when it is not there
  std::string missing;  // why not, a sentence
};

class Datasets {
 public:
  virtual ~Datasets() = default;
  // One answer a name, in order; a name is dataset_name() of what the YAML says. All that a run needs
  // is asked for at once: what is not there may be fetched, several at a time.
  virtual std::vector<Located> locate(const std::vector<std::string>& names) = 0;
};

// "datasets/attack_techniques/T1047/…/windows-sysmon.log" for the addresses of attack_data's files on
// GitHub, whatever the branch; of other addresses host and path; of a path the path.
std::string dataset_name(const std::string& address);

// Where nothing lies: for suites that are only listed.
std::unique_ptr<Datasets> no_datasets();

// A store of `escudo replay fetch`, a checkout of attack_data, or files put by hand where they lie
// there (replay/store.hpp). Downloads nothing.
std::unique_ptr<Datasets> folder_datasets(const std::string& folder);

}  // namespace escudo::harness
