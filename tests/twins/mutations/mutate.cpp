#include "mutations/mutate.hpp"

#include <algorithm>

#include "sources/binxml/little_endian.hpp"
#include "sources/evtx/chunk.hpp"

namespace escudo::mutations {
namespace {

using namespace sources;

void put(std::string& file, std::size_t at, std::uint64_t number, std::size_t size) {
  for (std::size_t i = 0; i < size && at + i < file.size(); ++i) {
    file[at + i] = static_cast<char>(number >> (8 * i));
  }
}

std::string at_text(const char* what, std::size_t at) {
  return std::string(what) + " at " + std::to_string(at);
}

}  // namespace

std::vector<Mutator::Place> Mutator::records(const std::string& file) const {
  std::vector<Place> out;
  for (std::size_t at = layout::file_header; at + layout::chunk <= file.size();
       at += layout::chunk) {
    const Chunk chunk(std::string_view(file).substr(at, layout::chunk));
    ChunkWalk walk(chunk);
    for (EvtxRecordPlace where; walk.next(where);) {
      Place place{at, at + where.at, where.size, 0, 0};
      const std::size_t begin = at + where.begin;
      if (where.end - where.begin > 18 && file[begin + 4] == 0x0C) {
        const std::uint32_t offset = u32(file.data() + begin + 10);
        std::size_t count = begin + 14;
        if (at + offset == count) count += 24 + u32(file.data() + count + 20);
        if (count + 4 < at + where.end) {
          place.values = u32(file.data() + count);
          if (place.values <= (at + where.end - count - 4) / 4) place.instance = count;
        }
      }
      out.push_back(place);
    }
  }
  return out;
}

std::uint32_t Mutator::other(std::uint32_t number) {
  switch (below(7)) {
    case 0:
      return number + 1;
    case 1:
      return number - 1;
    case 2:
      return 0;
    case 3:
      return UINT32_MAX;
    case 4:
      return number ^ (1u << below(16));
    case 5:
      return number + 8 * (1 + below(16));
    default:
      return below(0x10000);
  }
}

std::string Mutator::change(std::string& file) {
  const std::vector<Place> all = records(file);
  const auto bytes_at = [&](std::size_t at) { return file.data() + at; };
  if (all.empty() || below(20) == 0) {
    static constexpr std::size_t places[] = {8, 16, 24, 32, 36, 40, 42, 120};
    const std::size_t at = places[below(std::size(places))];
    put(file, at, other(u16(bytes_at(at))), 2);
    return at_text("the file header", at);
  }
  const Place& record = all[below(static_cast<std::uint32_t>(all.size()))];
  const std::size_t body = record.begin + layout::record_header;
  const auto body_size = static_cast<std::uint32_t>(record.size - layout::record_header - 4);
  switch (below(12)) {
    case 0: {
      static constexpr std::size_t places[] = {8, 16, 24, 32, 40, 44, 48, 120};
      const std::size_t at = record.chunk + places[below(std::size(places))];
      put(file, at, other(u32(bytes_at(at))), 4);
      return at_text("the chunk header", at - record.chunk);
    }
    case 1: {
      const std::size_t at = record.begin + (below(2) ? 4 : record.size - 4);
      put(file, at, other(u32(bytes_at(at))), 4);
      return at_text("a record's size", at);
    }
    case 2: {
      const std::size_t at = record.begin + (below(3) ? 8 : below(2) ? 0 : 16);
      put(file, at, other(u32(bytes_at(at))), 4);
      return at_text("a record's header", at);
    }
    case 3: {  // as after a power cut
      const std::size_t from = std::min((record.begin / 512 + 1) * 512, file.size());
      const std::size_t to = std::min(from + 512 * (1 + below(8)), record.chunk + layout::chunk);
      if (from < to) file.replace(from, to - from, to - from, '\0');
      return at_text("a torn page", from);
    }
    case 4: {
      const Place& from = all[below(static_cast<std::uint32_t>(all.size()))];
      const std::size_t size = std::min(record.size, from.size);
      file.replace(record.begin, size, file.substr(from.begin, size));
      return at_text("a record written over another", record.begin);
    }
    case 5:
      if (record.instance != 0) {
        put(file, record.instance, other(record.values), 4);
        return at_text("a count of values", record.instance);
      }
      [[fallthrough]];
    case 6:
    case 7:
      if (record.instance != 0 && record.values > 0) {
        const std::size_t at = record.instance + 4 + 4 * std::size_t{below(record.values)};
        if (below(2) == 0) {
          put(file, at, other(u16(bytes_at(at))), 2);
          return at_text("a value's size", at);
        }
        static constexpr unsigned char types[] = {0,    1,    2,    4,    6,    8,    0x0A, 0x0C,
                                                  0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14,
                                                  0x15, 0x21, 0x81, 0x84, 0x88, 0x93, 0x30, 0xFF};
        put(file, at + 2, types[below(std::size(types))], 1);
        return at_text("a value's type", at);
      }
      [[fallthrough]];
    case 8: {
      static constexpr unsigned char tokens[] = {0,    1,    2,    3,    4,    5,    6,
                                                 7,    8,    9,    0x0A, 0x0B, 0x0C, 0x0D,
                                                 0x0E, 0x0F, 0x41, 0x45, 0x46, 0x49, 0x70};
      // Where a token of the same kind stands.
      for (int tries = 0; tries < 64; ++tries) {
        const std::size_t at = body + below(body_size);
        const auto here = static_cast<unsigned char>(file[at]);
        if (std::ranges::find(tokens, here) == std::end(tokens)) continue;
        put(file, at, tokens[below(std::size(tokens))], 1);
        return at_text("a token", at);
      }
      [[fallthrough]];
    }
    case 9: {
      const std::size_t at = body + below(body_size);
      put(file, at, below(256), 1);
      return at_text("a byte", at);
    }
    case 10: {
      const std::size_t at = body + below(body_size > 4 ? body_size - 4 : 1);
      put(file, at, other(u32(bytes_at(at))), below(2) ? 2 : 4);
      return at_text("a number", at);
    }
    default: {  // the end of the body: values
      const std::size_t half = body_size / 2;
      const std::size_t at = body + half + below(body_size - static_cast<std::uint32_t>(half));
      put(file, at, below(256), 1);
      return at_text("a byte of a value", at);
    }
  }
}

}  // namespace escudo::mutations
