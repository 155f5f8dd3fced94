// Tested by tests/unit/risk/ledger.cpp.
#include "risk/ledger.hpp"

#include "base/pack.hpp"

namespace escudo::risk {
namespace {

std::int64_t micros(base::Time t) { return t.time_since_epoch().count(); }

}  // namespace

Ledger::Ledger(store::Store& store) : store_(store), space_(store.space("risk")) {}

void Ledger::record(const findings::Finding& f) {
  if (!f.risk) return;
  std::string bytes;
  base::Packer out(bytes);
  out.number(f.revision).text(f.rule->name).text(f.rule->id).text(f.rule->type);
  out.signed_number(micros(f.first_time.value_or(base::Time{}))).signed_number(micros(f.last_time.value_or(base::Time{})));
  out.number(f.count).real(f.risk->score).text(f.risk->message);
  out.number(f.risk->objects.size());
  for (const findings::ScoredObject& o : f.risk->objects) out.text(o.field).text(o.type).text(o.value).real(o.score);
  out.number(f.rule->mitre_attack.size());
  for (const std::string& id : f.rule->mitre_attack) out.text(id);
  store_.put(space_, f.finding_id, bytes);
}

void Ledger::each(const std::function<bool(const LedgerEntry&)>& see) {
  store_.each(space_, [&](std::string_view key, std::string_view bytes) {
    base::Unpacker in(bytes);
    const auto time = [&] { return base::Time(base::Duration(in.signed_number())); };
    LedgerEntry e;
    e.finding_id = key;
    e.revision = static_cast<std::uint32_t>(in.number());
    e.detection = in.text();
    e.detection_id = in.text();
    e.detection_type = in.text();
    e.first_time = time();
    e.last_time = time();
    e.count = in.number();
    e.score = in.real();
    e.message = in.text();
    for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) {
      findings::ScoredObject o;
      o.field = in.text();
      o.type = in.text();
      o.value = in.text();
      o.score = in.real();
      e.objects.push_back(std::move(o));
    }
    for (std::uint64_t n = in.number(); n > 0 && in.ok(); --n) e.mitre_attack.emplace_back(in.text());
    return in.ok() ? see(e) : true;
  });
}

}  // namespace escudo::risk
