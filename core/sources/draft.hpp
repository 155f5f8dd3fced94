#pragma once
// Draft: an event while a decoder collects its values; commit() adds it to the batch.
//
// Lifetime: values handed in must live as long as the batch (its arena, or forever).
// Threads: none. A draft is reused for every record of a file.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "event/event.hpp"
#include "sources/columns.hpp"
#include "sources/source.hpp"

namespace escudo::sources {

// What the record's place in its file tells; the decoder tells the rest.
struct RecordPlace {
  std::uint64_t ordinal = 0;
  std::uint64_t header_id = 0;
  bool recovered = false;
};

// What a format without a System section tells of a record outside its fields.
struct Stated {
  std::optional<base::Time> time;
  std::string_view channel, provider;  // empty: as the fields say
};

class Draft {
 public:
  enum class Kind { xml, json };  // decides the time

  explicit Draft(const Limits& limits) : max_fields_(limits.fields_per_event) {}

  void start(event::Batch& batch);
  // Values are kept in the order they come. Past the limit of fields they are counted only.
  void add(event::Section section, std::string_view written, std::string_view value,
           std::string_view field = {});
  std::string_view value(Role role) const { return roles_[static_cast<std::size_t>(role)]; }
  std::int32_t event_id() const;

  // Fails with one sentence when the record exceeds a limit; nothing is added then.
  // JSON members come in any order, even within one file: for Kind::json the columns are put into
  // the order in which the file showed them first, so that equal sets of names share one schema.
  base::Result<void> commit(Kind kind, const RecordPlace& place, std::string_view raw);
  // The same for text logs: time is what `stated` says, columns stand as they came.
  base::Result<void> commit(const Stated& stated, const RecordPlace& place, std::string_view raw);

 private:
  base::Result<event::Event*> add_event(const RecordPlace& place, std::string_view raw);

  struct Cell {
    std::uint32_t column;
    std::string_view value;
  };

  std::uint32_t max_fields_;
  Columns columns_;
  event::Batch* batch_ = nullptr;
  std::vector<Cell> cells_;
  std::vector<std::uint32_t> ids_;
  std::array<std::string_view, role_count> roles_;
  std::uint64_t too_many_ = 0;
  bool names_full_ = false;
};

}  // namespace escudo::sources
