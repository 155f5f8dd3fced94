#pragma once
// Maps: raw fields -> the fields Splunk's add-ons and the Common Information Model give.
//
// The knowledge is data (content/maps/*.yml, each with sample events that a test checks; the
// mapping language is told in content/maps/README.md and docs/cim.md). Two layers, as in Splunk:
//   add-on fields  of an event kind (alias, calculation): seen by raw searches, named plainly
//   model fields   of a dataset: the add-on field, the model's calculation, its fill ("unknown")
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

// The values of one field of one event: none is null. Views into the batch, the scratch arena, the
// origin or the maps.
using FieldValues = std::span<const std::string_view>;

// A dataset by index into Maps::datasets(); raw searches use `raw`.
struct DatasetId {
  std::uint16_t index = 0xFFFF;
  bool operator==(const DatasetId&) const = default;
  static constexpr DatasetId raw() { return {}; }
  bool is_raw() const { return index == 0xFFFF; }
};

struct Kind;   // one class of events: same map, channel and event id. Owned by Maps.
class Recipe;  // how one field of one (kind, schema) is computed

enum class Membership { never, sometimes, always };

class Maps {
 public:
  // Reads every *.yml of `folder`; a bad map is an error in `problems` and left out. `switches` turns
  // on behaviours that maps offer by name (content/maps/README.md).
  static Maps load(const std::string& folder, const catalog::Catalog& catalog,
                   base::Diagnostics& problems, const std::vector<std::string>& switches = {});
  Maps(Maps&&) noexcept;
  Maps& operator=(Maps&&) noexcept;
  ~Maps();

  // Every dataset of the catalog, in its order: DatasetId::index points into it.
  std::span<const catalog::Dataset> datasets() const;
  // raw() when the catalog has no such dataset.
  DatasetId dataset(std::string_view full_name) const;
  bool feeds(std::string_view full_name) const;  // some map has events for it

  // Never null: events of no map get a kind of their own that knows only its raw fields and the
  // synthesised ones (source, sourcetype, host, _time, _raw, EventCode …). A few hash steps, no
  // lock.
  const Kind& kind_of(const event::Event& event) const;
  std::uint32_t kind_count() const;  // kind_index() is below this
  const Kind& kind(std::uint32_t index) const;

  Membership membership(const Kind& kind, DatasetId dataset) const;
  // For Membership::sometimes (successful machine logons are no Authentication, …). Resolved once
  // per (kind, dataset, schema) and cached inside; condition() gives the same test to keep.
  bool belongs(const Kind& kind, DatasetId dataset, const event::Event& event,
               const event::Origin& origin, base::Arena& scratch) const;
  // Has a value when the event belongs to the dataset.
  std::unique_ptr<const Recipe> condition(const Kind& kind, const event::Schema& schema,
                                          DatasetId dataset) const;

  // With a dataset, a field that its model does not have is always null. The recipe borrows from
  // the maps and the kind: they must outlive it.
  std::unique_ptr<const Recipe> recipe(const Kind& kind, const event::Schema& schema,
                                       DatasetId dataset, event::FieldId field) const;

  // Fields that maps give to raw searches of `kind` (add-on fields and synthesised ones), sorted.
  std::vector<std::string> fields_of(const Kind& kind) const;
  // The behaviours that can be turned on, sorted.
  std::vector<std::string> known_switches() const;
  // Names of all add-on fields and raw fields that maps mention, sorted, for lints.
  std::vector<std::string> known_fields() const;

  struct State;

 private:
  explicit Maps(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A small dense number of the kind, for caches.
std::uint32_t kind_index(const Kind& kind);
std::string_view kind_name(const Kind& kind);  // "Sysmon 1", "Security 4688", for explain

class Recipe {
 public:
  virtual ~Recipe() = default;
  // Valid while `event`'s batch, `origin` and `scratch` are. Does not allocate outside `scratch`.
  virtual FieldValues evaluate(const event::Event& event, const event::Origin& origin,
                               base::Arena& scratch) const = 0;
  // The same values for every event of this kind and schema (a constant, or always null) as long as
  // the origin's source, sourcetype and host are equal: they are part of the key of any cache that
  // rests on this. Without such overrides all origins are equal.
  virtual bool is_constant() const { return false; }
  // Only the first value is the field's own; the others are spellings that a filter must accept too
  // (source, sourcetype, registry_key_name) but that no row shows and no group is made of.
  virtual bool has_aliases() const { return false; }
  // The raw columns it reads, for telling a source what to decode; "_raw" stands for the raw text and
  // all columns. Appends; may repeat.
  virtual void columns_read(std::vector<event::FieldId>& out) const = 0;
  // True when each value is all the text of one of these columns, or one of `others`, to which it
  // appends what lives as long as the recipe.
  virtual bool copies(std::vector<std::string_view>& others) const = 0;
};

}  // namespace escudo::cim
