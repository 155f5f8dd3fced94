#include "pipeline/ops/group.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <numeric>
#include <utility>

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
    if (!make_accumulator(a, limits_)) {
      build.fail(a.span, "unknown-aggregate", "aggregate " + a.function + " cannot be computed");
      return false;
    }
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

namespace {

void write_part(std::string& out, std::string_view text) {
  out += '1';
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, text.size()).ptr);
  out += ':';
  out += text;
}

}  // namespace

void Grouping::write_key(const std::vector<Value>& key) {
  key_text_.clear();
  for (const Value& v : key) {
    if (v.is_text()) write_part(key_text_, v.as_text());
    else if (v.is_null()) key_text_ += "00:";
    else write_part(key_text_, v.text());
  }
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
      // Buckets of time repeat.
      if (number_text_.empty() || *part.number != number_) {
        number_ = *part.number;
        number_text_ = Value(number_).text();
      }
      write_part(key_text_, number_text_);
    } else {
      write_part(key_text_, part.text);
    }
  }
  auto at = groups_.find(std::string_view(key_text_));
  if (at == groups_.end()) {
    at = groups_.try_emplace(key_text_).first;
    at->second.key.reserve(key.size());
    for (const KeyPart& part : key)
      at->second.key.push_back(part.number ? Value(*part.number) : Value(part.text));
    fresh(at->first, at->second);
  }
  Group& group = at->second;
  note_change(at->first, group);
  std::optional<double> time;
  if (time_column_ != Table::npos && row.has_time) time = base::to_epoch_seconds(row.time);
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    Accumulator& accumulator = *group.accumulators[k];
    if (columns_[k] == Table::npos) {
      accumulator.add(null, time);
    } else if (columns_[k] == time_column_) {
      accumulator.add(time ? Value(*time) : null, time);
    } else {
      const auto& values = row.cells[columns_[k]];
      if (values.size() == 1) accumulator.add_text(values.front(), time);
      else if (values.empty()) accumulator.add(null, time);
      else accumulator.add(Value::many({values.begin(), values.end()}), time);
    }
  }
  group.evidence.add({row.time, row.record}, row.has_time);
  group.evidence.in_question = group.evidence.in_question || row.in_question;
  watch_memory();
}

Grouping::Group& Grouping::add(std::vector<Value> key, const Row& row, std::optional<double> time) {
  static const Value null;
  write_key(key);
  auto [at, is_new] = groups_.try_emplace(key_text_);
  Group& group = at->second;
  if (is_new) {
    group.key = std::move(key);
    fresh(at->first, group);
  }
  note_change(at->first, group);
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    if (parts_[k].expression) {
      const EvalResult r = parts_[k].expression->evaluate(row);
      // A condition counts where it holds and is nothing where it does not.
      if (!r.is_truth)
        group.accumulators[k]->add(r.value, time);
      else if (r.holds())
        group.accumulators[k]->add(Value(1.0), time);
    } else {
      group.accumulators[k]->add(columns_[k] == Table::npos ? null : row.cells[columns_[k]], time);
    }
  }
  group.evidence.merge(row.evidence);
  watch_memory();
  return group;
}

// Groups are all held: nothing is dropped, but what grows large is named.
void Grouping::watch_memory() {
  if (++rows_ < look_at_ || look_at_ == 0) return;
  look_at_ *= 2;
  std::size_t bytes = 0;
  for (const auto& [text, group] : groups_) {
    bytes += text.size() + sizeof group + group.evidence.records.capacity() * sizeof(Evidence::Record);
    for (const auto& accumulator : group.accumulators) bytes += accumulator->bytes();
  }
  if (bytes <= limits_.state_bytes) return;
  look_at_ = 0;
  context_->say("its groups hold more than " + std::to_string(limits_.state_bytes >> 20) + " MB of memory");
}

// The accumulators of a new group: empty, or as they were saved (then true).
bool Grouping::fresh(const std::string& text, Group& group) {
  const auto empty = [&] {
    group.accumulators.clear();
    for (const Part& part : parts_)
      group.accumulators.push_back(make_accumulator(part.aggregate, limits_));
  };
  empty();
  const std::optional<std::string> saved = recall_ ? recall_(text) : std::nullopt;
  if (!saved) return false;
  base::Unpacker in(*saved);
  if (load(in, group)) return true;
  group.evidence = {};  // damaged state counts as none
  empty();
  return false;
}

bool Grouping::restore(const std::string& key) {
  auto [at, is_new] = groups_.try_emplace(key);
  if (!is_new) return true;
  if (fresh(key, at->second)) return true;
  groups_.erase(at);
  return false;
}

void Grouping::watch(Recall recall) { recall_ = std::move(recall); }

std::vector<std::string> Grouping::take_changed() {
  for (const std::string& key : changed_)
    if (auto at = groups_.find(key); at != groups_.end()) at->second.changed = false;
  return std::exchange(changed_, {});
}

Table Grouping::row_of(const std::string& key) const {
  Table out;
  out.columns = out.key = key_names_;
  for (const Part& part : parts_) out.columns.push_back(part.aggregate.output);
  auto at = groups_.find(key);
  if (at == groups_.end()) return out;
  Row row;
  row.cells = at->second.key;
  for (const auto& accumulator : at->second.accumulators)
    row.cells.push_back(accumulator->result());
  row.evidence = at->second.evidence;
  out.rows.push_back(std::move(row));
  return out;
}

const Evidence& Grouping::evidence_of(const std::string& key) const {
  static const Evidence none;
  auto at = groups_.find(key);
  return at == groups_.end() ? none : at->second.evidence;
}

void Grouping::save(const std::string& key, base::Packer& out) const {
  const Group& group = groups_.at(key);
  out.number(group.key.size());
  for (const Value& value : group.key) event::pack(out, value);
  out.number(group.accumulators.size());
  for (const auto& accumulator : group.accumulators) accumulator->save(out);
  const Evidence& e = group.evidence;
  out.number(e.total).flag(e.timed);
  out.signed_number(e.first.time_since_epoch().count());
  out.signed_number(e.last.time_since_epoch().count());
  out.number(e.records.size());
  for (const Evidence::Record& r : e.records)
    out.signed_number(r.time.time_since_epoch().count()).number(r.number);
}

bool Grouping::load(base::Unpacker& in, Group& group) {
  const auto time = [&] { return base::Time(base::Duration(in.signed_number())); };
  if (in.number() != key_names_.size()) return false;
  group.key.clear();
  for (std::size_t k = 0; k < key_names_.size(); ++k)
    group.key.push_back(event::unpack_value(in));
  if (in.number() != group.accumulators.size()) return false;
  for (const auto& accumulator : group.accumulators) accumulator->load(in);
  Evidence& e = group.evidence;
  e.total = in.number();
  e.timed = in.flag();
  e.first = time();
  e.last = time();
  const std::uint64_t records = in.number();
  if (records > Evidence::kKept) return false;
  for (std::uint64_t k = 0; k < records; ++k) {
    const base::Time t = time();
    e.records.push_back({t, in.number()});
  }
  return in.ok();
}
namespace {

// A cell as compare() sees it, looked at once and not at every comparison.
struct Ranked {
  int kind = 0;   // number, text, null: in this order
  double number = 0;
  std::string_view text;
  std::string hold;

  const Value* cell;

  explicit Ranked(const Value& value) : cell(&value) {
    if (value.is_null()) {
      kind = 2;
    } else if (const auto n = value.number()) {
      number = *n;
    } else {
      kind = 1;
      if (value.is_text()) text = value.as_text();
      else text = hold = value.text();
    }
  }
  int compare(const Ranked& other) const {
    if (kind != other.kind) return kind - other.kind;
    if (kind == 1) return text.compare(other.text);
    if (kind == 2) return 0;
    if (number != other.number) return number < other.number ? -1 : 1;
    // 1 and 1.0 are two groups of one size: their texts decide.
    return cell->is_number() && other.cell->is_number() ? 0 : cell->text().compare(other.cell->text());
  }
};

}  // namespace

std::vector<Grouping::Group*> Grouping::sorted() {
  std::vector<Group*> groups;
  std::vector<std::string_view> texts;
  std::deque<Ranked> cells;   // texts may point into it
  std::size_t width = 0;
  for (auto& [text, group] : groups_) {
    groups.push_back(&group);
    texts.push_back(text);
    width = group.key.size();
    for (const Value& value : group.key) cells.emplace_back(value);
  }
  std::vector<std::size_t> order(groups.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (std::size_t k = 0; k < width; ++k)
      if (const int diff = cells[a * width + k].compare(cells[b * width + k])) return diff < 0;
    return texts[a] < texts[b];
  });
  std::vector<Group*> out;
  out.reserve(order.size());
  for (const std::size_t k : order) out.push_back(groups[k]);
  return out;
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
