#pragma once
// Shape: the elements of a record in one row, instances, arrays and BinXML within values filled in,
// with values still as numbers of ParsedRecord::values(). Records with equal signatures have equal
// shapes: what is derived from one (columns, JSON, XML) serves all of them.
//
// Lifetime: borrows names and literals from the record's templates. Threads: none.

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sources/binxml/record.hpp"

namespace escudo::sources {

struct Part {
  enum class Kind : std::uint8_t {
    open,  // `end`: index of its close
    close,
    attribute,  // `end`: index of its attribute_end
    attribute_end,
    text,  // a literal
    cdata,
    value,
    instruction,
  };
  Kind kind = Kind::close;
  bool of_array = false;  // of open: one of those that an array repeats
  std::uint32_t value = 0;
  std::uint32_t end = 0;
  std::string_view text;  // a name or a literal
  std::string_view data;  // of an instruction

  bool is_text() const { return kind == Kind::text || kind == Kind::cdata || kind == Kind::value; }
};

using Shape = std::vector<Part>;

// Names and literals of one record. Those of a definition are fewer, but may be repeated.
inline constexpr std::size_t max_shape_text = 512 * 1024;

// An element with a slot that holds an array is repeated for each item. An attribute whose optional
// slots are all NULL vanishes, an element whose dependency is NULL too. Fails when the record grows
// beyond `max_parts` or max_shape_text.
base::Result<void> make_shape(const ParsedRecord& record, std::size_t max_parts, Shape& out);

std::string_view local_name(std::string_view name);   // without its prefix
bool declares_namespace(std::string_view attribute);  // xmlns, xmlns:x

}  // namespace escudo::sources
