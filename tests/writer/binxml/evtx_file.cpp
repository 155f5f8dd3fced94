#include "binxml/evtx_file.hpp"

#include <stdexcept>

#include "binxml/crc32.hpp"

namespace escudo::writer {
namespace {

void set(std::string& bytes, std::size_t at, std::size_t size, std::uint64_t v) {
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<char>(v >> (8 * i));
}

std::string file_header(std::size_t first_chunk, std::size_t last_chunk, std::size_t count,
                        std::uint64_t next_id, std::uint16_t minor, bool dirty) {
  std::string b(file_header_size, '\0');
  b.replace(0, 8, "ElfFile\0", 8);
  set(b, 0x08, 8, first_chunk);
  set(b, 0x10, 8, last_chunk);
  set(b, 0x18, 8, next_id);
  set(b, 0x20, 4, 0x80);
  set(b, 0x24, 2, minor);
  set(b, 0x26, 2, 3);
  set(b, 0x28, 2, file_header_size);
  set(b, 0x2A, 2, count);
  set(b, 0x78, 4, dirty ? 1 : 0);
  set(b, 0x7C, 4, crc32(std::string_view(b).substr(0, 0x78)));
  return b;
}

}  // namespace

void EvtxImage::add(std::uint64_t header_id, std::uint64_t filetime, const Fragment& fragment) {
  if (!open_.add(header_id, filetime, fragment)) {
    close_chunk();
    open_.add(header_id, filetime, fragment);
  }
  ++in_open_;
  next_id_ = header_id + 1;
}

void EvtxImage::close_chunk() {
  if (open_.empty()) return;
  chunks_.emplace_back(open_.finish(numbered_ + 1));
  numbered_ += in_open_;
  in_open_ = 0;
  open_.reset();
}

std::string EvtxImage::bytes(const FileOptions& options) {
  close_chunk();
  const std::size_t n = chunks_.size();
  const std::size_t shift = n == 0 ? 0 : options.oldest_in_slot % n;
  const std::size_t newest = n == 0 ? 0 : (shift + n - 1) % n;
  const std::size_t told = options.chunks_in_header == 0xFFFF ? n : options.chunks_in_header;
  std::string out =
      file_header(shift, newest, told, next_id_, options.minor_version, options.dirty);
  for (std::size_t slot = 0; slot < n; ++slot) out += chunks_[(slot + n - shift) % n];
  return out + std::string(options.empty_slots * chunk_size, '\0');
}

EvtxStream::EvtxStream(const std::string& path)
    : file_(std::fopen(path.c_str(), "wb")), path_(path) {
  if (!file_) throw std::runtime_error("cannot create " + path);
  write(std::string(file_header_size, '\0'));  // the real one is known at the end
}

void EvtxStream::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) {
    throw std::runtime_error("cannot write " + path_);
  }
}

bool EvtxStream::add(std::uint64_t header_id, std::uint64_t filetime, const Fragment& fragment) {
  const bool fresh = !open_.add(header_id, filetime, fragment);
  if (fresh) {
    flush_chunk();
    open_.add(header_id, filetime, fragment);
  }
  ++in_open_;
  next_id_ = header_id + 1;
  return fresh;
}

void EvtxStream::flush_chunk() {
  if (open_.empty()) return;
  write(open_.finish(numbered_ + 1));
  ++written_chunks_;
  numbered_ += in_open_;
  in_open_ = 0;
  open_.reset();
}

void EvtxStream::finish() {
  flush_chunk();
  if (written_chunks_ > 0xFFFF)
    throw std::runtime_error(path_ + ": the header cannot count its chunks");
  std::rewind(file_.get());
  write(file_header(0, written_chunks_ == 0 ? 0 : written_chunks_ - 1, written_chunks_, next_id_, 1,
                    false));
  if (std::fflush(file_.get()) != 0) throw std::runtime_error("cannot write " + path_);
}

}  // namespace escudo::writer
