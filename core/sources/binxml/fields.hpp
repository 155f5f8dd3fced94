#pragma once
// Fields: from the shape of a record the columns of its event, by the rules of winxml/decoder.hpp.
//
// A FieldProgram is made once for a shape and run on each record of it. What no program can say
// beforehand (names made of values, records without a provider) goes through a Draft, record by
// record. Threads: none.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "event/event.hpp"
#include "sources/binxml/shape.hpp"
#include "sources/binxml/text_pen.hpp"
#include "sources/columns.hpp"
#include "sources/demand.hpp"
#include "sources/draft.hpp"

namespace escudo::sources {

// One column: its name, and the parts of the shape that make its text.
struct FieldCell {
  event::Section section = event::Section::event_data;
  std::string name;                            // as written, when it is known
  std::uint32_t name_begin = 0, name_end = 0;  // otherwise the parts that make it
  std::uint32_t begin = 0, end = 0;            // the parts that make the value
};

// The columns of a shape; of its values only whether they are empty is looked at. False when
// elements are nested deeper than `depth_limit`.
bool list_fields(const Shape& shape, const ParsedRecord& record, std::uint32_t depth_limit,
                 std::vector<FieldCell>& out);

struct FieldProgram {
  struct Cell {
    bool wanted = true;
    bool single = false;       // exactly the value `value`
    std::string_view literal;  // or exactly this text, which lasts as long as the program
    std::uint32_t value = 0;
    std::uint32_t begin = 0, end = 0;
  };
  const event::Schema* schema = nullptr;  // null: take the Draft
  std::vector<Cell> cells;
  bool raw = true;
  bool nothing = false;  // neither values nor members are looked at
  static constexpr std::uint32_t nowhere = UINT32_MAX;
  // Cells that hold the members of an event.
  std::uint32_t event_id = nowhere, record_id = nowhere, channel = nowhere, provider = nowhere,
                system_time = nowhere;
};

class FieldWriter {
 public:
  explicit FieldWriter(const Limits& limits) : limits_(limits), draft_(limits) {}

  // With each cleared batch, before any of its records.
  void start(event::Batch& batch) {
    pen_.start(batch.arena);
    blank_ = {};
  }

  // Literals last: the shape is of templates that stay, not of elements written out in the record.
  FieldProgram compile(const Shape& shape, const ParsedRecord& record, bool literals_last);
  // Fills what a program needs to know of wishes; nothing when the program is no program.
  static void apply(FieldProgram& program, const Demand::Columns& columns);

  base::Result<void> run(const FieldProgram& program, const Shape& shape,
                         const ParsedRecord& record, const RecordPlace& place, event::Batch& batch);

 private:
  // The text of a value, and of some parts, in the arena of the batch.
  std::string_view text(const RawValue& value);
  std::string_view text(const Shape& shape, const ParsedRecord& record, std::uint32_t begin,
                        std::uint32_t end);
  std::span<const std::string_view> blank(std::size_t values, event::Batch& batch);
  base::Result<void> through_draft(const Shape& shape, const ParsedRecord& record,
                                   const RecordPlace& place, event::Batch& batch);

  const Limits limits_;
  Columns columns_;
  Draft draft_;
  std::vector<FieldCell> cells_;
  std::vector<std::uint32_t> ids_;
  TextPen pen_;
  std::span<std::string_view> blank_;  // of this batch
  std::size_t written_ = 0;  // of the record at hand
};

}  // namespace escudo::sources
