// Groups that outlive the process: what `escudo tail` keeps of them, and how they come back.
#include <utility>

#include "pipeline/ops/group.hpp"
#include "pipeline/ops/group_key.hpp"

namespace escudo::pipeline {

// The accumulators of a new group: empty, or as they were saved (then true).
bool Grouping::fresh(const std::string& text, Group& group) {
  group.text = &text;
  const auto empty = [&] {
    group.accumulators.clear();
    group.accumulators.reserve(parts_.size());
    for (const Part& part : parts_)
      group.accumulators.push_back(part.passes_null && !recall_ ? nullptr : make_accumulator(part.aggregate, limits_));
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
  if (fresh(at->first, at->second)) return true;   // the group points to its key
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
  row.cells = key_of(at->second);
  for (std::size_t k = 0; k < parts_.size(); ++k) row.cells.push_back(result(at->second, k));
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
  const std::vector<Value> values = key_of(group);
  out.number(values.size());
  for (const Value& value : values) event::pack(out, value);
  out.number(group.accumulators.size());
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    if (group.accumulators[k]) group.accumulators[k]->save(out);
    else make_accumulator(parts_[k].aggregate, limits_)->save(out);
  }
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
  for (std::size_t k = 0; k < key_names_.size(); ++k)
    if (event::unpack_value(in).is_number()) set_number(group, k);
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

}  // namespace escudo::pipeline
