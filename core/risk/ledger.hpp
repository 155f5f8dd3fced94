#pragma once
// Ledger: the risk that live findings raised, kept in the store: one entry a finding, that of its last
// revision. Its writes belong to the store's open transaction. One thread.

#include <functional>
#include <string>
#include <vector>

#include "findings/finding.hpp"
#include "store/store.hpp"

namespace escudo::risk {

struct LedgerEntry {
  std::string finding_id;
  std::uint32_t revision = 0;
  std::string detection, detection_id, detection_type;
  base::Time first_time{}, last_time{};
  std::uint64_t count = 0;
  double score = 0;
  std::string message;
  std::vector<findings::ScoredObject> objects;
  std::vector<std::string> mitre_attack;
};

class Ledger {
 public:
  explicit Ledger(store::Store& store);
  void record(const findings::Finding& finding);   // nothing when it has no risk
  // In the order of their ids; `see` returns false to end.
  void each(const std::function<bool(const LedgerEntry&)>& see);

 private:
  store::Store& store_;
  std::int64_t space_;
};

}  // namespace escudo::risk
