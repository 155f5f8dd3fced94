#pragma once
// What the tests of cim share: events made of name/value pairs, and the shipped maps.

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "cim/maps.hpp"

namespace escudo::cim::testing {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// An event with its own storage. Names of the System section go there, the rest to EventData.
class MadeEvent {
 public:
  MadeEvent(std::string channel, std::string provider, std::int32_t event_id, const Pairs& values,
            const Pairs& user_data = {});
  MadeEvent(const MadeEvent&) = delete;
  const event::Event& get() const { return event_; }
  event::Event& edit() { return event_; }

 private:
  std::deque<std::string> texts_;
  std::vector<std::string_view> views_;
  event::Event event_;
};

// The values of a field, all of them, and what a row shows.
struct Answer {
  std::vector<std::string> all;
  std::vector<std::string> shown;
};

// content/maps and content/datamodels of the tree.
const Maps& shipped_maps();
Answer ask(const Maps& maps, const event::Event& event, DatasetId dataset, std::string_view field,
           const event::Origin& origin = {});

}  // namespace escudo::cim::testing
