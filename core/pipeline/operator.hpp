#pragma once
// Operator: one verb at work. Rows come in chunks; row-wise verbs hand them on at once, others keep
// them until finish(). An operator belongs to one search of one run and to one thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/clock.hpp"
#include "base/text_hash.hpp"
#include "catalog/catalog.hpp"
#include "pipeline/row.hpp"
#include "pipeline/views.hpp"
#include "spl/plan.hpp"

namespace escudo::pipeline {

class GroupStates;
class LookupStore;
class StateBudget;

// Bounds of one search. Arithmetic beside each.
struct Limits {
  std::uint64_t subsearch_rows = 50'000;  // Splunk's own limit for join; 10,000 for filters
  std::uint64_t filter_rows = 10'000;
  std::uint64_t sort_rows = 10'000;
  std::uint32_t regex_match_steps = 1'000'000;  // PCRE2 match limit: about 20 ms of backtracking
  std::uint32_t regex_depth = 10'000;
  std::uint64_t list_values = 100;  // Splunk keeps the first 100 of list()
  std::size_t data_columns =
      1'000;  // columns named by data (spath, xmlkv, eval "x{y}") a verb may add
  // Of raw rows the names of their columns come from the data, too. So many any search has, and more
  // while its rows times its columns stay below event_cells (about 200 MB).
  std::size_t event_columns = 256;
  std::size_t event_cells = 8'000'000;
  std::size_t state_bytes = 64u << 20;    // of all that the verbs of a search hold (state_budget.hpp)
  std::size_t document_bytes = 4u << 20;  // spath and xmlkv pass over longer values
  int document_depth = 100;               // nesting of XML and JSON that spath follows
  std::size_t chart_cells = 5'000'000;    // of chart and timechart: about 120 MB
};

// What operators may ask of the run they are part of. Outlives them.
struct Context {
  const catalog::Catalog* catalog = nullptr;
  const base::Clock* clock = nullptr;  // asked when an expression runs, never before
  Limits limits;
  std::string search;  // the detection's name, for what is said of it; may be empty
  // Said once per text: "lookup x is empty: …". May be empty.
  std::function<void(const std::string&)> warn;
  // Lookup tables, loaded once and shared between searches. Null: each lookup loads its own.
  LookupStore* lookups = nullptr;
  // What its verbs may hold, of limits.state_bytes. Null: no bound.
  StateBudget* state = nullptr;
  // Runs another search over the events of this run, to its end: what map needs. Problems are in
  // terms of the search's own text. Null: this run cannot, and map is unsupported in it.
  std::function<Table(const std::string& search, std::vector<spl::TextProblem>& problems)>
      run_search;

  // Something about this search: "Suspicious wmic: sort: …".
  void say(const std::string& text) const {
    if (warn) warn(search.empty() ? text : search + ": " + text);
  }
  // Something that many searches share, such as a table that is not there.
  void say_of_all(const std::string& text) const {
    if (warn) warn(text);
  }
};

// Only rows with one of these texts under a name are wanted; rows with none or several values count as
// wanted, too.
using Keys = std::unordered_set<std::string, base::TextHash, std::equal_to<>>;
struct Wanted {
  std::string name;
  std::shared_ptr<const Keys> keys;
};

class Operator {
 public:
  virtual ~Operator() = default;
  // Takes a chunk of rows, gives the rows that are ready.
  virtual Table push(Table rows) = 0;
  // The same for rows that still lie in their batch: what is kept must be copied.
  virtual Table push_views(const Views& rows) { return push(rows.table()); }
  // Asked once, before any row of an input that is all there: false when every row it may be given
  // would be dropped, so that nobody need make them. `expected`: how many rows are read for it, roughly.
  virtual bool wants_rows(std::uint64_t expected) {
    (void)expected;
    return true;
  }
  // Asked after that: which rows it wants at all.
  virtual std::vector<Wanted> wanted() { return {}; }
  // Adds a hash of the group of each row that lies in its batch, and to `more` for rows of several
  // groups. False when it is no grouping.
  virtual bool count_groups(const Views& rows, std::unordered_set<std::uint64_t>& groups, std::uint64_t& more) {
    (void)rows, (void)groups, (void)more;
    return false;
  }
  // No more rows will come: gives the rest.
  virtual Table finish() { return {}; }
  // The same in pieces, so that nobody need hold all of it; at least one, be it without rows.
  using Give = std::function<void(Table)>;
  virtual void finish_into(const Give& give) { give(finish()); }
  // Of stats and tstats, where their groups can be told while rows still come; null for the rest.
  virtual GroupStates* groups() { return nullptr; }
};

// A pipeline of operators. Sub-pipelines are streams of their own, owned by the operator that needs
// them.
class Stream {
 public:
  // Fails with a problem (span in terms of the expanded text) when a verb cannot be built: a bad
  // regular expression, an unknown function. `plan` and `context` must outlive the stream.
  static std::unique_ptr<Stream> build(const spl::Plan& plan, const spl::PlannedPipeline& planned,
                                       const Context& context,
                                       std::vector<spl::TextProblem>& problems);

  void push(Table rows);  // rows of this stream's own feed
  void push(const Views& rows);
  Table finish();         // once
  // Where the rows of the feed are to be had when finish() asks for them: it calls `take` for those
  // that are wanted, by plain names, and may leave out others. About `rows` of them. May be asked
  // several times.
  using Take = std::function<void(const Views&)>;
  using Source = std::function<void(const std::vector<Wanted>&, const Take& take)>;
  void read_from(Source source, std::uint64_t rows) {
    source_ = std::move(source);
    expected_ = rows;
  }
  // Rows read for it, of its own feed.
  std::uint64_t expected() const { return expected_; }
  // Before finish(): of the rows that finish() gives only such are wanted, and no more than `most`
  // would come if all were. False where that is not certain, or not known of the name's column: then
  // all come.
  bool want_only(const std::vector<Wanted>& wanted, std::uint64_t most);
  // The streams that read feeds, this one and its children, by feed number.
  void collect(std::vector<Stream*>& by_feed);
  Table take_ready();  // rows that left the last operator so far

  // For searches that never end. The groups of the first grouping, null when there is none; and what
  // the operators after it make of rows of it.
  GroupStates* groups();
  Table pass_groups(Table rows);

 private:
  friend class Builder;
  Table run_from(std::size_t first, Table rows);
  std::vector<std::unique_ptr<Operator>> operators_;
  std::vector<Stream*> children_;  // owned by the operators that wait for them
  // The columns that decide `wanted` behind `end` operators, as the source names them.
  std::vector<Wanted> at_source(const std::vector<Wanted>& wanted, std::size_t end) const;
  // The column of the source that is this one behind `end` operators, value for value.
  std::optional<std::string> source_column(std::string name, std::size_t end) const;
  std::size_t feed_ = static_cast<std::size_t>(-1);
  const spl::Feed* planned_feed_ = nullptr;
  std::vector<const spl::Command*> commands_;   // by operator; null: it only orders or drops rows
  Source source_;
  std::uint64_t expected_ = 0;
  std::vector<Wanted> wanted_;                  // at the source
  Table ready_;
};

}  // namespace escudo::pipeline
