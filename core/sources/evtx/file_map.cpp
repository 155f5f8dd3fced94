// Tested by tests/unit/sources/evtx_native.cpp.

#include "sources/evtx/file_map.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "sources/binxml/little_endian.hpp"
#include "sources/evtx/chunk.hpp"
#include "sources/evtx/crc32.hpp"

namespace escudo::sources {
namespace {

using namespace std::string_view_literals;

std::uint64_t place_of(std::uint64_t slot) { return layout::file_header + slot * layout::chunk; }

// The chunk behind the counted ones continues the numbers of the one before it.
base::Result<bool> goes_on(RandomBytes& bytes, std::uint64_t slot) {
  std::array<char, layout::first_record> before{}, behind{};
  auto got = bytes.read_at(place_of(slot - 1), before.data(), before.size());
  if (!got) return base::Error{got.error()};
  got = bytes.read_at(place_of(slot), behind.data(), behind.size());
  if (!got) return base::Error{got.error()};
  const Chunk last({before.data(), before.size()}), next({behind.data(), behind.size()});
  return last.has_signature() && next.has_signature() && next.declared() > 0 &&
         next.first_number() == last.last_number() + 1;
}

}  // namespace

base::Result<FileMap> FileMap::read(RandomBytes& bytes) {
  FileMap map;
  map.bytes = bytes.size();
  if (map.bytes > layout::file_header) {
    map.slots = (map.bytes - layout::file_header + layout::chunk - 1) / layout::chunk;
  }
  std::array<char, 128> head{};
  auto got = bytes.read_at(0, head.data(), head.size());
  if (!got) return base::Error{got.error()};
  const std::string_view header(head.data(), *got);
  map.live = map.slots;
  if (header.size() < head.size() || !header.starts_with("ElfFile\0"sv)) {
    map.notes.push_back("the file header is damaged: every chunk of the file is looked for");
    return map;
  }
  const std::uint32_t flags = u32(head.data() + layout::file_flags);
  const std::uint64_t counted = u16(head.data() + layout::file_chunks);
  const bool checked = (flags & layout::flag_no_checksums) == 0;
  if (checked && crc32(header.substr(0, 120)) != u32(head.data() + layout::file_checksum)) {
    map.notes.push_back("the checksum of the file header is wrong");
  }
  if (map.slots > UINT16_MAX) return map;
  map.missing = counted > map.slots ? counted - map.slots : 0;
  map.expected = std::min(counted, map.slots);
  if (counted >= map.slots) return map;
  if ((flags & layout::flag_dirty) != 0) return map;
  map.live = counted;
  if (counted == 0) return map;
  auto more = goes_on(bytes, counted);
  if (!more) return base::Error{more.error()};
  if (*more) {
    map.live = map.slots;
    map.notes.push_back("the file header counts " + std::to_string(counted) +
                        " chunks, but there are more: all are read");
  }
  return map;
}

}  // namespace escudo::sources
