#include "judge.hpp"

#include <algorithm>
#include <cstdint>

#include "findings/finding.hpp"
#include "sources/source.hpp"
#include "twin/events.hpp"
#include "twin/interpreter.hpp"
#include "write.hpp"

namespace escudo::witness {
Judge::Judge(const detect::CompiledRule& rule, const runtime::Knowledge& knowledge)
    : knowledge_(knowledge), search_(rule.rule->search, knowledge.catalog) {
  if (rule.plan->columns_known)
    columns_.insert(rule.plan->columns.begin(), rule.plan->columns.end());
  if (!rule.rule->risk) return;
  for (std::string& name : findings::message_tokens(rule.rule->risk->message))
    named_.insert(std::move(name));
  for (const rules::RiskObject& object : rule.rule->risk->objects) named_.insert(object.field);
  for (const rules::ThreatObject& threat : rule.rule->risk->threats) named_.insert(threat.field);
  // What the search cannot output is a lint of the rule, not a matter of events.
  if (rule.plan->columns_known)
    std::erase_if(named_, [&](const std::string& name) { return !columns_.contains(name); });
}

twin::World Judge::world(const std::vector<Made>& events, std::vector<twin::Event>& decoded) const {
  twin::World out{&knowledge_.catalog, &decoded, base::Time{}};
  event::Batch batch;
  for (const Log& log : logs_of(events, "w", false)) {
    const auto source = sources::open_memory(log.bytes, log.name, {});
    while (source->next(batch)) {
      for (const event::Event& e : batch.events)
        if (e.has_time) out.now = std::max(out.now, e.time);
      twin::decode(batch, *knowledge_.maps, decoded);
    }
  }
  return out;
}

Opinion Judge::of(const std::vector<Made>& events) const {
  Opinion out;
  if (!search_.problem().empty()) return out;
  std::vector<twin::Event> decoded;
  const twin::Answer answer = search_.run(world(events, decoded));
  out.knows = answer.ok();
  std::size_t least = SIZE_MAX;
  for (const twin::Row& row : answer.rows) {
    if (row.records.empty()) continue;
    out.found = true;
    std::string missing;
    std::size_t count = 0;
    bool filled = true;
    for (const std::string& name : named_) filled = filled && !row.get(name).is_null();
    for (const auto* names : {&columns_, &named_})
      for (const std::string& name : *names)
        if (row.get(name).is_null() && missing.find(" " + name) == std::string::npos)
          missing += " " + name, ++count;
    out.filled = out.filled || filled;
    out.complete = out.complete || count == 0;
    if (count < least) least = count, out.missing = missing;
  }
  return out;
}

std::string Judge::trace(const std::vector<Made>& events) const {
  if (!search_.problem().empty()) return search_.problem() + "\n";
  std::vector<twin::Event> decoded;
  const twin::World all = world(events, decoded);
  std::string out;
  for (std::size_t n = 1; n <= search_.pipeline()->commands.size(); ++n) {
    spl::Pipeline part = *search_.pipeline();
    part.commands.resize(n);
    try {
      const twin::Rows rows = twin::Interpreter(all).search(part);
      out += "  " + part.commands.back().name + ": " + std::to_string(rows.size()) + " rows";
      if (!rows.empty())
        for (const auto& [name, value] : rows.front().fields) {
          out += "\n      " + name + " =";
          for (const std::string& text : value.values()) out += " |" + text.substr(0, 160);
        }
      out += "\n";
      if (rows.empty()) break;
    } catch (const twin::Unfit& unfit) {
      out += "  " + part.commands.back().name + ": " + unfit.reason + "\n";
    }
  }
  return out;
}

}  // namespace escudo::witness
