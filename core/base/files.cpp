#include "base/files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace escudo::base {
namespace {

namespace fs = std::filesystem;

// Our paths are UTF-8; the library's narrow strings on Windows are not.
fs::path native(const std::string& path) {
  return fs::path(std::u8string(path.begin(), path.end()));
}

std::string portable(const fs::path& path) {
  const std::u8string s = path.generic_u8string();
  return {s.begin(), s.end()};
}

Error failure(const char* what, const std::string& path, std::error_code why) {
  return Error{std::string(what) + " " + path + ": " + why.message()};
}

std::error_code last_error() {
  return errno ? std::error_code(errno, std::generic_category())
               : std::make_error_code(std::errc::io_error);
}

Result<std::string> read(const std::string& path, std::uint64_t limit) {
  if (is_folder(path)) return Error{"cannot read " + path + ": it is a folder"};
  const Error too_large{"cannot read " + path + ": it is larger than the limit of " +
                        std::to_string(limit) + " bytes"};
  const std::uint64_t size = file_size(path);
  if (size > limit) return too_large;
  errno = 0;
  std::ifstream in(native(path), std::ios::binary);
  if (!in) return failure("cannot open", path, last_error());
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(size));
  // What a pipe or a growing file tells of its size need not be true: read until the end.
  char block[64 * 1024];
  while (in.read(block, sizeof block), in.gcount() > 0) {
    if (bytes.size() + static_cast<std::uint64_t>(in.gcount()) > limit) return too_large;
    bytes.append(block, static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return failure("cannot read", path, last_error());
  return bytes;
}

// One folder's entries, without descending. Errors are named and end this folder only.
void list(const fs::path& folder, std::vector<std::string>& files, std::vector<fs::path>& folders,
          std::vector<std::string>& problems) {
  std::error_code error;
  fs::directory_iterator it(folder, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) {
    std::error_code unreadable;
    const bool link = it->is_symlink(unreadable);
    const fs::file_status status = it->status(unreadable);
    if (unreadable) {
      problems.push_back(failure("cannot read", portable(it->path()), unreadable).message);
    } else if (status.type() == fs::file_type::directory) {
      if (!link) folders.push_back(it->path());
    } else if (status.type() == fs::file_type::regular) {
      files.push_back(portable(it->path()));
    }
  }
  if (error) problems.push_back(failure("cannot list", portable(folder), error).message);
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::uint64_t limit_bytes) {
  try {
    return read(path, limit_bytes);
  } catch (const std::exception& e) {  // no memory, or a path the platform cannot spell
    return Error{"cannot read " + path + ": " + e.what()};
  }
}

Result<void> write_file(const std::string& path, std::string_view bytes) {
  try {
    errno = 0;
    std::ofstream out(native(path), std::ios::binary | std::ios::trunc);
    if (!out) return failure("cannot create", path, last_error());
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return failure("cannot write", path, last_error());
    return {};
  } catch (const std::exception& e) {
    return Error{"cannot write " + path + ": " + e.what()};
  }
}

bool is_folder(const std::string& path) {
  try {
    std::error_code error;
    return fs::is_directory(native(path), error);
  } catch (const std::exception&) {
    return false;
  }
}

bool exists(const std::string& path) {
  try {
    std::error_code error;
    return fs::exists(native(path), error);
  } catch (const std::exception&) {
    return false;
  }
}

std::uint64_t file_size(const std::string& path) {
  try {
    std::error_code error;
    const std::uintmax_t size = fs::file_size(native(path), error);
    return error ? 0 : size;
  } catch (const std::exception&) {
    return 0;
  }
}

std::vector<std::string> files_under(const std::string& folder,
                                     std::vector<std::string>& problems) {
  std::vector<std::string> files;
  try {
    std::vector<fs::path> folders{native(folder)};
    while (!folders.empty()) {
      const fs::path next = std::move(folders.back());
      folders.pop_back();
      list(next, files, folders, problems);
    }
  } catch (const std::exception& e) {
    problems.push_back("cannot list " + folder + ": " + e.what());
  }
  std::ranges::sort(files);
  std::ranges::sort(problems);
  return files;
}

std::string parent_path(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {};
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string file_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string join_path(const std::string& a, const std::string& b) {
  if (a.empty() || b.starts_with('/')) return b;
  if (b.empty()) return a;
  return a.ends_with('/') ? a + b : a + '/' + b;
}

}  // namespace escudo::base
