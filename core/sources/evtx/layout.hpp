#pragma once
// Where things lie in an EVTX file; FORMAT.md tells the whole of it.

#include <cstddef>
#include <cstdint>

namespace escudo::sources::layout {

inline constexpr std::uint64_t file_header = 4096;
inline constexpr std::size_t chunk = 64 * 1024;
inline constexpr std::size_t first_record = 512;  // behind the header and tables of a chunk
// Signature, size, id, FILETIME; behind the body the size again.
inline constexpr std::size_t record_header = 24, record_tail = 4;
inline constexpr std::size_t smallest_record = record_header + record_tail;

// File header.
inline constexpr std::size_t file_chunks = 42, file_flags = 120, file_checksum = 124;
inline constexpr std::uint32_t flag_dirty = 1, flag_no_checksums = 4;  // of files and chunks
// Chunk header.
inline constexpr std::size_t chunk_first_number = 8, chunk_last_number = 16, chunk_first_id = 24,
                             chunk_last_id = 32, chunk_last_record = 44, chunk_free = 48,
                             chunk_data_checksum = 52, chunk_flags = 120, chunk_checksum = 124,
                             chunk_names = 128, chunk_templates = 384, chunk_tables_end = 512;

}  // namespace escudo::sources::layout
