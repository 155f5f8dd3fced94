// Tested by tests/unit/sinks/secret.cpp.

#include "sinks/live/secret.hpp"

#include <cstdlib>

#include "base/files.hpp"

namespace escudo::sinks {

base::Result<std::string> secret(base::Spec& spec, std::string_view key, const char* otherwise) {
  const std::string name(key);
  if (spec.has(key)) {
    return base::Error{"a secret does not belong into an argument, which every process can read: give " + name +
                       "_file=PATH or " + name + "_env=VARIABLE"};
  }
  if (spec.has(name + "_file")) {
    const std::string path = spec.text(name + "_file", "");
    auto bytes = base::read_file(path, 1u << 20);
    if (!bytes) return base::Error{bytes.error()};
    std::string value = bytes->substr(0, bytes->find_first_of("\r\n"));
    if (value.empty()) return base::Error{"the first line of " + path + " is empty"};
    return value;
  }
  const std::string variable = spec.text(name + "_env", otherwise);
  const char* value = std::getenv(variable.c_str());
  if (spec.has(name + "_env") && (!value || !*value)) {
    return base::Error{"the environment has no " + variable};
  }
  return std::string(value ? value : "");
}

}  // namespace escudo::sinks
