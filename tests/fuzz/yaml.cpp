// rooms: base
// YAML of a stranger: whatever the bytes, there is a document or a diagnostic, every node can be
// asked for everything, and every place that is complained about lies inside the source.

#include <cstdint>
#include <cstdlib>

#include "base/yaml.hpp"

namespace {

using namespace escudo::base;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_place(const Diagnostic& d) {
  require(d.line >= 1 && d.column >= 1 && d.width >= 1);
  require(d.column >= d.excerpt_column);
  require(d.column - d.excerpt_column <= d.excerpt.size());
  require(!d.render().empty());
}

void walk(const Yaml& node, int level) {
  require(level <= 64);
  require(node.line() >= 1 && node.column() >= 1);
  check_place(node.complain("code", "message"));
  const std::string text = node.text();
  const auto size = static_cast<std::uint32_t>(text.size());
  for (const Span span : {Span{0, size}, Span{size / 2, size / 2 + 1}, Span{size, size}}) {
    check_place(node.complain_at(span, "code", "message"));
  }
  node.number();
  node.boolean(false);
  node.strings();
  for (const auto& [name, value] : node.members()) {
    require(value.key().line() >= 1);
    check_place(value.key().complain("code", "message"));
    walk(value, level + 1);
  }
  if (node.is_list()) {
    for (const Yaml& item : node.items()) walk(item, level + 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Diagnostics problems;
  const auto yaml =
      Yaml::parse({reinterpret_cast<const char*>(data), size}, "fuzz.yml", problems);
  require(yaml.has_value() == problems.empty());
  if (yaml) {
    walk(*yaml, 0);
  } else {
    check_place(problems.back());
  }
  return 0;
}
