#pragma once
// Template: BinXML compiled: the elements, attributes and texts of a definition in one row, with
// the places that an instance's values fill. What records write out without a template is compiled
// to the same form. FORMAT.md beside the EVTX reader describes the bytes.
//
// Immutable once made; shared between threads and files by TemplateCache.

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace escudo::sources {

enum class Op : std::uint8_t {
  open,       // <name; `end` is the index of its close
  close,      // </name>
  attribute,  // name=; `end` is the index of its attribute_end
  attribute_end,
  text,         // literal: entities and references decoded
  cdata,        // literal that stood in a CDATA section
  slot,         // the instance's value number `slot`
  instruction,  // <?name text?>
};

struct TemplateOp {
  Op op = Op::close;
  bool optional = false;  // of a slot: NULL makes what holds it vanish
  std::uint16_t slot = 0;
  std::uint16_t depends_on = 0xFFFF;  // of open: the slot whose NULL makes it vanish
  std::uint32_t end = 0;
  std::string_view text;  // the name of open, attribute and instruction; a literal
  std::string_view data;  // of an instruction
};

// What the members of an event stand in: in a slot, or in the definition itself.
struct HeaderPart {
  enum class Where : std::uint8_t { nowhere, literal, slot } where = Where::nowhere;
  std::uint16_t slot = 0;
  std::string_view literal;
};

struct Template {
  std::vector<TemplateOp> ops;
  std::uint32_t slots = 0;  // one more than the largest that is used
  // Slots whose NULL or emptiness decides which elements and columns there are.
  std::vector<bool> structural;
  // Of <Event><System>…: known without looking at anything else.
  HeaderPart event_id, channel, provider, record_id, system_time;

  Template() = default;
  Template(const Template&) = delete;
  Template& operator=(const Template&) = delete;

  // What is kept stays where it is; it may be appended to while the template is made.
  std::string& keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  std::size_t bytes() const;  // of memory, about
  void analyse();  // fills everything behind `ops`

 private:
  std::deque<std::string> texts_;
};

// Where a definition names something: a chunk offset that differs from chunk to chunk.
struct NameReference {
  static constexpr std::uint32_t first = UINT32_MAX;
  std::uint32_t at = 0;        // of the offset, within the definition's bytes
  bool written_here = false;   // the name stands right behind its offset
  std::uint32_t like = first;  // an earlier reference to the same offset
  // Of the name, UTF-16LE, within bytes that the reader of this keeps; of a first reference alone.
  std::string_view units;
};

// Bytes of one chunk that hold BinXML. Offsets to names count from the chunk's first byte.
struct BinxmlPlace {
  std::string_view chunk;
  std::size_t begin = 0, end = 0;  // within the chunk
  bool definition = false;         // elements carry a dependency identifier
};

// The name at this offset of the chunk: hash, length, units. False when there can be none.
bool name_at(std::string_view chunk, std::size_t offset, std::string_view& units);

// Compiles elements up to the end-of-stream token or the end of the place; `stopped`, where given,
// is set to where that was. Fails with what is wrong, to follow "record N ".
base::Result<void> compile_binxml(const BinxmlPlace& place, std::uint32_t depth_limit,
                                  Template& into, std::vector<NameReference>* names = nullptr,
                                  std::size_t* stopped = nullptr);

}  // namespace escudo::sources
