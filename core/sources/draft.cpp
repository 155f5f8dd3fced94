#include "sources/draft.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "sources/event_time.hpp"
#include "sources/provider.hpp"

namespace escudo::sources {
namespace {

template <class T>
T number(std::string_view text, T otherwise) {
  text = base::trim(text);
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : otherwise;
}

}  // namespace

void Draft::start(event::Batch& batch) {
  batch_ = &batch;
  cells_.clear();
  roles_.fill({});
  too_many_ = 0;
  names_full_ = false;
  columns_.restart();
}

void Draft::add(event::Section section, std::string_view written, std::string_view value,
                std::string_view field) {
  if (cells_.size() >= max_fields_) {
    ++too_many_;
    return;
  }
  const std::uint32_t id = columns_.id(section, written, field);
  if (id == Columns::no_column) {
    names_full_ = names_full_ || !written.empty();
    return;
  }
  cells_.push_back({id, value});
  const Role role = columns_.role(id);
  if (role == Role::none) return;
  std::string_view& known = roles_[static_cast<std::size_t>(role)];
  if (known.empty()) known = value;
}

std::int32_t Draft::event_id() const { return number<std::int32_t>(value(Role::event_id), -1); }

base::Result<event::Event*> Draft::add_event(const RecordPlace& place, std::string_view raw) {
  if (too_many_ > 0) {
    return base::Error{"has more than " + std::to_string(max_fields_) +
                       " fields, the limit for one event (fields_per_event)"};
  }
  if (names_full_) {
    return base::Error{"brings more field names than the " + std::to_string(Columns::max_names) +
                       " one file may have"};
  }
  ids_.clear();
  for (const Cell& cell : cells_) ids_.push_back(cell.column);
  const event::Schema* schema = columns_.schema(ids_);
  if (!schema) {
    return base::Error{"has one more set of fields than the " +
                       std::to_string(Columns::max_schemas) + " one file may have"};
  }
  const auto values = batch_->arena.array<std::string_view>(cells_.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) values[i] = cells_[i].value;

  event::Event& event = batch_->events.emplace_back();
  event.schema = schema;
  event.values = values;
  event.event_id = event_id();
  event.record_id = number<std::uint64_t>(value(Role::record_id), 0);
  event.channel = value(Role::channel);
  event.provider = value(Role::provider);
  event.raw = raw;
  event.recovered = place.recovered;
  event.header_id = place.header_id;
  event.ordinal = place.ordinal;
  return &event;
}

base::Result<void> Draft::commit(Kind kind, const RecordPlace& place, std::string_view raw) {
  if (value(Role::provider).empty()) {
    const auto provider = provider_of_channel(value(Role::channel), event_id());
    if (!provider.empty()) add(event::Section::system, "Name", provider);
  }
  if (kind == Kind::json) std::ranges::stable_sort(cells_, {}, &Cell::column);
  auto event = add_event(place, raw);
  if (!event) return base::Error{event.error()};
  const TimeTexts texts{value(Role::system_time), value(Role::utc_time), value(Role::event_time),
                        value(Role::timestamp)};
  if (const auto time = kind == Kind::xml ? time_of_xml(texts) : time_of_json(texts)) {
    (*event)->time = *time;
    (*event)->has_time = true;
  }
  return {};
}

base::Result<void> Draft::commit(const Stated& stated, const RecordPlace& place,
                                 std::string_view raw) {
  auto event = add_event(place, raw);
  if (!event) return base::Error{event.error()};
  if (stated.time) {
    (*event)->time = *stated.time;
    (*event)->has_time = true;
  }
  if (!stated.channel.empty()) (*event)->channel = stated.channel;
  if (!stated.provider.empty()) (*event)->provider = stated.provider;
  return {};
}

}  // namespace escudo::sources
