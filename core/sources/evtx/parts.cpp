// How a log is divided for several readers. Tested by tests/unit/sources/evtx_native.cpp.

#include <algorithm>

#include "sources/bytes.hpp"
#include "sources/evtx/file_map.hpp"
#include "sources/sniff.hpp"
#include "sources/source.hpp"

namespace escudo::sources {
namespace {

constexpr std::uint64_t smallest_part = 64;  // chunks, 4 MiB

}  // namespace

std::vector<FilePart> parts_of(const std::string& path, const OpenOptions& options,
                               unsigned most_parts) {
  const std::vector<FilePart> whole{FilePart{}};
  // What is carved is compared with every live record of the file.
  if (path == "-" || most_parts < 2 || options.recover || options.evtx != EvtxReader::native) {
    return whole;
  }
  auto bytes = open_file(path, nullptr);
  if (!bytes || !(*bytes)->random()) return whole;
  char head[4096 + 8];
  const auto got = (*bytes)->random()->read_at(0, head, sizeof head);
  if (!got || sniff({head, *got}, false) != Format::evtx) return whole;
  const auto map = FileMap::read(*(*bytes)->random());
  if (!map) return whole;
  const std::uint64_t parts = std::min<std::uint64_t>(most_parts, map->live / smallest_part);
  if (parts < 2) return whole;
  std::vector<FilePart> out;
  for (std::uint64_t k = 0; k < parts; ++k) {
    out.push_back({map->live * k / parts, map->live * (k + 1) / parts});
  }
  out.back().end = UINT64_MAX;
  return out;
}

}  // namespace escudo::sources
