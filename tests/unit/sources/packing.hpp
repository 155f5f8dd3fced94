#pragma once
// Makes archives for tests, through libarchive.

#include <archive.h>
#include <archive_entry.h>

#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"

namespace escudo::sources {

using Members = std::vector<std::pair<std::string, std::string>>;

// `format`: "zip", "7zip", "pax", "raw"; `filter`: "none", "gzip", "bzip2", "xz", "zstd", "lz4".
// A name that ends in '/' is a folder.
inline std::string pack(const std::string& format, const std::string& filter,
                        const Members& members, const char* password = nullptr) {
  archive* a = archive_write_new();
  REQUIRE(archive_write_set_format_by_name(a, format.c_str()) == ARCHIVE_OK);
  if (filter != "none")
    REQUIRE(archive_write_add_filter_by_name(a, filter.c_str()) >= ARCHIVE_WARN);
  archive_write_set_bytes_per_block(a, 0);
  if (password) {
    REQUIRE(archive_write_set_options(a, "zip:encryption=traditional") == ARCHIVE_OK);
    archive_write_set_passphrase(a, password);
  }
  std::string packed;
  archive_write_open(
      a, &packed, nullptr,
      [](archive*, void* to, const void* bytes, std::size_t size) {
        static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
        return static_cast<la_ssize_t>(size);
      },
      nullptr);
  for (const auto& [name, bytes] : members) {
    archive_entry* entry = archive_entry_new();
    const bool folder = name.ends_with('/');
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, folder ? AE_IFDIR : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, folder ? 0 : static_cast<la_int64_t>(bytes.size()));
    REQUIRE(archive_write_header(a, entry) == ARCHIVE_OK);
    if (!bytes.empty()) archive_write_data(a, bytes.data(), bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  return packed;
}

inline std::string zip(const Members& members) { return pack("zip", "none", members); }
inline std::string gzip(const std::string& bytes) { return pack("raw", "gzip", {{"data", bytes}}); }

}  // namespace escudo::sources
