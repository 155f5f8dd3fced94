#pragma once
// Accumulator: one aggregate over one group of rows. Each function lives in a file of its own kind under
// aggregates/; docs/spl.md tells the semantics.

#include <memory>
#include <optional>

#include "base/pack.hpp"
#include "event/pack.hpp"
#include "pipeline/operator.hpp"
#include "spl/ast.hpp"

namespace escudo::pipeline {

class Accumulator {
 public:
  virtual ~Accumulator() = default;
  // A row of the group; `value` is the field (or expression), null when the row has none. `time` is _time.
  virtual void add(const Value& value, std::optional<double> time) = 0;
  // The same for a text that lies elsewhere.
  virtual void add_text(std::string_view value, std::optional<double> time) { add(Value(value), time); }
  virtual Value result() const = 0;
  virtual std::size_t bytes() const { return sizeof(*this); }   // for state budgets, roughly
  // What it holds, as bytes, and back into a new one of the same aggregate.
  virtual void save(base::Packer& out) const = 0;
  virtual void load(base::Unpacker& in) = 0;
};

// Null for an unknown function (the parser lets only known ones through).
std::unique_ptr<Accumulator> make_accumulator(const spl::Aggregate& aggregate, const Limits& limits);

}  // namespace escudo::pipeline
