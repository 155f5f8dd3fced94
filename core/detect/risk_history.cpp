// Tested by tests/unit/runtime/tail_risk_test.cpp and, against scan, by tests/tail.
#include "detect/risk_history.hpp"

#include <algorithm>

#include "pipeline/row.hpp"

namespace escudo::detect {
namespace {

std::string name_of(const rules::Rule& rule) { return rule.id + "|" + rule.name; }

struct Kept {
  base::Time time{};
  bool single = false;   // no revision of another
  std::string rule;
  findings::Finding finding;
};

std::string pack_kept(base::Time time, bool single, const findings::Finding& finding) {
  std::string bytes;
  base::Packer out(bytes);
  const findings::Risk& risk = *finding.risk;
  out.signed_number(time.time_since_epoch().count()).flag(single).text(name_of(*finding.rule)).text(finding.finding_id);
  out.real(risk.score).text(risk.message);
  out.number(risk.objects.size());
  for (const findings::ScoredObject& o : risk.objects) out.text(o.field).text(o.type).text(o.value).real(o.score);
  out.number(risk.threats.size());
  for (const findings::ThreatValue& t : risk.threats) out.text(t.field).text(t.type).text(t.value);
  out.number(finding.evidence.total).number(finding.evidence.events.size());
  for (const findings::EvidenceEvent& event : finding.evidence.events) pack(out, event);
  return bytes;
}

std::optional<Kept> unpack_kept(std::string_view bytes, Origins& origins) {
  base::Unpacker in(bytes);
  Kept out;
  out.time = base::Time(base::Duration(in.signed_number()));
  out.single = in.flag();
  out.rule = in.text();
  out.finding.finding_id = in.text();
  findings::Risk& risk = out.finding.risk.emplace();
  risk.score = in.real();
  risk.message = in.text();
  for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) {
    findings::ScoredObject& o = risk.objects.emplace_back();
    o.field = in.text();
    o.type = in.text();
    o.value = in.text();
    o.score = in.real();
  }
  for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) {
    findings::ThreatValue& t = risk.threats.emplace_back();
    t.field = in.text();
    t.type = in.text();
    t.value = in.text();
  }
  out.finding.evidence.total = in.number();
  for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) out.finding.evidence.events.push_back(unpack_record(in, origins));
  if (!in.ok()) return {};
  return out;
}

}  // namespace

RiskHistory::RiskHistory(const RuleBook& book, LiveState& state) : state_(state), space_(state.space("risk")) {
  for (const CompiledRule& rule : book.rules()) {
    wanted_ = wanted_ || (rule.reads_risk && rule.executable());
    if (rule.executable() && !rule.reads_risk) rules_.emplace(name_of(*rule.rule), rule.rule);
  }
  if (!wanted_) state_.drop(space_);
}

bool RiskHistory::wants(const CompiledRule& rule) const {
  return wanted_ && !rule.reads_risk && raises_risk(*rule.rule);
}

void RiskHistory::keep(const findings::Finding& finding, const std::vector<base::Time>& times) {
  if (!finding.risk || finding.risk->objects.empty()) return;
  for (const base::Time time : times) {
    state_.append(space_, time, pack_kept(time, false, finding));
    kept_.push_back(time);
  }
}

void RiskHistory::keep_row(const findings::Finding& finding) {
  if (!finding.risk || finding.risk->objects.empty() || !finding.last_time) return;
  state_.append(space_, *finding.last_time, pack_kept(*finding.last_time, true, finding));
  kept_.push_back(*finding.last_time);
}

std::vector<Found> RiskHistory::within(base::Time start, base::Time end, Origins& origins, std::uint64_t base,
                                       std::vector<findings::EvidenceEvent>& records) const {
  std::vector<Found> out;
  std::unordered_map<std::string, std::size_t> at;   // by finding
  state_.read(space_, start, end, [&](std::string_view bytes) {
    auto kept = unpack_kept(bytes, origins);
    if (!kept) return;
    const auto rule = rules_.find(kept->rule);
    if (rule == rules_.end()) return;   // not among the rules of today
    std::size_t place = out.size();
    if (!kept->single) place = at.try_emplace(kept->finding.finding_id, place).first->second;
    if (place == out.size()) out.emplace_back();
    Found& found = out[place];
    const base::Time latest = found.finding.last_time ? std::max(*found.finding.last_time, kept->time) : kept->time;
    found.finding = std::move(kept->finding);
    found.finding.rule = rule->second;
    found.finding.last_time = latest;
  });
  std::unordered_map<std::string, std::uint64_t> numbers;   // one record may have made several findings
  for (Found& found : out) {
    for (const findings::EvidenceEvent& event : found.finding.evidence.events) {
      std::string bytes;
      base::Packer key(bytes);
      pack(key, event);
      const auto [place, fresh] = numbers.try_emplace(std::move(bytes), base + records.size());
      if (fresh) records.push_back(event);
      found.evidence.merge(pipeline::Evidence::of(place->second, event.time, event.has_time));
    }
    found.evidence.total = std::max<std::uint64_t>(found.evidence.total, found.finding.evidence.total);
  }
  std::ranges::stable_sort(out, findings::comes_before, &Found::finding);
  return out;
}

void RiskHistory::erase_before(base::Time time) { state_.erase_before(space_, time); }

}  // namespace escudo::detect
