#pragma once
// ParsedRecord: what a record holds, taken apart but not decoded: its templates, the values of
// their instances, and BinXML within values.
//
// Lifetime: views into the chunk and the Templates it was parsed with; good for one record.
// Threads: none. One object is reused for every record of a file.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sources/binxml/template.hpp"
#include "sources/binxml/templates.hpp"
#include "sources/binxml/value.hpp"

namespace escudo::sources {

class ParsedRecord {
 public:
  // One thing that stands in a fragment: an instance of a template, or elements written out.
  struct Piece {
    const Template* of = nullptr;
    std::uint32_t first_value = 0, values = 0;  // into values()
    bool nests = false;                         // some of them are arrays or BinXML
  };
  // What a value holds: pieces of BinXML, or the items of an array.
  struct Inside {
    std::uint32_t begin = 0, end = 0;  // into pieces(), or values() for an array
  };

  ParsedRecord(Templates& templates, std::uint32_t depth_limit)
      : templates_(templates), depth_limit_(depth_limit) {}

  // The outer instance alone, up to its descriptors: enough for outer() and header_value().
  // False when the record is no plain instance; parse() may still read it.
  bool peek(std::string_view chunk, std::size_t begin, std::size_t end);
  const Template& outer() const { return *outer_; }
  // The value of one slot of the outer instance, by adding up the sizes before it.
  RawValue header_value(std::uint16_t slot) const;

  // All of it. Fails with what is wrong, to follow "record N ".
  base::Result<void> parse(std::string_view chunk, std::size_t begin, std::size_t end);

  // Those of the outermost fragment come first.
  std::span<const Piece> pieces() const { return {pieces_.data(), outer_pieces_}; }
  std::span<const Piece> pieces(const RawValue& binxml) const {
    const Inside& i = inside_[binxml.inside - 1u];
    return {pieces_.data() + i.begin, i.end - i.begin};
  }
  // The items of an array, as indices into values().
  Inside items(const RawValue& array) const { return inside_[array.inside - 1u]; }
  const std::vector<RawValue>& values() const { return values_; }

  // Equal for records that have the same elements and columns; empty when that cannot be told
  // because something is written out without a template.
  const std::vector<std::uint64_t>& signature() const { return signature_; }
  // Values had sizes beyond the end, of the first there is what is left, of the others nothing; or
  // BinXML within a value could not be read, and there is nothing of it.
  bool is_cut() const { return cut_; }

 private:
  bool fragment(std::size_t begin, std::size_t end, std::uint32_t depth, Inside& pieces);
  bool instance(std::size_t& at, std::size_t end);
  bool elements(std::size_t& at, std::size_t end);
  bool open_values(const Piece& piece, std::uint32_t depth);
  bool fail(const char* why);
  bool too_much(const char* why);

  Templates& templates_;
  const std::uint32_t depth_limit_;
  std::string_view chunk_;
  const Template* outer_ = nullptr;
  const char* descriptors_ = nullptr;
  std::uint32_t outer_values_ = 0;
  const char* outer_data_ = nullptr;
  std::vector<Piece> pieces_;
  std::size_t outer_pieces_ = 0;
  std::vector<RawValue> values_;
  std::vector<Inside> inside_;
  std::vector<std::uint64_t> signature_;
  bool repeatable_ = true;
  bool cut_ = false, over_limit_ = false;
  std::vector<std::unique_ptr<Template>> written_out_;
  std::string failure_;
};

}  // namespace escudo::sources
