// Tested by tests/tail: every window and every restart goes through it.
#include "detect/live_pack.hpp"

#include "event/pack.hpp"

namespace escudo::detect {

namespace {
// A long-running process meets a new path at every rotation by date.
constexpr std::size_t kMaxOrigins = 4096;
}  // namespace

std::shared_ptr<const event::Origin> Origins::of(std::string_view path) {
  if (auto at = by_path_.find(path); at != by_path_.end()) return at->second;
  if (by_path_.size() >= kMaxOrigins) by_path_.clear();
  auto origin = std::make_shared<event::Origin>();
  origin->path = path;
  return by_path_.emplace(path, std::move(origin)).first->second;
}

void pack(base::Packer& out, const findings::EvidenceEvent& e) {
  out.text(e.origin ? std::string_view(e.origin->path) : std::string_view());
  out.number(e.record_id).text(e.channel).signed_number(e.event_id);
  out.signed_number(e.time.time_since_epoch().count()).flag(e.has_time).flag(e.recovered);
}

findings::EvidenceEvent unpack_record(base::Unpacker& in, Origins& origins) {
  findings::EvidenceEvent e;
  e.origin = origins.of(in.text());
  e.record_id = in.number();
  e.channel = in.text();
  e.event_id = static_cast<std::int32_t>(in.signed_number());
  e.time = base::Time(base::Duration(in.signed_number()));
  e.has_time = in.flag();
  e.recovered = in.flag();
  return e;
}

void pack_row(base::Packer& out, std::uint32_t feed, std::uint64_t record, const findings::EvidenceEvent& event,
              const std::vector<std::string>& columns, const std::vector<event::Value>& cells,
              const std::vector<std::string>& usual) {
  out.number(feed).number(record);
  pack(out, event);
  const bool is_usual = columns == usual;
  out.number(is_usual ? 0 : columns.size());
  if (!is_usual)
    for (const std::string& column : columns) out.text(column);
  out.number(cells.size());
  for (const event::Value& cell : cells) event::pack(out, cell);
}

std::optional<StoredRow> unpack_row(std::string_view bytes, Origins& origins) {
  base::Unpacker in(bytes);
  StoredRow out;
  out.feed = static_cast<std::uint32_t>(in.number());
  out.record = in.number();
  out.event = unpack_record(in, origins);
  const std::uint64_t columns = in.number();
  if (columns > in.rest()) return {};
  for (std::uint64_t k = 0; k < columns; ++k) out.columns.emplace_back(in.text());
  const std::uint64_t cells = in.number();
  if (cells > in.rest()) return {};
  for (std::uint64_t k = 0; k < cells; ++k) out.cells.push_back(event::unpack_value(in));
  if (!in.ok()) return {};
  return out;
}

}  // namespace escudo::detect
