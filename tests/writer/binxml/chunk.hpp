#pragma once
// ChunkBuilder: one 64 KiB chunk of an EVTX file.
//
//   0x000 header, 0x080 heads of 64 name chains, 0x180 heads of 32 template chains, 0x200 records
//
// Names and template definitions are written where they are first used and pointed back at later,
// the way Windows does, and both are linked into the chains of the header. A name's chain is its
// hash modulo 64; a template's is the same hash over its GUID taken as eight UTF-16 units, modulo
// 32 (seen in real logs, not in the published format). New entries go to the front of a chain.
//
// One builder belongs to one thread. add() throws std::length_error when a record cannot fit even
// an empty chunk.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "binxml/binxml.hpp"

namespace escudo::writer {

constexpr std::size_t chunk_size = 0x10000;
constexpr std::size_t records_begin = 0x200;
// libevtx loses a record that ends on a chunk's very last byte, and no real log is known to hold
// one.
constexpr std::size_t usual_end = chunk_size - 8;

class ChunkBuilder {
 public:
  // Records end at `end` at the latest.
  explicit ChunkBuilder(std::size_t end = usual_end) : bytes_(chunk_size, '\0'), end_(end) {
    reset();
  }

  // False when the chunk is full; it is then as it was. `header_id` is the record's number in the
  // file, which need not be its EventRecordID.
  bool add(std::uint64_t header_id, std::uint64_t filetime, const Fragment& fragment);
  bool empty() const { return records_ == 0; }

  // Fills in the header with `first_number` as the running number of the first record, and the
  // checksums. The view is valid until the next add() or reset().
  std::string_view finish(std::uint64_t first_number);
  void reset();  // start an empty chunk

 private:
  // What add() may have to take back.
  struct Link {
    bool is_template;
    std::uint32_t bucket;
    std::uint32_t old_head;
    std::string key;
  };

  bool has_room(std::size_t n);
  void put8(std::uint8_t v);
  void put16(std::uint16_t v);
  void put32(std::uint32_t v);
  void put_bytes(std::string_view bytes);
  void put_units(std::u16string_view units);
  void set16(std::size_t at, std::uint64_t v);
  void set32(std::size_t at, std::uint64_t v);
  void set64(std::size_t at, std::uint64_t v);
  std::uint32_t get32(std::size_t at) const;
  std::uint32_t here() const { return static_cast<std::uint32_t>(at_); }

  void link(bool is_template, std::uint32_t bucket, std::uint32_t offset, std::string key);
  void put_name(const std::string& name);
  void put_fragment(const Fragment& fragment);
  void put_instance(const Instance& instance);
  void put_definition(const Template& of);
  void put_element(const Element& element, bool in_template);
  void put_nodes(const std::vector<Node>& nodes, bool in_template);
  void put_node(const Node& node, bool more_follows, bool in_template);
  void take_back(std::size_t at);

  std::string bytes_;
  std::size_t end_;
  std::size_t at_ = records_begin;
  bool full_ = false;
  std::uint64_t records_ = 0;
  std::uint64_t first_id_ = 0, last_id_ = 0;
  std::size_t last_record_ = 0;
  std::unordered_map<std::string, std::uint32_t> names_, templates_;
  std::vector<Link> journal_;
};

}  // namespace escudo::writer
