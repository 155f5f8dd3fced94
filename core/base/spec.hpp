#pragma once
// Spec: what --sink and --source say, taken apart: "kind:target?key=value&key=value". Not thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace escudo::base {

class Spec {
 public:
  // In values (not in the target) %XX is a byte. Fails when an option is given twice or has no name.
  static Result<Spec> parse(std::string_view text);

  std::string kind, target;

  bool has(std::string_view key) const { return find(key) != nullptr; }
  // Each of these notes that the option is known.
  std::string text(std::string_view key, std::string_view otherwise);
  // A whole number with K, M or G behind it (1024s) within [least, most].
  Result<std::uint64_t> number(std::string_view key, std::uint64_t otherwise, std::uint64_t least,
                                     std::uint64_t most);
  Result<bool> yes_no(std::string_view key, bool otherwise);
  // After all was asked: an option that nobody knows is an error with a sentence.
  Result<void> all_known() const;

 private:
  struct Option {
    std::string key, value;
    bool known = false;
  };
  const Option* find(std::string_view key) const;
  std::vector<Option> options_;
};

}  // namespace escudo::base
