#pragma once
// Interpreter: the commands of one search over one world. Private to the twin; twin.hpp is its face.
// What a search asks that the twin does not know is thrown as Unfit and caught in Search::run.

#include <set>
#include <string>

#include "twin.hpp"

namespace escudo::twin {

struct Unfit {
  std::string reason;
};

class Interpreter {
 public:
  explicit Interpreter(const World& world) : world_(world) {}

  // A search of its own: its first command makes the rows.
  Rows search(const spl::Pipeline& pipeline);
  // The commands from `first` on over rows that are there.
  Rows apply(const spl::Pipeline& pipeline, std::size_t first, Rows rows);
  const World& world() const { return world_; }

  // The verbs, one function each; run.cpp calls them.
  Rows operator()(const spl::Search&, Rows);
  Rows operator()(const spl::Where&, Rows);
  Rows operator()(const spl::Eval&, Rows);
  Rows operator()(const spl::Stats&, Rows);
  Rows operator()(const spl::Rename&, Rows);
  Rows operator()(const spl::Convert&, Rows);
  Rows operator()(const spl::Rex&, Rows);
  Rows operator()(const spl::Regex&, Rows);
  Rows operator()(const spl::Lookup&, Rows);
  Rows operator()(const spl::InputLookup&, Rows);
  Rows operator()(const spl::OutputLookup&, Rows rows) { return rows; }
  Rows operator()(const spl::Join&, Rows);
  Rows operator()(const spl::Append&, Rows);
  Rows operator()(const spl::AppendPipe&, Rows);
  Rows operator()(const spl::AppendCols&, Rows);
  Rows operator()(const spl::Multisearch&, Rows);
  Rows operator()(const spl::Map&, Rows);
  Rows operator()(const spl::Bin&, Rows);
  Rows operator()(const spl::Timechart&, Rows);
  Rows operator()(const spl::Table&, Rows);
  Rows operator()(const spl::Fields&, Rows);
  Rows operator()(const spl::FillNull&, Rows);
  Rows operator()(const spl::MvExpand&, Rows);
  Rows operator()(const spl::MvCombine&, Rows);
  Rows operator()(const spl::NoMv&, Rows);
  Rows operator()(const spl::MakeMv&, Rows);
  Rows operator()(const spl::Dedup&, Rows);
  Rows operator()(const spl::Sort&, Rows);
  Rows operator()(const spl::Head&, Rows);
  Rows operator()(const spl::Tail&, Rows);
  Rows operator()(const spl::Reverse&, Rows);
  Rows operator()(const spl::Spath&, Rows);
  Rows operator()(const spl::XmlKv&, Rows);
  Rows operator()(const spl::Foreach&, Rows);
  Rows operator()(const spl::Replace&, Rows);
  Rows operator()(const spl::Transaction&, Rows);
  Rows operator()(const spl::AddTotals&, Rows);
  Rows operator()(const spl::MakeResults&, Rows);
  Rows operator()(const spl::Tstats&, Rows);
  Rows operator()(const spl::From&, Rows);
  Rows operator()(const spl::Noop&, Rows rows) { return rows; }
  template <class Other>
  Rows operator()(const Other&, Rows) {
    throw Unfit{"the twin does not know this command"};
  }

 private:
  // The events a dataset ("" is raw) shows that pass the filter, newest first.
  Rows events(const std::string& dataset, const spl::SearchExpr& filter);
  // Subsearches of a filter run, their rows in their place.
  spl::SearchExpr resolved(const spl::SearchExpr& expr);
  Rows subsearch(const spl::Pipeline& pipeline);

  const World& world_;
};

// Names of the fields that some row has.
std::set<std::string> names_of(const Rows& rows);
// Names against a wildcard, with case; `stood` gets what each '*' stood for (the first as short as
// it can be).
bool name_matches(const std::string& pattern, const std::string& name,
                  std::vector<std::string>* stood = nullptr);
// The new name of `name` under `from` AS `to`.
std::string name_from(const std::string& to, const std::vector<std::string>& stood);
double seconds_of(const spl::TimeSpan& span);
double floored(double time, const spl::TimeSpan& span);
// Numbers by size, before texts byte by byte; null last.
int order(const Value& a, const Value& b);

}  // namespace escudo::twin
