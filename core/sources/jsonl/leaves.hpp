#pragma once
// The leaves of a JSON object as (path, text), in their order: {"a":{"b":[1,true]}} is a.b=1,
// a.b=true.
//
// Null and empty containers are no leaves. Texts are copied to the arena; paths are valid during
// the call. The depth is bounded by the parser that made the object.

#include <simdjson.h>

#include <string>
#include <string_view>

#include "base/arena.hpp"

namespace escudo::sources {

class LeafSink {
 public:
  virtual ~LeafSink() = default;
  virtual void leaf(std::string_view path, std::string_view text) = 0;
};

void visit_leaves(simdjson::dom::object object, base::Arena& arena, LeafSink& sink);

// The member at a path of keys, or an error; `path` is "winlog.event_id" for nested objects as well
// as for one with such a key.
simdjson::simdjson_result<simdjson::dom::element> member(simdjson::dom::object object,
                                                         std::string_view path);

// The part of `path` behind `prefix`, empty when it does not begin with it.
inline std::string_view behind(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) ? path.substr(prefix.size()) : std::string_view{};
}

}  // namespace escudo::sources
