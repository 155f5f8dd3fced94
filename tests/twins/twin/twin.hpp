#pragma once
// Twin: a plain interpreter of SPL. It takes the parsed search and walks it command by command over
// rows that are maps from name to value: no prefilter, no shared predicates, no columns, no account
// of which fields are needed. Written from the semantics (docs/spl.md), apart from core/match,
// core/pipeline and core/detect, so that the engine and the twin can be held against each other.
//
// Shared with the engine on purpose: parser, macro expansion, the maps that decode events, times,
// numbers in text and address blocks of core/base. Regular expressions are PCRE2's in both.
//
// Lifetime: the catalog and the events of a World must outlive every run. Nothing is shared between
// runs: one thread a run. Everything is kept in memory; it is for tests.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/timestamp.hpp"
#include "catalog/catalog.hpp"
#include "event/value.hpp"
#include "spl/ast.hpp"

namespace escudo::twin {

using event::Value;
using Fields = std::map<std::string, Value>;  // null values are not in it

// A record, named by its place in the order of reading.
struct Record {
  base::Time time{};
  std::uint64_t number = 0;
  auto operator<=>(const Record&) const = default;
};

struct Row {
  Fields fields;
  std::set<Record> records;  // behind it

  const Value& get(const std::string& name) const;
  void set(const std::string& name, Value value);  // null removes
};
using Rows = std::vector<Row>;

// An event as a data model (or a raw search) sees it.
struct View {
  Fields fields;
  // Other spellings that a base search accepts for a field (source, sourcetype, registry_key_name);
  // rows never show them.
  std::map<std::string, std::vector<std::string>> spellings;
};

struct Event {
  Record record;
  bool in_raw = true;
  View raw;
  std::map<std::string, View> datasets;  // "Endpoint.Processes"
  bool everywhere = false;               // every dataset sees the raw view: for text tests
};

struct World {
  const catalog::Catalog* catalog = nullptr;
  const std::vector<Event>* events = nullptr;
  base::Time now{};
  std::uint64_t filter_rows = 10'000;  // rows of a subsearch that is a filter
  std::uint64_t subsearch_rows = 50'000;
};

struct Answer {
  std::string problem;  // why there are no rows: it does not parse, or the twin lacks a construct
  Rows rows;
  bool ordered = false;  // the search itself puts its rows in order
  bool ok() const { return problem.empty(); }
};

// A search made ready: macros expanded, text parsed. Runs over any world with the same catalog.
class Search {
 public:
  Search(const std::string& text, const catalog::Catalog& catalog);
  const std::string& problem() const { return problem_; }
  Answer run(const World& world) const;
  const spl::Pipeline* pipeline() const { return pipeline_.get(); }

 private:
  std::string problem_;
  spl::PipelinePtr pipeline_;
};

// Both steps at once.
Answer run(const std::string& text, const World& world);

}  // namespace escudo::twin
