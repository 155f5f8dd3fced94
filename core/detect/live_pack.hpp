#pragma once
// Records and matched rows as bytes (base/pack.hpp).

#include <map>
#include <memory>
#include <string>

#include "base/pack.hpp"
#include "detect/matcher.hpp"
#include "findings/finding.hpp"

namespace escudo::detect {

// Origins by path, so that records read back share theirs.
class Origins {
 public:
  std::shared_ptr<const event::Origin> of(std::string_view path);

 private:
  std::map<std::string, std::shared_ptr<const event::Origin>, std::less<>> by_path_;
};

void pack(base::Packer& out, const findings::EvidenceEvent& event);
findings::EvidenceEvent unpack_record(base::Unpacker& in, Origins& origins);

// One matched row: `feed` is its number among its rule's feeds, `record` that of its record. Columns
// are left out where they are `usual`.
void pack_row(base::Packer& out, std::uint32_t feed, std::uint64_t record, const findings::EvidenceEvent& event,
              const std::vector<std::string>& columns, const std::vector<event::Value>& cells,
              const std::vector<std::string>& usual);
struct StoredRow {
  std::uint32_t feed = 0;
  std::uint64_t record = 0;
  findings::EvidenceEvent event;
  std::vector<std::string> columns;   // empty: the usual ones
  std::vector<event::Value> cells;
};
std::optional<StoredRow> unpack_row(std::string_view bytes, Origins& origins);

}  // namespace escudo::detect
