#pragma once
// The world of one text test: a catalog, events and a clock, and searches run over them by the spl
// and pipeline rooms alone. Feeds are filled row by row, each row with just the fields the plan
// says it needs, so a wrong account of needs shows as a wrong result.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "catalog/catalog.hpp"
#include "pipeline/lookup_table.hpp"
#include "pipeline/operator.hpp"
#include "spl/plan.hpp"
#include "test_file.hpp"
#include "twin/twin.hpp"

namespace spl_test {

using namespace escudo;

struct Outcome {
  std::unique_ptr<const spl::Plan> plan;
  std::vector<spl::TextProblem> problems;  // spans in terms of the search
  bool ran = false;
  pipeline::Table table;
};

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Takes in an input section; fails with what is wrong in it.
  base::Result<void> take(const Section& section);
  void finish_setup();  // after the last section

  Outcome run(const std::string& search);
  // The same search by the plain interpreter (tests/twins), over the same events.
  twin::Answer run_twin(const std::string& search) const;
  // From now on the rows of a feed come in one piece instead of one by one: results must not
  // change.
  void feed_in_one_chunk() { one_chunk_ = true; }
  const catalog::Catalog& catalog() const { return catalog_; }
  // What the run had to say, each text once, in order.
  const std::vector<std::string>& said() const { return said_; }
  std::string folder() const { return folder_.generic_string(); }  // of its lookups

 private:
  struct Event {
    std::string dataset;  // "" for every feed, "raw" for raw ones
    std::vector<std::string> names;
    pipeline::Row row;
  };
  base::Result<void> add_events(const Section& section);
  base::Result<void> add_macros(const Section& section);
  base::Result<void> add_lookup(const Section& section);
  base::Result<void> set_limits(const Section& section);
  void feed(const spl::Feed& feed, pipeline::Stream& stream) const;
  bool one_chunk_ = false;

  std::filesystem::path folder_;  // for the CSV files of lookup sections
  catalog::Catalog catalog_;
  std::vector<Event> events_;
  base::FixedClock clock_{base::Time{}};
  bool clock_set_ = false;
  pipeline::LookupStore lookups_;
  pipeline::Context context_;
  std::vector<std::string> said_;
};

}  // namespace spl_test
