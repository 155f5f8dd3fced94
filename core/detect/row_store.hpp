#pragma once
// RowStore: the matched rows of a run, until their searches run. A record lies there once, with the
// fields that any rule wants of it; a row is a few bytes that point at it. So what a thousand rules
// keep of an event is little more than the event, and it can lie in a temporary file.
//
// A record's number is its place: ascending in reading order. One thread.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/spool.hpp"
#include "detect/matcher.hpp"
#include "findings/finding.hpp"
#include "pipeline/operator.hpp"
#include "pipeline/views.hpp"

namespace escudo::detect {

class RowStore {
 public:
  // Beyond `budget` bytes records go to a temporary file.
  RowStore(std::size_t feeds, std::size_t budget);

  void add(const Matches& matches);

  bool has_rows(std::uint32_t feed) const { return feeds_[feed].rows > 0; }
  std::uint64_t rows(std::uint32_t feed) const { return feeds_[feed].rows; }
  // The rows of a feed in reading order, some hundred at a time. The views are valid during the call.
  // Names that come up after `most_columns` others are left out of the rows: then false. Rows that are
  // not `wanted` are left out.
  bool read(std::uint32_t feed, const std::function<void(const pipeline::Views&)>& take,
            std::size_t most_columns = SIZE_MAX, const std::vector<pipeline::Wanted>& wanted = {});
  findings::EvidenceEvent record(std::uint64_t number);

  const base::Spool& spool() const { return spool_; }

 private:
  struct Rows {
    std::uint64_t rows = 0;
    std::string refs;                       // varints: place - last place, layout + 1 or 0 for the last
    base::Spool::Place last = 0;
    std::uint32_t last_layout = UINT32_MAX;
  };
  struct Header {
    std::uint64_t record_id = 0, origin = 0, channel = 0;
    std::int32_t event_id = -1;
    base::Time time{};
    bool has_time = false, recovered = false, in_question = false;
    std::string_view fields;
  };
  Header header(std::string_view entry) const;
  std::uint32_t number_of(const LayoutPtr& layout);

  base::Spool spool_;
  std::vector<Rows> feeds_;
  std::vector<LayoutPtr> layouts_;
  std::unordered_map<const Layout*, std::uint32_t> layout_numbers_;
  std::vector<std::shared_ptr<const event::Origin>> origins_;
  std::vector<std::string> channels_;
  std::map<std::string, std::uint64_t, std::less<>> channel_numbers_;
  std::string entry_;
};

}  // namespace escudo::detect
