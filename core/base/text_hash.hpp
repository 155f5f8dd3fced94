#pragma once
// Hash of hashed sets and maps of texts that are looked up by views: nothing is copied to ask.
// With std::equal_to<> beside it.

#include <functional>
#include <string_view>

namespace escudo::base {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};

}  // namespace escudo::base
