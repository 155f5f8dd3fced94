#pragma once
// Prefixes: a search cut off behind each of its commands, each a search of its own. How explain
// watches rows come and go. Pure.

#include <string>
#include <vector>

#include "spl/plan.hpp"

namespace escudo::detect {

struct Prefix {
  std::string text;                       // a search by itself
  std::string printed;                    // its last command, on one line
  const spl::Command* command = nullptr;  // that command; lives as long as the plan's pipeline
  std::vector<std::size_t> feeds;         // of the whole plan, that it has
  spl::PipelinePtr pipeline;              // keeps `command` alive
};

// Those of inner searches (join, append, filters) stand before that of the command they belong to.
std::vector<Prefix> prefixes_of(const spl::Plan& plan);

}  // namespace escudo::detect
