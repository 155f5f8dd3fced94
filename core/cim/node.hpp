#pragma once
// Node: a formula bound to one kind and one schema: slots instead of names, what is constant
// computed. Immutable, thread-safe; borrows from the formula, the kind and the maps.

#include <memory>
#include <vector>

#include "cim/maps.hpp"

namespace escudo::cim {

struct Context {
  const event::Event& event;
  const event::Origin& origin;
  base::Arena& scratch;
};

// How far a node's values are known before any event is seen.
enum class Known { never, per_origin, always };

class Node {
 public:
  virtual ~Node() = default;
  virtual FieldValues evaluate(const Context& context) const = 0;
  virtual Known known() const { return Known::never; }
  virtual bool has_aliases() const { return false; }
  virtual void columns_read(std::vector<event::FieldId>&) const {}
  virtual bool copies(std::vector<std::string_view>&) const { return false; }  // as in Recipe
};

using NodePtr = std::unique_ptr<const Node>;

NodePtr null_node();
bool is_null(const Node& node);  // known to have no value, ever

}  // namespace escudo::cim
