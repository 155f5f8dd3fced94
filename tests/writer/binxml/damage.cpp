#include "binxml/damage.hpp"

#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "binxml/crc32.hpp"
#include "binxml/evtx_file.hpp"

namespace escudo::writer {
namespace {

constexpr std::size_t page = 512;

std::uint64_t get(const std::string& b, std::size_t at, std::size_t size) {
  std::uint64_t v = 0;
  for (std::size_t i = size; i-- > 0;) v = v << 8 | static_cast<unsigned char>(b.at(at + i));
  return v;
}

void set(std::string& b, std::size_t at, std::size_t size, std::uint64_t v) {
  for (std::size_t i = 0; i < size; ++i) b.at(at + i) = static_cast<char>(v >> (8 * i));
}

std::size_t chunk_at(const std::string& file, std::size_t chunk) {
  const std::size_t at = file_header_size + chunk * chunk_size;
  if (at + chunk_size > file.size()) throw std::out_of_range("no such chunk");
  return at;
}

std::vector<std::size_t> record_offsets(const std::string& file, std::size_t chunk) {
  const std::size_t base = chunk_at(file, chunk);
  std::vector<std::size_t> out;
  const std::size_t last = base + get(file, base + 0x2C, 4);
  for (std::size_t at = base + records_begin; at <= last; at += get(file, at + 4, 4)) {
    if (get(file, at + 4, 4) == 0) throw std::out_of_range("records cannot be walked any more");
    out.push_back(at);
  }
  return out;
}

struct Place {
  std::size_t begin, end, chunk_end;
};

Place record_place(const std::string& file, std::size_t chunk, std::size_t record) {
  const std::size_t begin = record_offsets(file, chunk).at(record);
  return {begin, begin + get(file, begin + 4, 4), chunk_at(file, chunk) + chunk_size};
}

std::size_t edge_inside(const Place& p) {
  const std::size_t edge = (p.begin / page + 1) * page;
  return edge < p.end ? edge : p.begin + (p.end - p.begin) / 2;
}

}  // namespace

std::size_t records_in(const std::string& file, std::size_t chunk) {
  return record_offsets(file, chunk).size();
}

void tear_tail(std::string& file, std::size_t chunk, std::size_t record) {
  const Place p = record_place(file, chunk, record);
  const std::size_t edge = edge_inside(p);
  file.replace(edge, p.end - edge, p.end - edge, '\0');
}

void tear_rest(std::string& file, std::size_t chunk, std::size_t record) {
  const Place p = record_place(file, chunk, record);
  const std::size_t edge = edge_inside(p);
  file.replace(edge, p.chunk_end - edge, p.chunk_end - edge, '\0');
}

void spoil_size_copy(std::string& file, std::size_t chunk, std::size_t record) {
  const Place p = record_place(file, chunk, record);
  set(file, p.end - 4, 4, get(file, p.end - 4, 4) ^ 0x00550000);
}

void zero_size(std::string& file, std::size_t chunk, std::size_t record) {
  set(file, record_place(file, chunk, record).begin + 4, 4, 0);
}

void wipe_body(std::string& file, std::size_t chunk, std::size_t record) {
  const Place p = record_place(file, chunk, record);
  const std::size_t body = p.begin + 24, size = p.end - 4 - body;
  file.replace(body, size, size, '\0');
  mend_checksums(file, chunk);
}

void forget_records(std::string& file, std::size_t chunk, std::size_t keep) {
  const std::size_t base = chunk_at(file, chunk);
  if (keep == 0) throw std::out_of_range("a chunk keeps at least one record");
  const Place last = record_place(file, chunk, keep - 1);
  const std::uint64_t dropped = records_in(file, chunk) - keep;
  set(file, base + 0x10, 8, get(file, base + 0x10, 8) - dropped);
  set(file, base + 0x20, 8, get(file, last.begin + 8, 8));
  set(file, base + 0x2C, 4, last.begin - base);
  set(file, base + 0x30, 4, last.end - base);
  mend_checksums(file, chunk);
}

void spoil_chunk_magic(std::string& file, std::size_t chunk) {
  file.replace(chunk_at(file, chunk), 8, "ElfChnX\0", 8);
}

void zero_chunk(std::string& file, std::size_t chunk) {
  file.replace(chunk_at(file, chunk), chunk_size, chunk_size, '\0');
}

void spoil_checksums(std::string& file, std::size_t chunk) {
  const std::size_t base = chunk_at(file, chunk);
  set(file, base + 0x34, 4, ~get(file, base + 0x34, 4));
  set(file, base + 0x7C, 4, ~get(file, base + 0x7C, 4));
}

void set_file_flags(std::string& file, unsigned flags) {
  set(file, 0x78, 4, flags);
  set(file, 0x7C, 4, crc32(std::string_view(file).substr(0, 0x78)));
}

void mend_checksums(std::string& file, std::size_t chunk) {
  const std::size_t base = chunk_at(file, chunk);
  const std::string_view all(file);
  const std::size_t used = get(file, base + 0x30, 4);
  set(file, base + 0x34, 4, crc32(all.substr(base + records_begin, used - records_begin)));
  set(file, base + 0x7C, 4, crc32(all.substr(base + 0x80, 0x180), crc32(all.substr(base, 0x78))));
}

}  // namespace escudo::writer
