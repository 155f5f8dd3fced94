#pragma once
// Breaks an EVTX file the way real ones are broken. Every function takes the bytes of a sound file
// of ours, changes them in place and leaves the rest alone; where it says so the checksums are made
// good again, so that only the one fault is there. `chunk` is a slot, `record` counts within it,
// from 0. They throw std::out_of_range when there is no such chunk or record.

#include <cstddef>
#include <string>

namespace escudo::writer {

std::size_t records_in(const std::string& file, std::size_t chunk);

// The tail of a record from the next multiple of 512 on is zero, as after a power cut; what follows
// the record is untouched. Checksums stay wrong.
void tear_tail(std::string& file, std::size_t chunk, std::size_t record);
// Everything from the first page edge inside the record to the chunk's end is zero.
void tear_rest(std::string& file, std::size_t chunk, std::size_t record);
// The size copy behind the record disagrees with the size in front.
void spoil_size_copy(std::string& file, std::size_t chunk, std::size_t record);
// The size field is zero.
void zero_size(std::string& file, std::size_t chunk, std::size_t record);
// The record keeps its header and its size, and nothing in between: names and templates defined in
// it are gone for the rest of the chunk. Checksums are good.
void wipe_body(std::string& file, std::size_t chunk, std::size_t record);
// The chunk forgets its last records: they stay in its slack, whole. Checksums are good.
void forget_records(std::string& file, std::size_t chunk, std::size_t keep);

void spoil_chunk_magic(std::string& file, std::size_t chunk);
void zero_chunk(std::string& file, std::size_t chunk);
void spoil_checksums(std::string& file, std::size_t chunk);
// Sets the file's flags word (0x1 dirty, 0x4 no checksums) and makes its checksum good.
void set_file_flags(std::string& file, unsigned flags);

// Recomputes the checksums of a chunk.
void mend_checksums(std::string& file, std::size_t chunk);

}  // namespace escudo::writer
