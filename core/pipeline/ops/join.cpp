// join: beside each row, the rows of a subsearch with the same key. Keys are compared as text, case
// and all; a row that lacks one joins nothing. Of equal right rows the first `max` count. The right
// side's values win, where it has any, unless overwrite=false. A joined row rests on the records of
// both.
//
// The right side is complete only when the input is, so both sides are held until then: left rows
// as they come, right rows up to the subsearch limit.
#include <algorithm>
#include <unordered_map>

#include "pipeline/ops/multivalue.hpp"
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

class Join final : public Operator {
 public:
  Join(const spl::Join& verb, std::unique_ptr<Stream> right, const Context& context)
      : verb_(verb), stream_(std::move(right)), context_(&context) {}

  Table push(Table rows) override {
    left_.append(std::move(rows));
    return {};
  }

  // The side with fewer rows comes first; of the other one only what can join is made.
  bool wants_rows(std::uint64_t expected) override {
    if (stream_ && stream_->expected() > expected) return true;
    take_right();
    return !right_.rows.empty() || verb_.type == spl::Join::Type::left;
  }

  std::vector<Wanted> wanted() override {
    if (stream_ || verb_.type == spl::Join::Type::left) return {};
    return keys_of(right_);
  }

  Table finish() override {
    if (left_.rows.empty()) return {};
    if (stream_) stream_->want_only(keys_of(left_), context_->limits.subsearch_rows);
    take_right();
    if (verb_.fields.empty()) share_fields();
    index_right();
    return joined();
  }

 private:
  void take_right() {
    if (!stream_) return;
    right_ = stream_->finish();
    stream_.reset();
    const std::uint64_t limit = context_->limits.subsearch_rows;
    if (right_.rows.size() > limit) {
      context_->say("join: a subsearch gave " + std::to_string(right_.rows.size()) +
                    " rows; the first " + std::to_string(limit) + " are used, as in Splunk");
      right_.rows.resize(limit);
    }
  }

  // What the fields of one side hold, each for itself.
  std::vector<Wanted> keys_of(const Table& table) const {
    std::vector<Wanted> out;
    for (const std::string& field : verb_.fields) {
      auto keys = std::make_shared<Keys>();
      const std::size_t column = table.find(field);
      for (const Row& row : table.rows)
        if (const Value& cell = table.cell(row, column); !cell.is_null()) keys->insert(cell.text());
      out.push_back({field, std::move(keys)});
    }
    return out;
  }

  // Without fields the two sides join on all they share; internal fields are no keys.
  void share_fields() {
    for (const std::string& column : left_.columns)
      if (!column.starts_with('_') && right_.find(column) != Table::npos)
        verb_.fields.push_back(column);
  }

  // Nothing when a key is null.
  std::optional<std::string> key_of(const Table& table, const Row& row,
                                    const std::vector<std::size_t>& columns) const {
    std::string key;
    for (std::size_t column : columns) {
      const Value& cell = table.cell(row, column);
      if (cell.is_null()) return {};
      append_key(key, cell);
    }
    return key;
  }

  std::vector<std::size_t> columns_of(const Table& table) const {
    std::vector<std::size_t> out;
    for (const std::string& field : verb_.fields) out.push_back(table.find(field));
    return out;
  }

  void index_right() {
    const auto columns = columns_of(right_);
    for (std::size_t r = 0; r < right_.rows.size(); ++r)
      if (auto key = key_of(right_, right_.rows[r], columns)) by_key_[*key].push_back(r);
  }

  // Whether usetime lets a right row join: not after the left one, or not before it.
  bool in_time(const Row& left, const Row& right) const {
    if (!verb_.use_time) return true;
    const auto a = left_.cell(left, left_time_).number(),
               b = right_.cell(right, right_time_).number();
    if (!a || !b) return false;
    return verb_.earlier ? *b <= *a : *b >= *a;
  }

  Table joined() {
    Table out;
    out.columns = left_.columns;
    out.key = left_.key;
    // Several right rows a left row: both names are needed to tell them apart.
    if (verb_.max != 1) {
      if (left_.key.empty() || right_.key.empty())
        out.key.clear();
      else
        for (const std::string& name : right_.key)
          if (std::find(out.key.begin(), out.key.end(), name) == out.key.end())
            out.key.push_back(name);
    }
    left_time_ = left_.find("_time");
    right_time_ = right_.find("_time");
    const auto keys = columns_of(left_);
    std::vector<std::size_t> place;
    for (const std::string& column : right_.columns) place.push_back(out.add_column(column));
    for (Row& row : left_.rows) {
      const auto key = key_of(left_, row, keys);
      const auto found = key ? by_key_.find(*key) : by_key_.end();
      std::int64_t taken = 0;
      if (found != by_key_.end())
        for (std::size_t r : found->second) {
          if (verb_.max > 0 && taken == verb_.max) break;
          if (!in_time(row, right_.rows[r])) continue;
          out.rows.push_back(merged(row, right_.rows[r], place, out.columns.size()));
          ++taken;
        }
      if (taken == 0 && verb_.type == spl::Join::Type::left) {
        row.cells.resize(out.columns.size());
        out.rows.push_back(std::move(row));
      }
    }
    return out;
  }

  Row merged(const Row& left, const Row& right, const std::vector<std::size_t>& place,
             std::size_t width) const {
    Row out = left;
    out.cells.resize(width);
    for (std::size_t c = 0; c < place.size(); ++c) {
      if (right.cells[c].is_null()) continue;
      Value& cell = out.cells[place[c]];
      if (verb_.overwrite || cell.is_null()) cell = right.cells[c];
    }
    out.evidence.merge(right.evidence);
    return out;
  }

  spl::Join verb_;
  std::unique_ptr<Stream> stream_;
  const Context* context_;
  Table left_, right_;
  std::size_t left_time_ = Table::npos, right_time_ = Table::npos;
  std::unordered_map<std::string, std::vector<std::size_t>> by_key_;
};

}  // namespace

OperatorPtr make_join(const spl::Join& verb, const Build& build) {
  // Which of equal right rows come first shows: in what `max` keeps and in the order of what is joined.
  auto right = build.child(verb.right, true);
  if (!right) return nullptr;
  return std::make_unique<Join>(verb, std::move(right), build.context);
}

}  // namespace escudo::pipeline
