#pragma once
// Schema: the ordered columns that events of one shape share, so that a rule's field is looked up
// once per shape and never once per event. Interned: equal column lists give the same pointer.
//
// Lifetime: a Schema lives as long as the process. Thread-safe: schemas are immutable,
// intern_schema locks.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "event/field.hpp"

namespace escudo::event {

// Where a value stood in the record. Decides which of two equal names wins and how a dump writes
// it.
enum class Section : std::uint8_t { system, event_data, user_data, rendering, envelope };

struct Column {
  FieldId field;    // the name rules use: outside [A-Za-z0-9_] all is '_', as in the add-ons
  FieldId written;  // the name as the record spells it ("Process Name")
  Section section = Section::event_data;
  bool operator==(const Column&) const = default;
};

class Schema {
 public:
  explicit Schema(std::vector<Column> columns, std::uint32_t id);

  std::uint32_t id() const { return id_; }           // small and dense: an index for caches
  std::span<const Column> columns() const { return columns_; }

  // The slots that hold `field`, in record order: none, one, or several (a multivalue field).
  // EventData and UserData hide System attributes of the same name, these hide what was rendered
  // for a reader (RenderingInfo), and that what the log's carrier added.
  std::span<const std::uint16_t> slots(FieldId field) const;

 private:
  struct Entry { FieldId field; std::uint32_t begin, count; };
  std::uint32_t id_;
  std::vector<Column> columns_;
  std::vector<Entry> entries_;        // sorted by field
  std::vector<std::uint16_t> slots_;
};

// At most 65,535 columns (readers cap far below).
const Schema* intern_schema(std::span<const Column> columns);

}  // namespace escudo::event
