#pragma once
// Plan: what a parsed search asks of the world. Every base search in it (its own, those of joins,
// appends and subsearch filters) becomes a Feed: which events, and which of their fields.
//
//   search --expand--> text --parse--> Pipeline --plan--> Plan { feeds, pipeline tree }
//
// Immutable after planning; the pipeline room compiles its operators from it.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "spl/ast.hpp"
#include "spl/flow.hpp"
#include "spl/macro.hpp"

namespace escudo::spl {

// One base search: the events of a dataset (or raw ones) that a filter lets through.
struct Feed {
  std::string dataset;        // "Endpoint.Processes"; "" for raw events
  std::string prefix;         // how the search writes its fields: "Processes."
  SearchExpr filter;          // over plain names, prefix taken off; subsearch terms count as true
  bool has_subsearch = false; // the whole filter must be looked at again once subsearches are known
  SearchExpr whole_filter;    // as written, with subsearches, when has_subsearch
  FieldNeeds needs;           // plain names
  std::map<std::string, std::string> plain;   // field as the search writes it -> plain name, where they differ
  Span span;
};

// A pipeline of the plan: where its rows come from and what is done with them.
struct PlannedPipeline {
  enum class Rows {
    feed,       // feeds[feed]
    lookup,     // inputlookup: commands[0] makes the rows
    generated,  // makeresults, multisearch: commands[0] makes the rows
    given,      // appendpipe: the rows of the outer pipeline
  };
  Rows rows = Rows::feed;
  std::size_t feed = 0;
  PipelinePtr pipeline;
  std::size_t first = 0;      // commands before it are part of the feed
  // Sub-pipelines, in the order their brackets stand in the text: join, append, appendpipe, filters.
  std::vector<std::unique_ptr<PlannedPipeline>> children;
  std::vector<Span> child_spans;   // of the bracketed pipelines, same order

  const PlannedPipeline* child_of(const PipelinePtr& pipeline) const;
};

struct Plan {
  std::string original;               // the rule's search
  ExpandedText expanded;
  PipelinePtr pipeline;
  std::vector<Feed> feeds;
  std::unique_ptr<PlannedPipeline> root;
  std::vector<std::string> columns;   // of the result, as far as known
  bool columns_known = false;         // false: raw rows, spath, map …: any column may come
  std::vector<std::string> macros;
};

// Expands, parses and plans. Null when something is wrong; `problems` (spans in terms of `search`)
// then holds at least one error. Warnings may come with a plan.
std::unique_ptr<Plan> make_plan(const std::string& search, const catalog::Catalog& catalog,
                                std::vector<TextProblem>& problems);

std::string print(const Plan& plan);

}  // namespace escudo::spl
