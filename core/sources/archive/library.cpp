// Tested through tests/unit/sources/archive.cpp.

#include "sources/archive/library.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <vector>

#include "base/text.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t block_bytes = 256 * 1024;

int enable(archive* a, Format format) {
  switch (format) {
    // By its table of contents or, where that is cut off, member by member.
    case Format::zip:
      return archive_read_support_format_zip(a);
    case Format::seven_zip:
      return archive_read_support_format_7zip(a);
    case Format::tar:
      return archive_read_support_format_tar(a);
    case Format::gzip:
      archive_read_support_filter_gzip(a);
      break;
    case Format::bzip2:
      archive_read_support_filter_bzip2(a);
      break;
    case Format::xz:
      archive_read_support_filter_xz(a);
      break;
    case Format::zstd:
      archive_read_support_filter_zstd(a);
      break;
    case Format::lz4:
      archive_read_support_filter_lz4(a);
      break;
    default:
      return ARCHIVE_FATAL;
  }
  return archive_read_support_format_raw(a);
}

}  // namespace

struct Archive::Handles {
  archive* a = archive_read_new();
  Bytes* bytes = nullptr;
  RandomBytes* random = nullptr;
  std::uint64_t at = 0;
  std::function<void(std::uint64_t)> consumed;
  std::vector<char> block = std::vector<char>(block_bytes);

  ~Handles() { archive_read_free(a); }

  la_ssize_t read(const void** to) {
    *to = block.data();
    auto got = random ? random->read_at(at, block.data(), block.size())
                      : bytes->read(block.data(), block.size());
    if (!got) {
      archive_set_error(a, -1, "%s", got.error().c_str());
      return -1;
    }
    at += *got;
    consumed(*got);
    return static_cast<la_ssize_t>(*got);
  }

  la_int64_t seek(la_int64_t offset, int whence) {
    la_int64_t base = 0;
    if (whence == SEEK_CUR) base = static_cast<la_int64_t>(at);
    if (whence == SEEK_END) base = static_cast<la_int64_t>(random->size());
    if (offset > INT64_MAX - base || base + offset < 0) return ARCHIVE_FATAL;
    at = static_cast<std::uint64_t>(base + offset);
    return base + offset;
  }
};

Archive::Archive() : handles_(std::make_unique<Handles>()) {}
Archive::~Archive() = default;

base::Result<std::unique_ptr<Archive>> Archive::open(Bytes& bytes, Format format,
                                                     std::function<void(std::uint64_t)> consumed) {
  std::unique_ptr<Archive> result(new Archive);
  Handles& handles = *result->handles_;
  handles.bytes = &bytes;
  handles.random = bytes.random();
  handles.consumed = std::move(consumed);
  archive* a = handles.a;
  if (!a || enable(a, format) < ARCHIVE_WARN) {
    return base::Error{"this build of libarchive cannot read its format"};
  }
  archive_read_set_callback_data(a, &handles);
  archive_read_set_read_callback(a, [](archive*, void* data, const void** to) {
    return static_cast<Handles*>(data)->read(to);
  });
  if (handles.random) {
    archive_read_set_seek_callback(a, [](archive*, void* data, la_int64_t offset, int whence) {
      return static_cast<Handles*>(data)->seek(offset, whence);
    });
  }
  if (archive_read_open1(a) != ARCHIVE_OK) return base::Error{result->message()};
  return result;
}

std::string Archive::message() const {
  const char* text = archive_error_string(handles_->a);
  return text ? base::harmless(text) : "no reason given";
}

Archive::Step Archive::next(ArchiveMember& member) {
  archive_entry* entry = nullptr;
  const int result = archive_read_next_header(handles_->a, &entry);
  if (result == ARCHIVE_EOF) return Step::end;
  if (result < ARCHIVE_WARN) {
    error_ = archive_read_has_encrypted_entries(handles_->a) > 0 ? "is encrypted" : message();
    return Step::failed;
  }
  const char* path = archive_entry_pathname_utf8(entry);
  if (!path) path = archive_entry_pathname(entry);
  member.path = path ? path : "";
  base::repair_utf8(member.path);
  const auto type = archive_entry_filetype(entry);
  const bool link = archive_entry_hardlink(entry) != nullptr;
  member.regular = (type == AE_IFREG || type == 0) && !link && !member.path.ends_with('/');
  member.size = archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0
                    ? static_cast<std::uint64_t>(archive_entry_size(entry))
                    : 0;
  member.encrypted = archive_entry_is_data_encrypted(entry) > 0;
  return Step::member;
}

base::Result<std::size_t> Archive::read(char* to, std::size_t size) {
  const la_ssize_t got = archive_read_data(handles_->a, to, size);
  if (got < 0) return base::Error{message()};
  return static_cast<std::size_t>(got);
}

}  // namespace escudo::sources
