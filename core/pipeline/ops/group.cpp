#include "pipeline/ops/group.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "pipeline/ops/group_key.hpp"
#include "spl/field_names.hpp"

namespace escudo::pipeline {

bool Grouping::prepare(const std::vector<spl::Aggregate>& aggregates, const Build& build) {
  limits_ = build.context.limits;
  context_ = &build.context;
  for (const spl::Aggregate& a : aggregates) {
    Part part;
    part.aggregate = a;
    part.column = a.field;
    if (a.expression) {
      part.expression = Evaluator::compile(*a.expression, build.context, build.problems);
      if (!part.expression) return false;
    }
    const auto accumulator = make_accumulator(a, limits_);
    if (!accumulator) {
      build.fail(a.span, "unknown-aggregate", "aggregate " + a.function + " cannot be computed");
      return false;
    }
    part.nothing = accumulator->result();
    for (const char* function : {"values", "dc", "list", "mode"}) part.passes_null = part.passes_null || a.function == function;
    parts_.push_back(std::move(part));
  }
  return true;
}

void Grouping::expand_wildcards(const std::vector<std::string>& columns,
                                const std::vector<std::string>& by) {
  std::vector<Part> out;
  for (Part& part : parts_) {
    if (part.column.find('*') == std::string::npos) {
      out.push_back(std::move(part));
      continue;
    }
    const spl::FieldPair pair{part.column,
                              part.aggregate.named
                                  ? part.aggregate.output
                                  : part.aggregate.function + "(" + part.column + ")",
                              {}};
    for (const std::string& column : columns) {
      // Splunk's wildcards in stats leave the internal fields and the BY fields alone.
      if (column.starts_with('_') || std::find(by.begin(), by.end(), column) != by.end()) continue;
      auto name = spl::renamed(pair, column);
      if (!name) continue;
      Part one;
      one.aggregate = part.aggregate;
      one.aggregate.output = *name;
      one.aggregate.field = one.column = column;
      one.passes_null = part.passes_null;
      one.nothing = part.nothing;
      out.push_back(std::move(one));
    }
  }
  parts_ = std::move(out);
}

void Grouping::bind(const std::vector<std::string>& columns) {
  columns_.clear();
  for (Part& part : parts_) {
    auto at = std::find(columns.begin(), columns.end(), part.column);
    columns_.push_back(part.column.empty() || at == columns.end()
                           ? Table::npos
                           : static_cast<std::size_t>(at - columns.begin()));
    if (part.expression) part.expression->bind(columns);
  }
}

void Grouping::bind(const Views& rows) {
  columns_.clear();
  for (const Part& part : parts_)
    columns_.push_back(part.column.empty() ? Table::npos : rows.find(part.column));
  time_column_ = rows.find("_time");
}

bool Grouping::takes_views() const {
  return std::all_of(parts_.begin(), parts_.end(), [](const Part& part) {
    return !part.expression && part.column.find('*') == std::string::npos;
  });
}

void Grouping::write_key(const std::vector<Value>& key) {
  key_text_.clear();
  for (const Value& v : key) write_value(v);
}

void Grouping::write_value(const Value& v) {
  if (v.is_text()) {
    write_part(key_text_, v.as_text());
  } else if (v.is_number()) {
    // Buckets of time repeat.
    if (number_text_.empty() || v.as_number() != number_) {
      number_ = v.as_number();
      number_text_ = v.text();
    }
    write_part(key_text_, number_text_);
  } else if (v.is_null()) {
    write_null_part(key_text_);
  } else {
    write_part(key_text_, v.text());
  }
}

namespace {

bool is_number(const Grouping::Group& group, std::size_t k) { return k < 64 && (group.numbers >> k & 1) != 0; }

template <class Take>
void for_each_part(const Grouping::Group& group, const Take& take) {
  std::string_view text = *group.text;
  for (std::size_t k = 0; !text.empty(); ++k) {
    const auto part = take_part(text);
    double number = 0;
    if (!part) take(Value());
    else if (is_number(group, k) && std::from_chars(part->data(), part->data() + part->size(), number).ec == std::errc{}) take(Value(number));
    else take(Value(*part));
  }
}

}  // namespace

std::vector<Value> Grouping::key_of(const Group& group) const {
  std::vector<Value> out;
  for_each_part(group, [&](Value value) { out.push_back(std::move(value)); });
  return out;
}

Accumulator& Grouping::accumulator(Group& group, std::size_t part) {
  auto& slot = group.accumulators[part];
  if (!slot) slot = make_accumulator(parts_[part].aggregate, limits_);
  return *slot;
}

Value Grouping::result(const Group& group, std::size_t part) const {
  const auto& accumulator = group.accumulators[part];
  return accumulator ? accumulator->result() : parts_[part].nothing;
}

Row Grouping::take_row(Group& group) const {
  Row row;
  row.cells.reserve(key_names_.size() + parts_.size());
  for_each_part(group, [&](Value value) { row.cells.push_back(std::move(value)); });
  for (std::size_t k = 0; k < parts_.size(); ++k) row.cells.push_back(result(group, k));
  row.evidence = std::move(group.evidence);
  group.accumulators.clear();   // while it is at hand
  return row;
}

void Grouping::note_change(const std::string& text, Group& group) {
  if (!recall_ || group.changed) return;
  group.changed = true;
  changed_.push_back(text);
}

void Grouping::add(std::span<const KeyPart> key, const ViewRow& row) {
  static const Value null;
  key_text_.clear();
  for (const KeyPart& part : key) {
    if (part.number) {
      write_value(*part.number);
    } else {
      write_part(key_text_, part.text);
    }
  }
  auto at = groups_.find(std::string_view(key_text_));
  if (at == groups_.end()) {
    at = groups_.try_emplace(key_text_).first;
    for (std::size_t k = 0; k < key.size(); ++k)
      if (key[k].number) set_number(at->second, k);
    fresh(at->first, at->second);
  }
  Group& group = at->second;
  note_change(at->first, group);
  std::optional<double> time;
  if (time_column_ != Table::npos && row.has_time) time = base::to_epoch_seconds(row.time);
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    const bool is_time = columns_[k] != Table::npos && columns_[k] == time_column_;
    const std::size_t values = columns_[k] == Table::npos || is_time ? 0 : row.cells[columns_[k]].size();
    if (values == 0 && !(is_time && time)) {
      if (!parts_[k].passes_null) accumulator(group, k).add(null, time);
    } else if (is_time) {
      accumulator(group, k).add(Value(*time), time);
    } else if (values == 1) {
      accumulator(group, k).add_text(row.cells[columns_[k]].front(), time);
    } else {
      const auto& all = row.cells[columns_[k]];
      accumulator(group, k).add(Value::many({all.begin(), all.end()}), time);
    }
  }
  group.evidence.add({row.time, row.record}, row.has_time);
  group.evidence.in_question = group.evidence.in_question || row.in_question;
  watch_memory();
}

void Grouping::add(const Table& table, const std::vector<std::size_t>& by, const Row& row, std::optional<double> time) {
  key_text_.clear();
  for (const std::size_t column : by) {
    const Value& cell = table.cell(row, column);
    if (cell.is_null()) return;
    if (cell.is_many()) {
      for (auto& key : keys_of(table, row, by)) add(std::move(key), row, time);
      return;
    }
    write_value(cell);
  }
  auto at = groups_.find(std::string_view(key_text_));
  if (at == groups_.end()) {
    at = groups_.try_emplace(key_text_).first;
    for (std::size_t k = 0; k < by.size(); ++k)
      if (table.cell(row, by[k]).is_number()) set_number(at->second, k);
    fresh(at->first, at->second);
  }
  note_change(at->first, at->second);
  add_values(at->second, row, time);
}

Grouping::Group& Grouping::add(std::vector<Value> key, const Row& row, std::optional<double> time) {
  write_key(key);
  auto [at, is_new] = groups_.try_emplace(key_text_);
  Group& group = at->second;
  if (is_new) {
    for (std::size_t k = 0; k < key.size(); ++k)
      if (key[k].is_number()) set_number(group, k);
    fresh(at->first, group);
  }
  note_change(at->first, group);
  add_values(group, row, time);
  return group;
}

void Grouping::add_values(Group& group, const Row& row, std::optional<double> time) {
  static const Value null;
  const auto add_one = [&](std::size_t k, const Value& value) {
    if (!value.is_null() || !parts_[k].passes_null) accumulator(group, k).add(value, time);
  };
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    if (parts_[k].expression) {
      const EvalResult r = parts_[k].expression->evaluate(row);
      // A condition counts where it holds and is nothing where it does not.
      if (!r.is_truth) add_one(k, r.value);
      else if (r.holds()) add_one(k, Value(1.0));
    } else {
      add_one(k, columns_[k] == Table::npos ? null : row.cells[columns_[k]]);
    }
  }
  group.evidence.merge(row.evidence);
  watch_memory();
}

// Groups are all held: nothing is dropped, but what grows large is named.
void Grouping::watch_memory() {
  if (++rows_ < look_at_ || look_at_ == 0) return;
  look_at_ *= 2;
  std::size_t bytes = 0;
  for (const auto& [text, group] : groups_) {
    bytes += text.size() + sizeof group + group.evidence.records.capacity() * sizeof(Evidence::Record);
    for (const auto& accumulator : group.accumulators)
      if (accumulator) bytes += accumulator->bytes();
  }
  if (bytes <= limits_.state_bytes) return;
  look_at_ = 0;
  context_->say("its groups hold more than " + std::to_string(limits_.state_bytes >> 20) + " MB of memory");
}

Grouping::Group* Grouping::find(const std::vector<Value>& key) {
  write_key(key);
  auto at = groups_.find(std::string_view(key_text_));
  return at == groups_.end() ? nullptr : &at->second;
}

std::vector<std::vector<Value>> keys_of(const Table& table, const Row& row,
                                        const std::vector<std::size_t>& by) {
  std::vector<std::vector<Value>> keys{{}};
  for (std::size_t column : by) {
    const Value& cell = table.cell(row, column);
    if (cell.is_null()) return {};
    if (!cell.is_many()) {
      for (auto& key : keys) key.push_back(cell);
      continue;
    }
    std::vector<std::vector<Value>> next;
    for (const auto& key : keys)
      for (const std::string& value : cell.as_many()) {
        next.push_back(key);
        next.back().emplace_back(value);
      }
    keys = std::move(next);
  }
  return keys;
}

std::vector<std::size_t> find_all(const Table& table, const std::vector<std::string>& names) {
  std::vector<std::size_t> out;
  for (const std::string& name : names) out.push_back(table.find(name));
  return out;
}

std::optional<double> time_of(const Table& table, std::size_t time_column, const Row& row) {
  return time_column == Table::npos ? std::nullopt : table.cell(row, time_column).number();
}

}  // namespace escudo::pipeline
