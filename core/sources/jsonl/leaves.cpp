#include "sources/jsonl/leaves.hpp"

#include <charconv>
#include <cstdint>

#include "base/json.hpp"

namespace escudo::sources {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

class Visit {
 public:
  Visit(base::Arena& arena, LeafSink& sink) : arena_(arena), sink_(sink) {}

  void object(simdjson::dom::object fields) {
    for (const auto& field : fields) {
      const std::size_t before = path_.size();
      if (before > 0) path_ += '.';
      path_ += field.key;
      value(field.value);
      path_.resize(before);
    }
  }

 private:
  void value(element item) {
    simdjson::dom::object fields;
    simdjson::dom::array items;
    std::string_view text;
    std::int64_t whole = 0;
    std::uint64_t large = 0;
    double real = 0;
    bool flag = false;
    switch (item.type()) {
      case element_type::OBJECT:
        if (!item.get(fields)) object(fields);
        break;
      case element_type::ARRAY:
        if (item.get(items)) break;
        for (element each : items) value(each);
        break;
      case element_type::STRING:
        if (!item.get(text)) sink_.leaf(path_, arena_.copy(text));
        break;
      case element_type::INT64:
        if (!item.get(whole)) number(whole);
        break;
      case element_type::UINT64:
        if (!item.get(large)) number(large);
        break;
      case element_type::DOUBLE:
        if (!item.get(real)) sink_.leaf(path_, arena_.copy(base::number_text(real)));
        break;
      case element_type::BOOL:
        if (!item.get(flag)) sink_.leaf(path_, flag ? "true" : "false");
        break;
      default:
        break;
    }
  }

  template <class T>
  void number(T n) {
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, n).ptr;
    sink_.leaf(path_, arena_.copy({text, static_cast<std::size_t>(end - text)}));
  }

  base::Arena& arena_;
  LeafSink& sink_;
  std::string path_;
};

}  // namespace

void visit_leaves(simdjson::dom::object object, base::Arena& arena, LeafSink& sink) {
  Visit(arena, sink).object(object);
}

simdjson::simdjson_result<element> member(simdjson::dom::object object, std::string_view path) {
  auto found = object.at_key(path);
  if (!found.error()) return found;
  const std::size_t dot = path.find('.');
  if (dot == std::string_view::npos) return found;
  simdjson::dom::object inner;
  if (object.at_key(path.substr(0, dot)).get(inner)) return found;
  return member(inner, path.substr(dot + 1));
}

}  // namespace escudo::sources
