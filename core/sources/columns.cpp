// Tested by tests/unit/sources/columns.cpp.

#include "sources/columns.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace escudo::sources {
namespace {

using event::Section;

// Bounds over all readers of the process: the names and schemas of hostile files are never given
// back.
constexpr std::uint32_t max_fields_of_process = 1u << 20;
constexpr std::uint32_t max_schemas_of_process = 1u << 19;

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || base::is_digit(c) || c == '_';
}

// One '_' for each character, not for each byte.
std::string as_field(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (std::size_t i = 0; i < name.size();) {
    if (plain(name[i])) {
      out += name[i++];
    } else {
      out += '_';
      i += base::decode_utf8(name, i).bytes;
    }
  }
  return out;
}

std::string_view shortened(std::string_view name) {
  if (name.size() <= Columns::max_name_bytes) return name;
  std::size_t end = Columns::max_name_bytes;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  return name.substr(0, end);
}

Role role_of(Section section, std::string_view field) {
  switch (section) {
    case Section::system:
      if (field == "EventID") return Role::event_id;
      if (field == "EventRecordID") return Role::record_id;
      if (field == "Channel") return Role::channel;
      if (field == "Name") return Role::provider;
      if (field == "SystemTime") return Role::system_time;
      return Role::none;
    case Section::event_data:
      return field == "UtcTime" ? Role::utc_time : Role::none;
    case Section::envelope:
      if (field == "EventTime") return Role::event_time;
      if (field == "_timestamp") return Role::timestamp;
      return Role::none;
    default:
      return Role::none;
  }
}

std::uint64_t hash_ids(std::span<const std::uint32_t> ids) {
  std::uint64_t h = 0xcbf29ce484222325ull ^ ids.size();
  for (std::uint32_t id : ids) {
    h = (h ^ id) * 0x9E3779B97F4A7C15ull;
    h ^= h >> 29;
  }
  return h;
}

}  // namespace

std::size_t Columns::KeyHash::operator()(const Key& key) const {
  const std::hash<std::string_view> text;
  return text(key.written) * 31 + text(key.field) * 7 + static_cast<std::size_t>(key.section);
}

std::uint32_t Columns::id(Section section, std::string_view written, std::string_view field) {
  std::uint32_t& predicted = previous_ == 0 ? first_ : columns_[previous_ - 1].next;
  if (predicted != 0) {
    const Known& known = columns_[predicted - 1];
    if (known.written == written && known.column.section == section && known.field == field) {
      previous_ = predicted;
      return predicted - 1;
    }
  }
  const std::uint32_t found = find_or_add({section, written, field});
  if (found == no_column) return no_column;
  // find_or_add() may have moved the columns: `predicted` is stale here.
  (previous_ == 0 ? first_ : columns_[previous_ - 1].next) = found + 1;
  previous_ = found + 1;
  return found;
}

std::uint32_t Columns::find_or_add(const Key& key) {
  const auto found = by_name_.find(key);
  if (found != by_name_.end()) return found->second;
  const std::string_view written = shortened(key.written);
  const std::string field = as_field(shortened(key.field.empty() ? key.written : key.field));
  const std::size_t size = key.written.size() + key.field.size();
  if (field.empty() || columns_.size() >= max_names || text_bytes_ + size > max_text_bytes ||
      event::field_count() >= max_fields_of_process) {
    return no_column;
  }
  text_bytes_ += size;
  Known known;
  known.column = {event::intern(field), event::intern(written), key.section};
  known.role = role_of(key.section, field);
  known.written = texts_.emplace_back(key.written);
  known.field = texts_.emplace_back(key.field);
  const auto id = static_cast<std::uint32_t>(columns_.size());
  columns_.push_back(known);
  by_name_.emplace(Key{key.section, known.written, known.field}, id);
  return id;
}

const event::Schema* Columns::schema(std::span<const std::uint32_t> ids) {
  const std::uint64_t hash = hash_ids(ids);
  const auto [first, last] = shapes_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    const auto& known = it->second.ids;
    if (std::equal(known.begin(), known.end(), ids.begin(), ids.end())) return it->second.schema;
  }
  if (shapes_.size() >= max_schemas) return nullptr;
  std::vector<event::Column> columns;
  columns.reserve(ids.size());
  for (std::uint32_t id : ids) columns.push_back(columns_[id].column);
  const event::Schema* schema = event::intern_schema(columns);
  if (schema->id() >= max_schemas_of_process) return nullptr;
  shapes_.emplace(hash, Shape{{ids.begin(), ids.end()}, schema});
  return schema;
}

}  // namespace escudo::sources
