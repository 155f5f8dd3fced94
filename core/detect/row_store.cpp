// Tested by tests/unit/detect/row_store_test.cpp, and by whatever finds anything.
#include "detect/row_store.hpp"

#include <algorithm>
#include <unordered_set>

namespace escudo::detect {
namespace {

constexpr std::size_t kRowsAtOnce = 256;
constexpr std::size_t kChunksAtOnce = 64;   // of the spool, held while their rows are handed on: 4 MB
// Channels come from the input: past so many different names a record goes without.
constexpr std::size_t kMaxChannels = 100'000;

}  // namespace

RowStore::RowStore(std::size_t feeds, std::size_t budget) : spool_(budget, "matched rows"), feeds_(feeds), channels_{{}} {}

std::uint32_t RowStore::number_of(const LayoutPtr& layout) {
  const auto [at, fresh] = layout_numbers_.try_emplace(layout.get(), static_cast<std::uint32_t>(layouts_.size()));
  if (fresh) layouts_.push_back(layout);   // keeps it, so that no other gets its address
  return at->second;
}

void RowStore::add(const Matches& matches) {
  if (matches.rows.empty()) return;
  if (origins_.empty() || origins_.back() != matches.origin) origins_.push_back(matches.origin);
  for (const LayoutPtr& layout : matches.layouts) number_of(layout);
  std::vector<base::Spool::Place> places;
  places.reserve(matches.records.size());
  for (std::size_t k = 0; k < matches.records.size(); ++k) {
    const MatchedRecord& r = matches.records[k];
    auto channel = channel_numbers_.find(r.channel);
    if (channel == channel_numbers_.end()) {
      const std::uint64_t number = channels_.size() < kMaxChannels ? channels_.size() : 0;
      if (number) channels_.push_back(r.channel);
      channel = channel_numbers_.emplace(number ? r.channel : std::string(), number).first;
    }
    const std::size_t end = k + 1 < matches.records.size() ? matches.records[k + 1].fields : matches.fields.size();
    entry_.clear();
    put_varint(entry_, r.record_id);
    put_varint(entry_, origins_.size() - 1);
    put_varint(entry_, channel->second);
    put_varint(entry_, static_cast<std::uint32_t>(r.event_id));
    entry_ += static_cast<char>((r.has_time ? 1 : 0) | (r.recovered ? 2 : 0) | (r.in_question ? 4 : 0));
    put_varint(entry_, static_cast<std::uint64_t>(r.time.time_since_epoch().count()));
    entry_.append(matches.fields, r.fields, end - r.fields);
    places.push_back(spool_.append(entry_));
  }
  for (const MatchedRow& row : matches.rows) {
    Rows& rows = feeds_[row.feed];
    const base::Spool::Place place = places[row.record];
    const std::uint32_t layout = layout_numbers_.find(row.layout)->second;
    put_varint(rows.refs, place - rows.last);
    put_varint(rows.refs, layout == rows.last_layout ? 0 : layout + 1);
    rows.last = place;
    rows.last_layout = layout;
    ++rows.rows;
  }
}

RowStore::Header RowStore::header(std::string_view entry) const {
  Header out;
  const char* at = entry.data();
  const char* end = at + entry.size();
  if (at == end) return out;
  out.record_id = take_varint(at, end);
  out.origin = take_varint(at, end);
  out.channel = take_varint(at, end);
  out.event_id = static_cast<std::int32_t>(static_cast<std::uint32_t>(take_varint(at, end)));
  out.has_time = (*at & 1) != 0;
  out.recovered = (*at & 2) != 0;
  out.in_question = (*at & 4) != 0;
  ++at;
  out.time = base::Time(base::Duration(static_cast<std::int64_t>(take_varint(at, end))));
  out.fields = {at, static_cast<std::size_t>(end - at)};
  return out;
}

namespace {

// Layouts with no more names in all than may be; the first to come have them.
class FewNames {
 public:
  explicit FewNames(std::size_t most) : most_(most) {}

  const Layout* of(const LayoutPtr& layout) {
    if (most_ == SIZE_MAX) return layout.get();
    const auto [at, fresh] = done_.try_emplace(layout.get());
    if (fresh) at->second = fitted(layout);
    return at->second.get();
  }
  bool all() const { return all_; }

 private:
  LayoutPtr fitted(const LayoutPtr& layout) {
    auto fewer = std::make_shared<Layout>();
    for (std::size_t c = 0; c < layout->columns.size(); ++c) {
      const std::string& name = layout->columns[c];
      if (!names_.contains(name)) {
        if (names_.size() >= most_) continue;
        names_.insert(name);
      }
      fewer->columns.push_back(name);
      fewer->keys.push_back(layout->keys[c]);
    }
    if (fewer->columns.size() == layout->columns.size()) return layout;
    all_ = false;
    return fewer;
  }

  std::size_t most_;
  std::unordered_set<std::string> names_;
  std::unordered_map<const Layout*, LayoutPtr> done_;
  bool all_ = true;
};

}  // namespace

bool RowStore::read(std::uint32_t feed, const std::function<void(const pipeline::Views&)>& take,
                    std::size_t most_columns, const std::vector<pipeline::Wanted>& wanted) {
  const Rows& rows = feeds_[feed];
  const char* at = rows.refs.data();
  const char* end = at + rows.refs.size();
  base::Spool::Place place = 0;
  std::uint32_t layout = UINT32_MAX;
  std::shared_ptr<const void> hold;
  std::vector<std::shared_ptr<const void>> held;   // what the views point into
  base::Arena arena{64 * 1024};
  FieldReader reader;
  pipeline::Views views;
  FewNames names(most_columns);
  std::vector<std::pair<std::size_t, const pipeline::Keys*>> asked;   // columns of the layout
  const auto hand_over = [&] {
    if (!views.rows.empty()) take(views);
    views.rows.clear();
    held.clear();
    arena.clear();
  };
  while (at != end) {
    const base::Spool::Place next = place + take_varint(at, end);
    const std::uint64_t other = take_varint(at, end);
    const bool other_layout = other != 0 && other - 1 != layout;
    if (other_layout || views.rows.size() == kRowsAtOnce || held.size() == kChunksAtOnce) hand_over();
    if (other_layout) {
      layout = static_cast<std::uint32_t>(other - 1);
      const Layout* used = names.of(layouts_[layout]);
      reader.use(*used);
      views.columns = &used->columns;
      asked.clear();
      for (const pipeline::Wanted& each : wanted)
        if (const std::size_t c = views.find(each.name); c != pipeline::Table::npos) asked.emplace_back(c, each.keys.get());
    }
    place = next;
    const std::string_view entry = spool_.read(place, hold);
    if (!hold) continue;
    if (held.empty() || held.back() != hold) held.push_back(hold);
    const Header h = header(entry);
    const auto* cells = reader.read(h.fields, arena);
    const bool is_wanted = std::ranges::all_of(asked, [cells](const auto& column) {
      const auto& values = cells[column.first];
      return values.size() != 1 || column.second->contains(values.front());
    });
    if (is_wanted) views.rows.push_back({cells, h.time, h.has_time, place, h.in_question});
  }
  hand_over();
  return names.all();
}

findings::EvidenceEvent RowStore::record(std::uint64_t number) {
  std::shared_ptr<const void> hold;
  const Header h = header(spool_.read(number, hold));
  if (!hold) return {std::make_shared<event::Origin>()};   // whoever prints a finding names its file
  return {origins_[h.origin], h.record_id, channels_[h.channel], h.event_id, h.time, h.has_time, h.recovered};
}

}  // namespace escudo::detect
