#pragma once
// Readings: who sees which dataset under which names, worked out before anything is read.
//
// What a search sees is a group: one reading of one dataset, or several that a test wants together.
// Readings that differ in what Splunk would call the source share the bytes, not the matching.
// The suite must outlive it. Immutable once planned.

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "event/event.hpp"
#include "harness/suite/suite.hpp"
#include "sources/source.hpp"

namespace escudo::harness {

struct Reading {  // a dataset under one set of names
  std::size_t dataset = 0;
  std::string source, sourcetype, host;
  std::vector<std::size_t> groups;  // that see it

  // A reader of plain text may need to be told what it is.
  sources::OpenOptions open_options(sources::OpenOptions open) const;
};

struct Group {
  std::vector<std::size_t> readings;
  std::vector<std::size_t> tests;
  std::set<std::uint32_t> rules;  // whose matches it takes, unless `all`
  bool all = false;
  bool crossed = false;  // its findings are the cross-fire of its dataset
};

struct Readings {
  std::vector<Reading> readings;
  std::vector<Group> groups;
  std::vector<std::vector<std::size_t>> by_dataset;  // readings
  std::vector<std::size_t> tests_of;                 // how many tests a dataset has
};

// `cross_fire`: one group of each dataset of a detection's test is seen by every rule.
Readings plan_readings(const Suite& suite, bool cross_fire);

// The origins of a reading: its names, and the dataset's own name in place of its file's, so that
// evidence reads the same wherever the file is kept. Belongs to one thread.
class Renamed {
 public:
  Renamed(const Suite& suite, const Reading& reading) : suite_(suite), reading_(reading) {}
  std::shared_ptr<const event::Origin> of(const std::shared_ptr<const event::Origin>& origin);

 private:
  const Suite& suite_;
  const Reading& reading_;
  std::shared_ptr<const event::Origin> last_, renamed_;
};

}  // namespace escudo::harness
