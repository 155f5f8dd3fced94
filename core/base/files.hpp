#pragma once
// Whole small files in and out, and walking folders in a fixed (byte-wise sorted) order.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace escudo::base {

// Paths are UTF-8 with '/' on every platform. Fails with a sentence that names the path.
Result<std::string> read_file(const std::string& path, std::uint64_t limit_bytes = 1ull << 30);
Result<void> write_file(const std::string& path, std::string_view bytes);
bool is_folder(const std::string& path);
bool exists(const std::string& path);
std::uint64_t file_size(const std::string& path);  // 0 when unknown
// All regular files under `folder`, sorted; symbolic links to folders are not followed.
// What cannot be read is skipped and named in `problems`.
std::vector<std::string> files_under(const std::string& folder, std::vector<std::string>& problems);
std::string parent_path(const std::string& path);
std::string file_name(const std::string& path);
std::string join_path(const std::string& a, const std::string& b);

}  // namespace escudo::base
