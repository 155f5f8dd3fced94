#pragma once
// The shape of a parsed search: a pipeline is a list of commands, one struct a verb.
//
// Two expression languages live here, as in SPL: SearchExpr (base search, tstats WHERE, `search`:
// literals on the right, OR binds tighter than AND) and Expr (eval, where: values on both sides, AND
// before OR). Literal text is already unescaped; where a '*' stands in a search literal it is a wildcard.
//
// Value types, immutable after parsing; share freely. Spans point into the expanded search text.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/diagnostic.hpp"

namespace escudo::spl {

using base::Span;

struct Pipeline;
using PipelinePtr = std::shared_ptr<const Pipeline>;

// ---- search expressions -----------------------------------------------------------------------

enum class Comparison { equal, not_equal, less, less_equal, greater, greater_equal };

struct SearchExpr {
  enum class Kind {
    everything,   // `*`, or nothing at all
    all_of,       // AND of parts
    any_of,       // OR of parts
    none_of,      // NOT parts[0]
    compare,      // field <comparison> patterns[0]
    member,       // field IN (patterns)
    term,         // bare word or phrase patterns[0] over _raw
    subsearch,    // [ … ]: its rows become a filter
  };
  Kind kind = Kind::everything;
  std::vector<SearchExpr> parts;
  std::string field;
  Comparison comparison = Comparison::equal;
  std::vector<std::string> patterns;
  bool quoted = false;          // a term written in quotes is a phrase
  bool case_sensitive = false;  // CASE(…)
  PipelinePtr subsearch;
  Span span;
};

// ---- eval expressions -------------------------------------------------------------------------

struct Expr {
  enum class Kind {
    number, string, field,
    call,      // function `text` of args; IN, LIKE and true/false/null literals too
    negate,    // -args[0]
    logical_not,
    binary,    // args[0] <op> args[1]
  };
  enum class Op {
    none, add, subtract, multiply, divide, modulo, concat,
    equal, not_equal, less, less_equal, greater, greater_equal, logical_and, logical_or, logical_xor
  };
  Kind kind = Kind::number;
  Op op = Op::none;
  double number = 0;
  std::string text;      // string value, field name, function name in lower case
  std::vector<Expr> args;
  Span span;
};

// ---- pieces several verbs share ---------------------------------------------------------------

// One aggregate: func(field) or func(eval(expr)) or bare count, and what its column is called.
struct Aggregate {
  std::string function;           // lower case: count, dc, values, p50 …; "perc" with argument
  double argument = 0;            // the N of percN
  std::string field;              // "" for count without a field; may be a wildcard (`values(*)`)
  std::optional<Expr> expression; // of eval(…)
  std::string output;             // the AS name, or what Splunk calls it: "count", "dc(user)"
  bool named = false;             // an AS was written
  Span span;
};

// span=5m, span=1h@h; `unit` in seconds, or calendar months
struct TimeSpan {
  std::int64_t microseconds = 0;
  int months = 0;
  bool operator==(const TimeSpan&) const = default;
};

struct FieldPair {                // old AS new, field AS column
  std::string from, to;
  Span span;
};

struct SortKey {
  std::string field;
  bool descending = false;
  enum class As { automatic, text, number, ip } as = As::automatic;
};

// ---- verbs ------------------------------------------------------------------------------------

struct Search { SearchExpr expr; };

struct Tstats {
  std::vector<Aggregate> aggregates;
  std::string model;              // "Endpoint"
  std::string dataset;            // "Processes"; "" when only the model was named
  SearchExpr where;
  std::vector<std::string> by;    // with the dataset's prefix, in order; "_time" among them
  std::optional<TimeSpan> time_span;
  std::optional<std::string> fill_null;
  bool prestats = false, append = false;
  Span model_span;
};

struct Where { Expr expr; };
struct Assignment { std::string field; Expr expr; Span span; };
struct Eval { std::vector<Assignment> assignments; };

struct Stats {
  enum class Mode { stats, eventstats, streamstats };
  Mode mode = Mode::stats;
  std::vector<Aggregate> aggregates;
  std::vector<std::string> by;
  // streamstats only
  int window = 0;                 // 0 = all rows so far
  bool current = true;
  bool global = true;
  std::optional<TimeSpan> time_window;
  bool reset_on_change = false;
};

struct Rename { std::vector<FieldPair> pairs; };

struct Convert {
  std::string time_format = "%m/%d/%Y %H:%M:%S";
  struct Item { std::string function; std::string field; std::string output; Span span; };
  std::vector<Item> items;        // field may be a wildcard
};

struct Rex {
  std::string field = "_raw";
  std::string pattern;            // PCRE, or the sed script
  bool sed = false;
  int max_match = 1;              // 0 = no limit
  std::string offset_field;
  Span pattern_span;
};
struct Regex { std::string field = "_raw"; std::string pattern; bool negated = false; Span pattern_span; };

struct Lookup {
  std::string table;
  std::vector<FieldPair> keys;     // table column AS event field
  std::vector<FieldPair> outputs;  // table column AS event field; empty: all non-key columns
  bool overwrite = true;           // OUTPUT; false for OUTPUTNEW
  bool update = false, local = false;
  Span table_span;
};
struct InputLookup {
  std::string table;
  std::optional<SearchExpr> where;
  bool append = false;
  std::int64_t start = 0;
  std::int64_t max = 0;            // 0 = no limit
  Span table_span;
};
struct OutputLookup { std::string table; Span table_span; };

struct Join {
  enum class Type { inner, left };
  Type type = Type::inner;
  std::vector<std::string> fields;  // empty: all fields both sides share
  std::int64_t max = 1;             // 0 = no limit
  bool overwrite = true;
  bool use_time = false, earlier = true;
  PipelinePtr right;
};
struct Append { PipelinePtr pipeline; std::int64_t max_rows = 0; };   // 0: the subsearch limit
struct AppendPipe { PipelinePtr pipeline; bool run_in_preview = false; };
struct AppendCols { PipelinePtr pipeline; bool overwrite = false; std::int64_t max_rows = 0; };
struct Multisearch { std::vector<PipelinePtr> pipelines; };   // and union
struct Map {
  std::string search;               // text, expanded when it runs, $field$ tokens inside
  std::int64_t max_searches = 10;
  Span search_span;
};

struct Bin {
  std::string field, output;
  std::optional<TimeSpan> time_span;
  std::optional<double> span;
  int bins = 100;
  std::optional<double> start, end;
};
struct Timechart {
  std::optional<TimeSpan> span;
  int bins = 100;
  std::int64_t limit = 10;          // series; 0 = all
  bool use_other = true, use_null = true, cont = true, partial = true;
  std::string other_name = "OTHER", null_name = "NULL";
  std::vector<Aggregate> aggregates;
  std::string by;
};
struct Chart {
  std::vector<Aggregate> aggregates;
  std::string over, by;
  std::optional<Bin> bin;           // span= or bins=, for the field of the rows
  std::int64_t limit = 10;
  bool use_other = true, use_null = true;
  std::string other_name = "OTHER", null_name = "NULL";
};
struct Top {                         // top, rare
  bool rare = false;
  std::int64_t limit = 10;
  std::vector<std::string> fields, by;
  bool show_count = true, show_percent = true, use_other = false;
  std::string count_field = "count", percent_field = "percent", other_name = "OTHER";
};

struct Table { std::vector<std::string> fields; };   // wildcards allowed
struct Fields { std::vector<std::string> fields; bool remove = false; };
struct FillNull { std::string value = "0"; std::vector<std::string> fields; };
struct MvExpand { std::string field; std::int64_t limit = 0; };
struct MvCombine { std::string field; std::string delimiter = " "; };
struct NoMv { std::string field; };
struct MakeMv {
  std::string field;
  std::string delimiter = " ";
  std::string tokenizer;             // a regex; its first group is the value
  bool allow_empty = false, set_sv = false;
  Span tokenizer_span;
};
struct Dedup {
  std::vector<std::string> fields;
  std::int64_t keep = 1;
  bool keep_empty = false, keep_events = false, consecutive = false;
  std::vector<SortKey> sort_by;
};
struct Sort { std::vector<SortKey> keys; std::int64_t limit = 10000; bool reverse = false; };
struct Head { std::int64_t count = 10; std::optional<Expr> condition; bool keep_last = false, null_is_true = false; };
struct Tail { std::int64_t count = 10; };
struct Reverse {};
struct Spath { std::string input = "_raw"; std::string output; std::string path; };
struct XmlKv { std::string field = "_raw"; };
struct Foreach {
  // What stands for <<FIELD>>, and for <<MATCHSTR>> and <<MATCHSEG1>> …, in `body`.
  static constexpr const char* kField = "x_foreach_field";
  static constexpr const char* kMatch = "x_foreach_match";
  static std::string as_pattern(std::string name);   // with '*' for the stand-ins
  std::vector<std::string> fields;   // wildcards
  PipelinePtr body;                  // parsed once, with the stand-ins
  std::string text;                  // the text between the brackets, <<FIELD>> unreplaced
  Span text_span;
};
struct Replace {
  std::vector<FieldPair> pairs;      // pattern WITH text
  std::vector<std::string> fields;   // empty: every field
};
struct Transaction {
  std::vector<std::string> fields;
  std::optional<SearchExpr> starts_with, ends_with;
  std::optional<Expr> starts_with_eval, ends_with_eval;
  std::optional<TimeSpan> max_span, max_pause;
  std::int64_t max_events = 1000;
  bool connected = true, keep_evicted = false, keep_orphans = false, mv_list = false;
};
struct AddTotals {
  bool row = true, column = false;
  std::string field_name = "Total", label, label_field;
  std::vector<std::string> fields;   // empty: every numeric field
};
struct MakeResults { std::int64_t count = 1; };
struct From { std::string model, dataset; Span model_span; };   // datamodel:"X.Y"
struct Noop { std::string verb; };   // commands that change nothing in a native run (localop, …)
struct Unsupported { std::string verb; std::string reason; };

using Verb = std::variant<Search, Tstats, Where, Eval, Stats, Rename, Convert, Rex, Regex, Lookup,
                          InputLookup, OutputLookup, Join, Append, AppendPipe, AppendCols, Multisearch,
                          Map, Bin, Timechart, Chart, Top, Table, Fields, FillNull, MvExpand, MvCombine,
                          NoMv, MakeMv, Dedup, Sort, Head, Tail, Reverse, Spath, XmlKv, Foreach, Replace,
                          Transaction, AddTotals, MakeResults, From, Noop, Unsupported>;

struct Command {
  std::string name;   // as written, lower case
  Verb verb;
  Span span;          // from the verb to the end of its arguments
};

// The first command makes rows (Search, Tstats, InputLookup, From, MakeResults) except in the body of
// appendpipe and foreach, which start from the rows they are given.
struct Pipeline {
  std::vector<Command> commands;
  Span span;
};

}  // namespace escudo::spl
