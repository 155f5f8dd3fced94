// lookup: columns of a table beside the row. Each value of a multivalued key is looked up for
// itself, and the results follow one another in that order; several matching rows give their values
// in the order of the file. A row that lacks a key is left alone. OUTPUT overwrites (with nothing,
// where nothing matched), OUTPUTNEW fills only what is null.
#include <algorithm>

#include "base/text.hpp"
#include "pipeline/ops/lookup_source.hpp"
#include "pipeline/ops/multivalue.hpp"

namespace escudo::pipeline {
namespace {

// Values of one row times keys: a row of hostile multivalues must not multiply without end.
constexpr std::size_t kMostTuples = 10'000;
// Remembered results: enough for the process names of a fleet, a few MB.
constexpr std::size_t kRemembered = 16'384;

class Lookup final : public Operator {
 public:
  Lookup(const spl::Lookup& verb, LookupSource source, const Context& context)
      : verb_(verb), source_(std::move(source)), context_(&context) {}

  void prepare(const Build& build) {
    const LookupTable& table = *source_.table;
    std::vector<std::string> keys;
    bool complete = source_.absence.empty();
    for (const spl::FieldPair& key : verb_.keys) {
      keys.push_back(key.from);
      complete = has_column(key, build) && complete;
    }
    if (complete) index_ = source_.store(*context_).index(source_.definition, keys);
    if (verb_.outputs.empty()) {
      for (const std::string& column : table.columns)
        if (std::find(keys.begin(), keys.end(), column) == keys.end())
          verb_.outputs.push_back({column, column, {}});
    } else {
      for (const spl::FieldPair& output : verb_.outputs) has_column(output, build);
    }
    for (const spl::FieldPair& output : verb_.outputs) columns_.push_back(table.find(output.from));
  }

  Table push(Table rows) override {
    if (!source_.absence.empty()) context_->say_of_all(source_.absence);
    std::vector<std::size_t> keys, targets;
    for (const spl::FieldPair& key : verb_.keys) keys.push_back(rows.find(key.to));
    for (const spl::FieldPair& output : verb_.outputs)
      targets.push_back(rows.add_column(output.to));
    for (Row& row : rows.rows) look_up(rows, row, keys, targets);
    return rows;
  }

 private:
  // An absent table has no columns to compare with.
  bool has_column(const spl::FieldPair& pair, const Build& build) const {
    if (!source_.absence.empty() || source_.table->find(pair.from) != LookupTable::npos)
      return true;
    const std::string near = base::nearest(pair.from, source_.table->columns);
    build.problems.push_back({pair.span, "unknown-lookup-column",
                              "lookup " + verb_.table + " has no column " + pair.from,
                              near.empty() ? std::string() : "did you mean `" + near + "`?",
                              base::Severity::warning});
    return false;
  }

  void look_up(const Table& rows, Row& row, const std::vector<std::size_t>& keys,
               const std::vector<std::size_t>& targets) {
    std::vector<std::vector<std::string>> tuples{{}};
    for (std::size_t key : keys) {
      const Value::Many values = rows.cell(row, key).values();
      std::vector<std::vector<std::string>> next;
      for (const auto& tuple : tuples)
        for (const std::string& value : values) {
          if (next.size() == kMostTuples) break;
          next.push_back(tuple);
          next.back().push_back(value);
        }
      tuples = std::move(next);
    }
    if (tuples.empty()) return;
    std::vector<Value::Many> outputs(targets.size());
    for (const auto& tuple : tuples) {
      const std::vector<std::uint32_t>& found = matches(tuple);
      for (std::size_t k = 0; k < targets.size(); ++k) {
        for (std::uint32_t r : found)
          if (columns_[k] != LookupTable::npos && !source_.table->rows[r][columns_[k]].empty())
            outputs[k].push_back(source_.table->rows[r][columns_[k]]);
        const auto least = static_cast<std::size_t>(source_.definition.min_matches);
        if (!source_.definition.default_match.empty())
          for (std::size_t n = found.size(); n < least; ++n)
            outputs[k].push_back(source_.definition.default_match);
      }
    }
    for (std::size_t k = 0; k < targets.size(); ++k) {
      Value& cell = row.cells[targets[k]];
      if (verb_.overwrite || cell.is_null()) cell = Value::many(std::move(outputs[k]));
    }
  }

  const std::vector<std::uint32_t>& matches(const std::vector<std::string>& tuple) {
    static const std::vector<std::uint32_t> none;
    if (!index_) return none;
    std::string key;
    for (const std::string& value : tuple) append_key(key, Value(value));
    if (remembered_.size() >= kRemembered) remembered_.clear();
    const auto [at, fresh] = remembered_.try_emplace(std::move(key));
    if (fresh)
      index_->find(tuple, static_cast<std::size_t>(std::max(source_.definition.max_matches, 1)),
                   at->second);
    return at->second;
  }

  spl::Lookup verb_;
  LookupSource source_;
  const Context* context_;
  std::shared_ptr<const LookupIndex> index_;
  std::vector<std::size_t> columns_;  // of the outputs, in the table
  std::unordered_map<std::string, std::vector<std::uint32_t>> remembered_;
};

}  // namespace

OperatorPtr make_lookup(const spl::Lookup& verb, const Build& build) {
  const std::size_t problems = build.problems.size();
  OperatorPtr builtin = make_builtin_lookup(verb, build);
  if (builtin || build.problems.size() > problems) return builtin;
  auto out = std::make_unique<Lookup>(verb, find_lookup(verb.table, verb.table_span, build),
                                      build.context);
  out->prepare(build);
  return out;
}

}  // namespace escudo::pipeline
