#include "base/text.hpp"

#include <algorithm>
#include <numeric>

#include "base/utf8.hpp"

namespace escudo::base {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

std::size_t find_bad_utf8(std::string_view s) {
  std::size_t at = 0;
  while (at < s.size()) {
    at += ascii_run(s, at);
    if (at == s.size()) break;
    const Utf8Char c = decode_utf8(s, at);
    if (!c.valid) return at;
    at += c.bytes;
  }
  return std::string_view::npos;
}

// Insertions, deletions, substitutions and swaps of neighbours, ASCII case not counting.
int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = ascii_lower(a[i - 1]), y = ascii_lower(b[j - 1]);
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (x == y ? 0 : 1)});
      if (i > 1 && j > 1 && x == ascii_lower(b[j - 2]) && y == ascii_lower(a[i - 2])) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    before.swap(last);
    last.swap(now);
  }
  return last[b.size()];
}

}  // namespace

std::string to_lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = ascii_lower(c);
  return out;
}

bool iequals(std::string_view a, std::string_view b) {
  return a.size() == b.size() && istarts_with(a, b);
}

bool istarts_with(std::string_view s, std::string_view prefix) {
  if (s.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (ascii_lower(s[i]) != ascii_lower(prefix[i])) return false;
  }
  return true;
}

bool icontains(std::string_view s, std::string_view needle) {
  const auto same = [](char a, char b) { return ascii_lower(a) == ascii_lower(b); };
  return std::search(s.begin(), s.end(), needle.begin(), needle.end(), same) != s.end() ||
         needle.empty();
}

std::string_view trim(std::string_view s) {
  while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
  return s;
}

std::vector<std::string_view> split(std::string_view s, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = s.find(separator);
    parts.push_back(s.substr(0, at));
    if (at == std::string_view::npos) return parts;
    s.remove_prefix(at + 1);
  }
}

std::string replace_all(std::string_view s, std::string_view from, std::string_view to) {
  std::string out;
  if (from.empty()) return out.assign(s), out;
  for (std::size_t at; (at = s.find(from)) != std::string_view::npos;) {
    out.append(s.substr(0, at)).append(to);
    s.remove_prefix(at + from.size());
  }
  return out.append(s), out;
}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  // A third of the word may differ; words past 64 bytes are no names anyone misspells.
  constexpr std::size_t longest = 64;
  if (word.empty() || word.size() > longest) return {};
  int best = std::max<int>(1, static_cast<int>(word.size() / 3));
  const std::string* found = nullptr;
  for (const std::string& candidate : candidates) {
    const std::size_t gap = candidate.size() > word.size() ? candidate.size() - word.size()
                                                           : word.size() - candidate.size();
    if (candidate.size() > longest || gap > static_cast<std::size_t>(best)) continue;
    const int distance = edit_distance(word, candidate);
    if (distance < best || (distance == best && !found)) {
      best = distance;
      found = &candidate;
    }
  }
  return found ? *found : std::string();
}

bool is_utf8(std::string_view s) { return find_bad_utf8(s) == std::string_view::npos; }

bool repair_utf8(std::string& s) {
  std::size_t at = find_bad_utf8(s);
  if (at == std::string::npos) return false;
  std::string out(s, 0, at);
  const std::string_view all = s;
  while (at < all.size()) {
    const Utf8Char c = decode_utf8(all, at);
    out += c.valid ? all.substr(at, c.bytes) : replacement;
    at += c.bytes;
  }
  s = std::move(out);
  return true;
}

}  // namespace escudo::base
