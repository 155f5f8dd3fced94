#pragma once
// Generated searches and events. A search is a tree of pieces, so that one which shows a mismatch can
// be cut down piece by piece; the same seed always gives the same case.

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "event/value.hpp"

namespace escudo::twin {

// What a piece of text is, as far as one can take another's place.
enum class Sort { search, truth, value, command, pipeline };

struct Piece {
  Sort sort = Sort::value;
  std::vector<std::variant<std::string, Piece>> parts;   // texts and pieces, in order
  std::string text() const;
};

using GeneratedEvent = std::vector<std::pair<std::string, event::Value>>;

struct Case {
  Piece pipeline;   // its pieces are the commands
  std::vector<GeneratedEvent> events;
  std::string search() const { return pipeline.text(); }
};

Case generate(std::uint64_t seed);

// Cases a little smaller than this one, the smallest first where that is cheap to say.
std::vector<Case> smaller(const Case& of);

}  // namespace escudo::twin
