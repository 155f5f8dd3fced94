// Tested by tests/replay/store.cpp and, with kills, by tests/replay/kill_fetch.
#include "replay/store.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"

namespace escudo::replay {
namespace {

// The text of a pointer, "" when the file is something else.
std::string pointer_text_in(const std::string& path) {
  const std::uint64_t bytes = base::file_size(path);
  if (bytes == 0 || bytes > most_pointer_bytes) return {};
  const auto text = base::read_file(path, most_pointer_bytes);
  return text && looks_like_pointer(*text) ? *text : std::string();
}

// What a checkout has besides its datasets: descriptions, and what begins with a dot.
bool may_be_dataset(const std::string& below) {
  for (const std::string_view end : {".yml", ".yaml", ".md"})
    if (below.ends_with(end)) return false;
  return !below.starts_with('.') && below.find("/.") == std::string::npos &&
         below.find('/') != std::string::npos;
}

std::optional<Content> pointer_in(const std::string& path) {
  return parse_pointer(pointer_text_in(path));
}

}  // namespace

std::optional<std::uint64_t> free_bytes(const std::string& folder) {
  std::error_code error;
  std::filesystem::path there = std::filesystem::absolute(folder, error);
  while (!error && !std::filesystem::exists(there, error) && there.has_relative_path())
    there = there.parent_path();
  if (error) return {};
  const auto space = std::filesystem::space(there, error);
  if (error) return {};
  return space.available;
}

std::string default_store_folder() {
  const std::string cache = cache_folder();
  return cache.empty() ? cache : base::join_path(cache, "escudo/attack_data");
}

base::Result<Content> hash_file(const std::string& path,
                                const std::function<bool(std::uint64_t)>& taken) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::Error{"cannot open " + path};
  base::Sha256 hash;
  Content out;
  std::vector<char> block(256 * 1024);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    const auto n = static_cast<std::size_t>(in.gcount());
    hash.update({block.data(), n});
    out.bytes += n;
    if (taken && !taken(n)) return base::Error{"interrupted"};
  }
  if (in.bad()) return base::Error{"cannot read " + path};
  out.sha256 = hash.finish_hex();
  return out;
}

std::string trouble_of_file(const std::string& path, const Content& wanted,
                            const std::function<bool(std::uint64_t)>& taken) {
  const std::uint64_t bytes = base::file_size(path);
  if (bytes != wanted.bytes)
    return "the file there has " + std::to_string(bytes) + " bytes where the index says " +
           std::to_string(wanted.bytes);
  const auto content = hash_file(path, taken);
  if (!content) return content.error();
  if (content->sha256 == wanted.sha256) return {};
  return "the file there has the sha256 " + content->sha256 + " where the index says " +
         wanted.sha256;
}

Store::Found Store::find(const std::string& name) const {
  if (std::string trouble = name_trouble(name); !trouble.empty()) return {"", trouble, {}};
  const std::string path = base::join_path(folder_, name);
  if (!base::exists(path)) return {"", "not in " + folder_, {}};
  if (base::is_folder(path)) return {"", "a folder, not a file, in " + folder_, {}};
  const std::string text = pointer_text_in(path);
  if (text.empty()) return {path, "", {}};
  const std::optional<Content> pointer = parse_pointer(text);
  if (!pointer) return {"", "only a damaged Git LFS pointer in " + folder_, {}};
  const std::string object = object_path(pointer->sha256);
  if (has(*pointer)) return {object, "", pointer};
  if (base::exists(object)) return {"", "of a wrong length in " + folder_, pointer};
  return {"", "only a Git LFS pointer in " + folder_, pointer};
}

std::string Store::object_path(const std::string& sha256) const {
  return base::join_path(folder_, "objects/" + sha256.substr(0, 2) + "/" + sha256);
}

bool Store::has(const Content& content) const {
  const std::string path = object_path(content.sha256);
  return base::exists(path) && !base::is_folder(path) && base::file_size(path) == content.bytes;
}

base::Result<std::unique_ptr<LockedFile>> Store::open_partial(
    const std::string& sha256, const std::function<bool()>& stop) const {
  const std::string folder = base::join_path(folder_, "partial");
  if (auto made = make_folders(folder); !made) return base::Error{made.error()};
  for (;;) {
    auto file = try_lock(base::join_path(folder, sha256));
    if (!file || *file) return file;
    if (stop && stop()) return std::unique_ptr<LockedFile>();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

base::Result<void> Store::publish(std::unique_ptr<LockedFile> partial,
                                  const Content& content) const {
  const std::string target = object_path(content.sha256);
  if (auto made = make_folders(base::parent_path(target)); !made) return made;
  return partial->move_to(target);
}

base::Result<void> Store::set_pointer(const std::string& name, const Content& content) const {
  if (std::string trouble = name_trouble(name); !trouble.empty()) return base::Error{trouble};
  const std::string target = base::join_path(folder_, name);
  const std::string text = pointer_text(content);
  if (const auto there = pointer_in(target); there && *there == content) return {};
  if (auto made = make_folders(base::parent_path(target)); !made) return made;
  auto file = open_partial(base::sha256_hex(name) + ".pointer", {});
  if (!file) return base::Error{file.error()};
  if (auto done = (*file)->truncate(); !done) return done;
  if (auto done = (*file)->append(text); !done) return done;
  return (*file)->move_to(target);
}

base::Result<void> Store::remove_object(const std::string& sha256) const {
  return remove_file(object_path(sha256));
}

base::Result<std::vector<Store::Checked>> Store::verify(
    const std::function<bool(std::uint64_t, std::uint64_t)>& progress,
    const std::function<std::optional<Content>(const std::string&)>& known) const {
  std::vector<std::string> problems;
  std::vector<Checked> out;
  std::map<std::string, std::vector<std::string>> names;  // by sha256
  std::vector<std::pair<std::string, Content>> pointers;
  std::vector<std::string> objects;
  std::vector<std::pair<std::string, std::optional<Content>>> files;
  std::uint64_t total = 0, done = 0;
  const std::size_t skip = folder_.size() + (folder_.ends_with('/') ? 0 : 1);
  for (const std::string& path : base::files_under(folder_, problems)) {
    const std::string below = path.substr(skip);
    if (below.starts_with("partial/") || below.starts_with(".git/")) continue;
    if (below.starts_with("objects/")) {
      objects.push_back(below);
      total += base::file_size(path);
    } else if (const std::string text = pointer_text_in(path); !text.empty()) {
      if (const auto pointer = parse_pointer(text)) {
        pointers.emplace_back(below, *pointer);
        names[pointer->sha256].push_back(below);
      } else {
        out.push_back({below, 0, "is a damaged Git LFS pointer", false, false, {below}});
      }
    } else if (may_be_dataset(below)) {
      files.emplace_back(below, known ? known(below) : std::nullopt);
      if (files.back().second) total += base::file_size(path);
    }
  }
  if (!problems.empty()) return base::Error{problems.front()};
  std::map<std::string, std::uint64_t> sizes;
  for (const std::string& below : objects) {
    Checked checked{below, 0, "", true, false, {}};
    const std::string sha256 = base::file_name(below);
    const auto content = hash_file(base::join_path(folder_, below), [&](std::uint64_t n) {
      done += n;
      return !progress || progress(done, total);
    });
    if (!content && progress && !progress(done, total)) return base::Error{content.error()};
    if (const auto at = names.find(sha256); at != names.end()) checked.names = at->second;
    if (!content) {
      checked.trouble = content.error();
    } else {
      checked.bytes = content->bytes;
      if (content->sha256 != sha256)
        checked.trouble = "its sha256 is " + content->sha256;
      else
        sizes[sha256] = content->bytes;
    }
    out.push_back(std::move(checked));
  }
  for (const auto& [below, content] : files) {
    const std::string path = base::join_path(folder_, below);
    Checked checked{below, base::file_size(path), "", false, !content, {below}};
    bool stopped = false;
    if (content) {
      checked.trouble = trouble_of_file(path, *content, [&](std::uint64_t n) {
        done += n;
        stopped = progress && !progress(done, total);
        return !stopped;
      });
    }
    if (stopped) return base::Error{checked.trouble};
    out.push_back(std::move(checked));
  }
  std::set<std::string> damaged;
  for (const Checked& c : out) {
    if (c.object && !c.trouble.empty()) damaged.insert(base::file_name(c.path));
  }
  for (const auto& [name, pointer] : pointers) {
    if (damaged.contains(pointer.sha256)) continue;  // told already
    const auto at = sizes.find(pointer.sha256);
    if (at == sizes.end()) {
      out.push_back({name, pointer.bytes, "its content is not there", false, false, {name}});
    } else if (at->second != pointer.bytes) {
      out.push_back({name,
                     pointer.bytes,
                     "its pointer says " + std::to_string(pointer.bytes) +
                         " bytes, its content has " + std::to_string(at->second),
                     false,
                     false,
                     {name}});
    }
  }
  return out;
}

}  // namespace escudo::replay
