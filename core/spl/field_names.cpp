// Tested through rename, rex, map and fields under tests/spl.
#include "spl/field_names.hpp"

#include <algorithm>

namespace escudo::spl {

bool match_name(const std::string& pattern, const std::string& name, std::vector<std::string>* captures) {
  // Field patterns have one or two stars: plain backtracking over the literal pieces is enough.
  std::vector<std::string> pieces{""};
  for (char c : pattern) {
    if (c == '*') pieces.emplace_back();
    else pieces.back() += c;
  }
  if (pieces.size() == 1) return pattern == name;
  if (!name.starts_with(pieces.front())) return false;
  std::size_t at = pieces.front().size();
  std::vector<std::string> found;
  for (std::size_t k = 1; k < pieces.size(); ++k) {
    const bool last = k + 1 == pieces.size();
    std::size_t next;
    if (last) {
      if (name.size() < at + pieces[k].size() || !name.ends_with(pieces[k])) return false;
      next = name.size() - pieces[k].size();
    } else {
      next = name.find(pieces[k], at);
      if (next == std::string::npos) return false;
    }
    found.push_back(name.substr(at, next - at));
    at = next + pieces[k].size();
  }
  if (captures) *captures = std::move(found);
  return true;
}

std::vector<MapToken> map_tokens(const std::string& search) {
  std::vector<MapToken> out;
  bool quoted = false;
  for (std::size_t at = 0; at < search.size(); ++at) {
    if (search[at] == '"') quoted = !quoted;
    if (search[at] == '\\') ++at;
    if (at >= search.size() || search[at] != '$') continue;
    // A lone $, as in a regular expression, is followed by something no name has.
    const std::size_t end = search.find_first_of("$ \t\r\n\"|[]()=,", at + 1);
    if (end == std::string::npos || search[end] != '$' || end == at + 1) continue;
    out.push_back({at, end + 1, search.substr(at + 1, end - at - 1), quoted});
    at = end;
  }
  return out;
}

std::optional<std::string> renamed(const FieldPair& pair, const std::string& name) {
  std::vector<std::string> captures;
  if (!match_name(pair.from, name, &captures)) return std::nullopt;
  std::string out;
  std::size_t k = 0;
  for (char c : pair.to) {
    if (c == '*' && k < captures.size()) out += captures[k++];
    else out += c;
  }
  return out;
}

}  // namespace escudo::spl
