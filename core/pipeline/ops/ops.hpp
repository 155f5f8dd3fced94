#pragma once
// One operator a verb, each in the file named after it. Registered in build.cpp.

#include <memory>

#include "pipeline/operator.hpp"

namespace escudo::pipeline {

// What a verb needs to know to build its operator.
struct Build {
  const spl::Plan& plan;
  const spl::Feed* feed = nullptr;              // of this pipeline, where it has one
  const Context& context;
  std::vector<spl::TextProblem>& problems;
  base::Span span;                              // of the command
  // Hands over the stream of a bracketed sub-pipeline.
  std::function<std::unique_ptr<Stream>(const spl::PipelinePtr&)> child;

  void fail(base::Span where, std::string code, std::string message, std::string hint = {}) const;
};

using OperatorPtr = std::unique_ptr<Operator>;   // null after a problem

OperatorPtr make_search(const spl::Search&, const Build&);
OperatorPtr make_late_filter(const spl::SearchExpr&, const Build&);   // a filter that waits for subsearches
OperatorPtr make_tstats(const spl::Tstats&, const Build&);
OperatorPtr make_stats(const spl::Stats&, const Build&);
OperatorPtr make_rename(const spl::Rename&, const Build&);
OperatorPtr make_convert(const spl::Convert&, const Build&);
OperatorPtr make_table(const spl::Table&, const Build&);
OperatorPtr make_fields(const spl::Fields&, const Build&);

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
OperatorPtr row_wise(Work work) { return std::make_unique<RowWise<Work>>(std::move(work)); }

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
OperatorPtr whole_table(Work work) { return std::make_unique<WholeTable<Work>>(std::move(work)); }

}  // namespace escudo::pipeline
