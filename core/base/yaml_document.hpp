#pragma once
// What a parsed YAML document is made of. Private to base: everybody else sees base/yaml.hpp.

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "base/diagnostic.hpp"

namespace escudo::base {

enum class YamlKind : std::uint8_t { null, scalar, list, map };

struct YamlNode {
  YamlKind kind = YamlKind::null;
  bool quoted = false;
  std::uint32_t begin = 0;           // where its content begins in the source
  std::uint32_t size = 0;            // how many children
  std::string_view text;             // of a scalar; in the source where it stands so, else in texts
  const YamlNode* key = nullptr;     // of a value in a map
  const YamlNode* first = nullptr;   // child of a list or a map, in file order
  const YamlNode* next = nullptr;    // the next child of the same list or map
};

struct YamlDocument {
  std::string file;
  std::string source;
  std::deque<YamlNode> nodes;        // never moves: nodes point at each other
  Arena texts{4096};
  std::vector<std::uint32_t> line_starts;
  const YamlNode* root = nullptr;
};

// Fills `document` from its file and source, or says why not. Does not throw.
std::optional<Diagnostic> parse_yaml(YamlDocument& document);

}  // namespace escudo::base
