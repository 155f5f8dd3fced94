#pragma once
// One operator a verb, each in the file named after it. Registered in build.cpp.

#include <memory>

#include "pipeline/operator.hpp"

namespace escudo::pipeline {

// What a verb needs to know to build its operator.
struct Build {
  const spl::Plan& plan;
  const spl::Feed* feed = nullptr;  // of this pipeline, where it has one
  const Context& context;
  std::vector<spl::TextProblem>& problems;
  base::Span span = {};        // of the command
  bool order_matters = false;  // a later verb asks which row comes first
  // Hands over the stream of a bracketed sub-pipeline; `ordered`: its raw events come out newest
  // first.
  std::function<std::unique_ptr<Stream>(const spl::PipelinePtr&, bool ordered)> child = {};

  void fail(base::Span where, std::string code, std::string message, std::string hint = {}) const;
};

using OperatorPtr = std::unique_ptr<Operator>;  // null after a problem

OperatorPtr make_search(const spl::Search&, const Build&);
OperatorPtr make_late_filter(const spl::SearchExpr&,
                             const Build&);  // a filter that waits for subsearches
OperatorPtr make_tstats(const spl::Tstats&, const Build&);
OperatorPtr make_stats(const spl::Stats&, const Build&);
OperatorPtr make_streamstats(const spl::Stats&, const Build&);
OperatorPtr make_rename(const spl::Rename&, const Build&);
OperatorPtr make_convert(const spl::Convert&, const Build&);
OperatorPtr make_table(const spl::Table&, const Build&);
OperatorPtr make_fields(const spl::Fields&, const Build&);
OperatorPtr make_where(const spl::Where&, const Build&);
OperatorPtr make_eval(const spl::Eval&, const Build&);
OperatorPtr make_rex(const spl::Rex&, const Build&);
OperatorPtr make_regex(const spl::Regex&, const Build&);
OperatorPtr make_lookup(const spl::Lookup&, const Build&);
OperatorPtr make_inputlookup(const spl::InputLookup&, const Build&);
OperatorPtr make_outputlookup(const spl::OutputLookup&, const Build&);
OperatorPtr make_join(const spl::Join&, const Build&);
OperatorPtr make_append(const spl::Append&, const Build&);
OperatorPtr make_appendpipe(const spl::AppendPipe&, const Build&);
OperatorPtr make_appendcols(const spl::AppendCols&, const Build&);
OperatorPtr make_multisearch(const spl::Multisearch&, const Build&);
OperatorPtr make_map(const spl::Map&, const Build&);
OperatorPtr make_bin(const spl::Bin&, const Build&);
OperatorPtr make_timechart(const spl::Timechart&, const Build&);
OperatorPtr make_chart(const spl::Chart&, const Build&);
OperatorPtr make_top(const spl::Top&, const Build&);
OperatorPtr make_fillnull(const spl::FillNull&, const Build&);
OperatorPtr make_mvexpand(const spl::MvExpand&, const Build&);
OperatorPtr make_mvcombine(const spl::MvCombine&, const Build&);
OperatorPtr make_nomv(const spl::NoMv&, const Build&);
OperatorPtr make_makemv(const spl::MakeMv&, const Build&);
OperatorPtr make_dedup(const spl::Dedup&, const Build&);
OperatorPtr make_sort(const spl::Sort&, const Build&);
OperatorPtr make_head(const spl::Head&, const Build&);
OperatorPtr make_tail(const spl::Tail&, const Build&);
OperatorPtr make_reverse(const spl::Reverse&, const Build&);
OperatorPtr make_spath(const spl::Spath&, const Build&);
OperatorPtr make_xmlkv(const spl::XmlKv&, const Build&);
OperatorPtr make_foreach(const spl::Foreach&, const Build&);
OperatorPtr make_replace(const spl::Replace&, const Build&);
OperatorPtr make_transaction(const spl::Transaction&, const Build&);
OperatorPtr make_addtotals(const spl::AddTotals&, const Build&);
OperatorPtr make_makeresults(const spl::MakeResults&, const Build&);

// The operators of a pipeline that has no brackets of its own and starts from the rows it is given:
// the body of foreach. Empty after a problem.
std::vector<OperatorPtr> make_body(const spl::Pipeline&, const spl::Plan&, const Context&,
                                   std::vector<spl::TextProblem>&);

// An operator that works row by row or on the columns: `work` changes a chunk in place.
template <class Work>
class RowWise final : public Operator {
 public:
  explicit RowWise(Work work) : work_(std::move(work)) {}
  Table push(Table rows) override {
    work_(rows);
    return rows;
  }

 private:
  Work work_;
};
template <class Work>
OperatorPtr row_wise(Work work) {
  return std::make_unique<RowWise<Work>>(std::move(work));
}

// An operator that must see all rows first: `work` changes the whole table.
template <class Work>
class WholeTable final : public Operator {
 public:
  explicit WholeTable(Work work) : work_(std::move(work)) {}
  Table push(Table rows) override {
    all_.append(std::move(rows));
    return {};
  }
  Table finish() override {
    work_(all_);
    return std::move(all_);
  }

 private:
  Work work_;
  Table all_;
};
template <class Work>
OperatorPtr whole_table(Work work) {
  return std::make_unique<WholeTable<Work>>(std::move(work));
}

}  // namespace escudo::pipeline
