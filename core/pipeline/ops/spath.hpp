#pragma once
// spath over one document: its leaves under dotted names, or what lies at one path.
//
//   JSON   a.b        a member of an object      a{}.b   of every element of an array
//          a{0}.b     of the first element
//   XML    a.b        the text of an element     a{@x}   an attribute
//          a{2}.b     of the second element of that name
// Repeated names give several values. A path to an object, an array or an element with children
// gives its source text. Nothing is taken from a document that is not well formed, deeper than
// `max_depth` or not of the kind.

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "event/value.hpp"

namespace escudo::pipeline::spath {

// Names in the order of their first appearance.
class Leaves {
 public:
  void add(std::string_view name, std::string text);
  std::vector<std::pair<std::string, event::Value::Many>>& all() { return all_; }
  bool empty() const { return all_.empty(); }

 private:
  std::vector<std::pair<std::string, event::Value::Many>> all_;
  std::unordered_map<std::string, std::size_t> place_;
};

struct Step {
  enum class Kind { name, any_element, element, attribute };
  Kind kind = Kind::name;
  std::string name;        // of name and attribute
  std::size_t number = 0;  // of element
};
// "a{}.b{@x}" -> name a, any_element, name b, attribute x. False for a path that is none.
bool parse_path(std::string_view path, std::vector<Step>& steps);

bool looks_like_xml(std::string_view text);

bool json_leaves(std::string_view text, int max_depth, Leaves& out);
bool json_at(std::string_view text, const std::vector<Step>& path, int max_depth,
             event::Value::Many& out);
bool xml_leaves(std::string_view text, int max_depth, Leaves& out);
bool xml_at(std::string_view text, const std::vector<Step>& path, int max_depth,
            event::Value::Many& out);

}  // namespace escudo::pipeline::spath
