#pragma once
// Expression: one line of the mapping language, parsed. Told in content/maps/README.md:
//
//   first(DestinationHostname, DestinationIp)      a name is a field, a call is a transform
//   if(equals(Initiated, "true"), "outbound", "inbound")
//
// Value type, immutable once parsed. Input may come from a stranger's map: depth and length are
// bounded.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace escudo::cim {

struct Expression {
  enum class Type { field, constant, call };
  Type type = Type::constant;
  std::string text;                   // field name, constant, or name of the transform
  std::vector<Expression> arguments;  // of a call

  std::string print() const;  // reads back as the same expression
};

// At most 64 KiB, 32 levels and 64 arguments a call.
base::Result<Expression> parse_expression(std::string_view text);

}  // namespace escudo::cim
