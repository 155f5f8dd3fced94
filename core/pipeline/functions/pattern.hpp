#pragma once
// PatternArgument: the regular expression of a call. Written as "text" it is compiled once, and a
// mistake in it is a problem of the rule; one that comes from a field is compiled when it comes,
// and the last few are kept. One thread.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/functions/function.hpp"
#include "pipeline/regex.hpp"

namespace escudo::pipeline {

class PatternArgument {
 public:
  // Nothing after a problem.
  static std::optional<PatternArgument> make(const Call& call, std::size_t argument);

  // The pattern for this row; null when it is NULL or cannot be compiled (which is warned of).
  const Regex* get(const Value& pattern);
  // Whether it occurs in `subject`. A search that gives up is warned of and finds nothing.
  bool found(const Regex& regex, std::string_view subject);
  void warn_gave_up(const Regex& regex) const;
  Match& match() { return match_; }

 private:
  explicit PatternArgument(const Context& context) : context_(&context) {}
  const Context* context_;
  std::shared_ptr<const Regex> fixed_;
  std::vector<std::pair<std::string, std::shared_ptr<const Regex>>> recent_;
  std::size_t oldest_ = 0;
  Match match_;
};

}  // namespace escudo::pipeline
