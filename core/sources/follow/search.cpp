// Tested by tests/unit/sources/follow.cpp and tests/tail.
#include "sources/follow/search.hpp"

#include <algorithm>
#include <tuple>

namespace escudo::sources::follow {
namespace {

// A beginning shorter than this is that of many logs.
constexpr std::size_t kTelling = 64;

Format format_of(OpenFile& file) {
  std::string head(512, '\0');
  const auto got = file.read_at(0, head.data(), head.size());
  if (!got.ok()) return Format::unknown;
  head.resize(got.value());
  return sniff(head, true);
}

}  // namespace

bool is_packed(Format format) { return format >= Format::zip && format <= Format::lz4; }

std::unique_ptr<OpenFile> same_file(const std::string& path, const Place& place) {
  // By number and beginning, else by beginning alone: a copy, or a file that was moved.
  for (const bool by_number : {true, false})
    for (const FileState& each : family(path)) {
      if (by_number ? each.id != place.file.id : place.file.head.size < kTelling) continue;
      if (each.size < place.offset) continue;
      auto file = OpenFile::open(each.path);
      if (file.ok() && begins_with(*file.value(), place.file.head)) return std::move(file).value();
    }
  return nullptr;
}

std::unique_ptr<OpenFile> copy_of(const std::string& path, const Place& place) {
  for (const FileState& each : family(path)) {
    if (each.id == place.file.id || place.file.head.size == 0 || each.size < place.offset) continue;
    auto copy = OpenFile::open(each.path);
    if (copy.ok() && begins_with(*copy.value(), place.file.head)) return std::move(copy).value();
  }
  return nullptr;
}

Next next_file(const std::string& path, const Place& place) {
  std::vector<FileState> unread;
  for (const FileState& each : family(path)) {
    if (each.path != path && each.modified < place.modified) continue;
    auto file = OpenFile::open(each.path);
    if (!file.ok()) continue;
    const auto same = [&](const Mark& m) { return m.id == each.id && begins_with(*file.value(), m.head); };
    if (std::ranges::none_of(place.done, same)) unread.push_back(each);
  }
  std::ranges::stable_sort(unread, [&](const FileState& a, const FileState& b) {
    return std::tuple(a.path == path, a.modified) < std::tuple(b.path == path, b.modified);
  });
  Next next;
  for (const FileState& each : unread) {
    auto file = OpenFile::open(each.path);
    if (!file.ok()) continue;
    if (each.path != path && is_packed(format_of(*file.value()))) {
      // Ours, packed since, keeps the time it had.
      if (each.modified > place.modified) next.packed.push_back(each.path);
      continue;
    }
    next.file = std::move(file).value();
    break;
  }
  return next;
}

}  // namespace escudo::sources::follow
