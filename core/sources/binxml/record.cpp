// Tested by tests/unit/sources/evtx_native.cpp; fuzzed by tests/fuzz/evtx_native.cpp.

#include "sources/binxml/record.hpp"

#include <algorithm>

#include "sources/binxml/little_endian.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t instance_header = 10;  // token, version, template id, offset of definition
constexpr std::uint32_t max_fragment_depth = 16;
// A record has at most 64 KiB; nested instances of nothing cost 14 bytes each.
constexpr std::size_t max_pieces = 1024, max_values = 64 * 1024, max_inside = 32 * 1024;

struct InstanceHead {
  const Template* of = nullptr;
  std::uint32_t count = 0;
  std::size_t descriptors = 0, values = 0;  // within the chunk
};

bool begins_binxml(char token) { return token == 0x0F || token == 0x0C; }

// Reads up to the descriptors of an instance whose token is at `at`.
bool read_head(std::string_view chunk, std::size_t at, std::size_t end, Templates& templates,
               InstanceHead& head, const char*& why) {
  why = "is cut within a template instance";
  if (end - at < instance_header + 4) return false;
  const char* p = chunk.data() + at;
  const std::uint32_t id = u32(p + 2), offset = u32(p + 6);
  at += instance_header;
  const bool here = offset == at;
  if (here) {  // the definition stands here
    if (end - at < definition_header + 4) return false;
    const std::uint32_t size = u32(chunk.data() + at + 20);
    if (end - at - definition_header - 4 < size) return false;
    at += definition_header + size;
  }
  head.count = u32(chunk.data() + at);
  at += 4;
  if (head.count > (end - at) / 4) return false;
  head.descriptors = at;
  head.values = at + 4 * std::size_t{head.count};
  // Between them stands nothing: whatever damaged the id, this is the definition.
  head.of = templates.at(offset, here ? u32(chunk.data() + offset + 4) : id, head.count);
  if (!head.of) why = templates.why();
  return head.of != nullptr;
}

}  // namespace

bool ParsedRecord::fail(const char* why) {
  if (failure_.empty()) failure_ = why;
  return false;
}

bool ParsedRecord::too_much(const char* why) {
  over_limit_ = true;
  return fail(why);
}

bool ParsedRecord::peek(std::string_view chunk, std::size_t begin, std::size_t end) {
  if (end - begin < 4 || chunk[begin] != 0x0F ||
      chunk[begin + 4 < end ? begin + 4 : begin] != 0x0C) {
    return false;
  }
  InstanceHead head;
  const char* why = "";
  if (!read_head(chunk, begin + 4, end, templates_, head, why)) return false;
  outer_ = head.of;
  outer_values_ = head.count;
  descriptors_ = chunk.data() + head.descriptors;
  outer_data_ = chunk.data() + head.values;
  std::size_t total = 0;
  for (std::uint32_t i = 0; i < head.count; ++i) total += u16(descriptors_ + 4 * i);
  return total <= end - head.values;
}

RawValue ParsedRecord::header_value(std::uint16_t slot) const {
  if (slot >= outer_values_) return {};
  const char* data = outer_data_;
  for (std::uint16_t i = 0; i < slot; ++i) data += u16(descriptors_ + 4 * i);
  const char* descriptor = descriptors_ + 4 * slot;
  return {data, u16(descriptor), static_cast<std::uint8_t>(descriptor[2])};
}

base::Result<void> ParsedRecord::parse(std::string_view chunk, std::size_t begin, std::size_t end) {
  chunk_ = chunk;
  pieces_.clear();
  values_.clear();
  inside_.clear();
  signature_.clear();
  written_out_.clear();
  repeatable_ = true;
  cut_ = over_limit_ = false;
  failure_.clear();
  Inside outer;
  if (!fragment(begin, end, 0, outer)) return base::Error{failure_};
  outer_pieces_ = outer.end;
  if (pieces_.empty()) return base::Error{"holds nothing"};
  if (!repeatable_) signature_.clear();
  return {};
}

bool ParsedRecord::fragment(std::size_t begin, std::size_t end, std::uint32_t depth,
                            Inside& pieces) {
  if (depth > max_fragment_depth) return too_much("nests BinXML in BinXML deeper than 16");
  const std::size_t first = pieces_.size();
  std::size_t at = begin;
  while (at < end) {
    const auto token = static_cast<unsigned char>(chunk_[at]);
    if (token == 0x0F) {
      at = std::min(at + 4, end);
    } else if (token == 0x0C) {
      if (!instance(at, end)) return false;
    } else if ((token & 0xBF) == 0x01 || (token & 0xBF) == 0x0A) {
      if (!elements(at, end)) return false;
    } else {
      break;  // the end-of-stream token; what follows pads to eight bytes
    }
  }
  const std::size_t last = pieces_.size();
  pieces = {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last)};
  for (std::size_t i = first; i < last; ++i) {
    const Piece piece = pieces_[i];
    if (piece.nests && !open_values(piece, depth)) return false;
  }
  return true;
}

bool ParsedRecord::elements(std::size_t& at, std::size_t end) {
  repeatable_ = false;
  auto made = std::make_unique<Template>();
  std::size_t stopped = at;
  auto done = compile_binxml({chunk_, at, end, false}, depth_limit_, *made, nullptr, &stopped);
  if (!done) {  // some writers give elements outside templates a dependency identifier too
    auto again = std::make_unique<Template>();
    if (!compile_binxml({chunk_, at, end, true}, depth_limit_, *again, nullptr, &stopped)) {
      return fail(done.error().c_str());
    }
    made = std::move(again);
  }
  if (pieces_.size() >= max_pieces) return too_much("holds more BinXML fragments than a record may");
  pieces_.push_back({made.get(), 0, 0});
  written_out_.push_back(std::move(made));
  at = end;  // elements run to the end of their stream
  return true;
}

bool ParsedRecord::instance(std::size_t& at, std::size_t end) {
  InstanceHead head;
  const char* why = "";
  if (!read_head(chunk_, at, end, templates_, head, why)) return fail(why);
  if (pieces_.size() >= max_pieces) return too_much("holds more BinXML fragments than a record may");
  Piece piece{head.of, static_cast<std::uint32_t>(values_.size()), head.count};
  values_.resize(values_.size() + head.count);
  RawValue* value = values_.data() + piece.first_value;
  const char* descriptor = chunk_.data() + head.descriptors;
  std::size_t data = head.values;
  signature_.push_back(reinterpret_cast<std::uintptr_t>(head.of));
  std::uint64_t bits = 1;
  for (std::uint32_t i = 0; i < head.count; ++i, descriptor += 4) {
    std::uint16_t size = u16(descriptor);
    const auto type = static_cast<std::uint8_t>(descriptor[2]);
    if (size > end - data) {
      size = static_cast<std::uint16_t>(end - data);
      cut_ = true;
    }
    // BinXML tells itself where it ends: a size that is damaged need not cut it.
    const bool last = i + 1 == head.count;
    if (last && type == type::binxml && size < end - data && begins_binxml(chunk_[data])) {
      size = static_cast<std::uint16_t>(end - data);
    }
    *value = {chunk_.data() + data, size, type};
    piece.nests |= type == type::binxml || value->is_array();
    ++value;
    data += size;
    if (i < head.of->structural.size() && head.of->structural[i]) {
      const bool nothing = type == type::null, empty = size == 0;
      bits = bits << 2 | (nothing ? 2u : !empty ? 0u : type == type::binxml ? 3u : 1u);
      if (bits >> 62 != 0) {
        signature_.push_back(bits);
        bits = 1;
      }
    }
  }
  // Fewer values than the template has places count as NULL, and are told apart here.
  signature_.push_back(bits);
  signature_.push_back(head.count);
  pieces_.push_back(piece);
  at = data;
  return true;
}

bool ParsedRecord::open_values(const Piece& piece, std::uint32_t depth) {
  for (std::uint32_t i = piece.first_value; i < piece.first_value + piece.values; ++i) {
    const RawValue value = values_[i];
    const bool holds_pieces = value.type == type::binxml && value.size > 0;
    if (!value.is_array() && !holds_pieces) continue;
    if (inside_.size() >= max_inside) return too_much("holds more values than a record may");
    const std::size_t slot = inside_.size();
    inside_.emplace_back();
    values_[i].inside = static_cast<std::uint16_t>(slot + 1);
    Inside found;
    if (holds_pieces) {
      signature_.push_back(~std::uint64_t{i});
      const auto begin = static_cast<std::size_t>(value.data - chunk_.data());
      if (!fragment(begin, begin + value.size, depth + 1, found)) {
        if (over_limit_) return false;
        // The rest of the record is sound, and tells what it is of.
        failure_.clear();
        found = {};
        cut_ = true;
        repeatable_ = false;
      }
    } else {
      found.begin = static_cast<std::uint32_t>(values_.size());
      std::string_view rest = value.bytes();
      while (const auto item = take_item(value.type, rest)) {
        if (values_.size() >= max_values) return too_much("holds more values than a record may");
        values_.push_back(*item);
      }
      found.end = static_cast<std::uint32_t>(values_.size());
      signature_.push_back(std::uint64_t{i} << 32 | (found.end - found.begin));
    }
    inside_[slot] = found;
  }
  return true;
}

}  // namespace escudo::sources
