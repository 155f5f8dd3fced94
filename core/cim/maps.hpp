#pragma once
// Maps: raw fields -> the fields Splunk's add-ons and the Common Information Model give.
//
// The knowledge is data (content/maps/*.yml, each with sample events that a test checks; the mapping
// language is told in content/maps/README.md and docs/cim.md). Two layers, as in Splunk:
//   add-on fields  of an event kind (alias, calculation): seen by raw searches, named plainly
//   model fields   of a dataset: the add-on field, the model's calculation, then its fill ("unknown")
//
// Resolve once per (kind, schema, field), then evaluate per event. Maps are immutable, thread-safe.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/diagnostic.hpp"
#include "catalog/catalog.hpp"
#include "event/event.hpp"

namespace escudo::cim {

// The values of one field of one event: none is null. Views into the batch or the scratch arena.
using FieldValues = std::span<const std::string_view>;

// A dataset by index into Maps::datasets(); raw searches use `raw`.
struct DatasetId {
  std::uint16_t index = 0xFFFF;
  bool operator==(const DatasetId&) const = default;
  static constexpr DatasetId raw() { return {}; }
  bool is_raw() const { return index == 0xFFFF; }
};

class Kind;    // one class of events: same source and event id. Owned by Maps.
class Recipe;  // how one field of one (kind, schema) is computed

enum class Membership { never, sometimes, always };

class Maps {
 public:
  // Reads every *.yml of `folder`; a bad map is an error in `problems` and left out.
  static Maps load(const std::string& folder, const catalog::Catalog& catalog,
                   base::Diagnostics& problems);
  Maps(Maps&&) noexcept;
  Maps& operator=(Maps&&) noexcept;
  ~Maps();

  DatasetId dataset(std::string_view full_name) const;   // raw() when no map feeds it
  bool feeds(std::string_view full_name) const;          // some map has events for it

  // Never null: events of no map get a kind of their own that knows only its raw fields and the
  // synthesised ones (source, sourcetype, host, _time, _raw, EventCode …).
  const Kind& kind_of(const event::Event& event) const;

  Membership membership(const Kind& kind, DatasetId dataset) const;
  // For Membership::sometimes (successful machine logons are no Authentication, …).
  bool belongs(const Kind& kind, DatasetId dataset, const event::Event& event,
               base::Arena& scratch) const;

  std::unique_ptr<const Recipe> recipe(const Kind& kind, const event::Schema& schema,
                                       DatasetId dataset, event::FieldId field) const;

  // Names of all add-on fields and raw fields that maps mention, for lints.
  std::vector<std::string> known_fields() const;

 private:
  struct State;
  explicit Maps(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A small dense number of the kind, for caches.
std::uint32_t kind_index(const Kind& kind);
std::string_view kind_name(const Kind& kind);  // "Sysmon 1", "Security 4688", for explain

class Recipe {
 public:
  virtual ~Recipe() = default;
  // Valid while `event`'s batch and `scratch` are.
  virtual FieldValues evaluate(const event::Event& event, const event::Origin& origin,
                               base::Arena& scratch) const = 0;
  // Known without an event: always the same values (a constant, or always null).
  virtual bool is_constant() const { return false; }
};

}  // namespace escudo::cim
