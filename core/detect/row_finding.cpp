#include "detect/row_finding.hpp"

namespace escudo::detect {

findings::Finding row_finding(const CompiledRule& rule, const pipeline::Table& table, pipeline::Row& row,
                              std::optional<base::Time> window,
                              const std::function<findings::EvidenceEvent(std::uint64_t)>& record) {
  findings::Finding out;
  out.rule = rule.rule;
  std::vector<std::pair<std::string, event::Value>> key;
  for (const std::string& name : table.key)
    if (const std::size_t c = table.find(name); c != pipeline::Table::npos) key.emplace_back(name, row.cells[c]);
  if (key.size() != table.key.size()) key.clear();
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c] == "_raw") continue;
    // Of raw rows every event brings its own fields: those it lacks are not shown.
    if (row.cells[c].is_null() && !rule.plan->columns_known) continue;
    out.fields.emplace_back(table.columns[c], std::move(row.cells[c]));
  }
  if (key.empty()) key = out.fields;
  out.finding_id = findings::finding_id(*rule.rule, key, window);
  if (row.evidence.timed) {
    out.first_time = row.evidence.first;
    out.last_time = row.evidence.last;
  }
  out.count = row.evidence.total;
  out.evidence.total = row.evidence.total;
  out.evidence.in_question = row.evidence.in_question;
  for (const pipeline::Evidence::Record& r : row.evidence.records) out.evidence.events.push_back(record(r.number));
  out.risk = findings::score(*rule.rule, out.fields);
  return out;
}

}  // namespace escudo::detect
