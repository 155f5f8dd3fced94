#pragma once
// Grouping: what tstats, stats and eventstats share: rows fall into groups by their key, aggregates
// gather per group. Kept in a hash map; groups come out sorted by key so that output never depends
// on the order of reading.

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/text_hash.hpp"
#include "pipeline/accumulator.hpp"
#include "pipeline/eval.hpp"
#include "pipeline/group_states.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {

class Grouping final : public GroupStates {
 public:
  // One aggregate with the column it reads.
  struct Part {
    spl::Aggregate aggregate;
    std::string column;                     // "" when it reads none
    std::unique_ptr<Evaluator> expression;  // of eval(…)
    bool passes_null = false;               // null adds nothing to it
    Value nothing;                          // its result of no row
  };
  struct Group {
    const std::string* text = nullptr;  // of the key: its place in the map
    std::uint64_t numbers = 0;          // which of the key's values (of the first 64) came as numbers
    std::vector<std::unique_ptr<Accumulator>> accumulators;   // null: no value yet
    Evidence evidence;
    bool changed = false;               // stands in changed_
  };

  // False after a problem.
  bool prepare(const std::vector<spl::Aggregate>& aggregates, const Build& build);
  // Wildcard aggregates (`values(*)`) name one part a column; expand once the columns are known.
  void expand_wildcards(const std::vector<std::string>& columns,
                        const std::vector<std::string>& by);

  void bind(const std::vector<std::string>& columns);
  // A row into the group of `key`. `time` is its _time.
  Group& add(std::vector<Value> key, const Row& row, std::optional<double> time);

  // The same for rows that lie in their batch, where no aggregate is an expression: nothing is
  // copied for a group that is there already. A part of a key is a text or, for _time, a number.
  struct KeyPart {
    std::string_view text;
    std::optional<double> number;
  };
  bool takes_views() const;
  void bind(const Views& rows);
  void add(std::span<const KeyPart> key, const ViewRow& row);
  // The groups of a row by these columns: none when one is null; several when one has several values.
  void add(const Table& table, const std::vector<std::size_t>& by, const Row& row, std::optional<double> time);

  const std::vector<Part>& parts() const { return parts_; }
  std::vector<Part>& parts() { return parts_; }
  std::vector<Group*> sorted();
  Value result(const Group& group, std::size_t part) const;
  std::vector<Value> key_of(const Group& group) const;
  // The rows of the groups, sorted: key, then results. Takes the groups apart as it goes; `out` has
  // the columns.
  void give_rows(Table out, const Operator::Give& give);
  Group* find(const std::vector<Value>& key);
  bool empty() const { return groups_.empty(); }

  // GroupStates
  void watch(Recall recall) override;
  std::vector<std::string> take_changed() override;
  Table row_of(const std::string& key) const override;
  const Evidence& evidence_of(const std::string& key) const override;
  void save(const std::string& key, base::Packer& out) const override;
  bool restore(const std::string& key) override;
  void forget(const std::string& key) override { groups_.erase(key); }
  std::size_t size() const override { return groups_.size(); }
  // What the columns of the keys are called in the rows that come out.
  void name_keys(std::vector<std::string> names) { key_names_ = std::move(names); }

 private:
  void write_key(const std::vector<Value>& key);
  void write_value(const Value& value);
  Row take_row(Group& group) const;
  Accumulator& accumulator(Group& group, std::size_t part);
  void add_values(Group& group, const Row& row, std::optional<double> time);
  void note_change(const std::string& text, Group& group);
  bool fresh(const std::string& text, Group& group);
  bool load(base::Unpacker& in, Group& group);
  void watch_memory();
  const Context* context_ = nullptr;
  std::uint64_t rows_ = 0, look_at_ = 1u << 16;   // how much is held is looked at ever more rarely
  Limits limits_;
  std::vector<Part> parts_;
  std::vector<std::size_t> columns_;
  std::size_t time_column_ = Table::npos;   // of views
  std::unordered_map<std::string, Group, base::TextHash, std::equal_to<>> groups_;
  std::string key_text_;                    // of the key in hand
  double number_ = 0;                       // a number that was written last, and its text
  std::string number_text_;
  std::vector<std::string> key_names_;
  Recall recall_;                       // set: changes are noted
  std::vector<std::string> changed_;    // each once
};

// The keys of a row by these columns: none when one is null; several when one has several values.
std::vector<std::vector<Value>> keys_of(const Table& table, const Row& row,
                                        const std::vector<std::size_t>& by);
std::vector<std::size_t> find_all(const Table& table, const std::vector<std::string>& names);

// The _time of a row, where the table has it.
std::optional<double> time_of(const Table& table, std::size_t time_column, const Row& row);

}  // namespace escudo::pipeline
