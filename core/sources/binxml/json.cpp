// Shape -> the object `evtx_dump -o jsonl` prints. Tested by tests/unit/sources/evtx_native.cpp.
//
// An element is its text; with attributes or children it is an object that holds them. A <Data>
// with a Name goes by that name. Siblings of one name that stand together are one list; one that
// comes later has a number behind its name.

#include <unordered_map>

#include "sources/binxml/text_program.hpp"

namespace escudo::sources {
namespace {

using Kind = Part::Kind;
using Mode = TextProgram::Mode;

std::string escaped(std::string_view text) {
  std::string out(text.size() * 6 + 16, '\0');
  char* const end = write_utf8(text, Escape::json, out.data());
  out.resize(static_cast<std::size_t>(end - out.data()));
  return out;
}

class JsonShape {
 public:
  JsonShape(const Shape& shape, TextProgram& out) : shape_(shape), out_(out) {}

  void document() {
    while (shape_[root_].kind != Kind::open) ++root_;
    out_.literal("{");
    children(0, static_cast<std::uint32_t>(shape_.size()), false);
    out_.literal("}");
  }

 private:
  struct Element {
    std::uint32_t at = 0, content = 0, end = 0;
    std::uint32_t name_attribute = 0;  // of a Data that goes by it
    bool attributes = false, elements = false, text = false;
  };

  Element look(std::uint32_t at, bool may_have_name) const {
    Element e;
    e.at = at;
    e.end = shape_[at].end;
    std::uint32_t i = at + 1;
    for (; shape_[i].kind == Kind::attribute; i = shape_[i].end + 1) {
      if (may_have_name && shape_[i].text == "Name" && shape_[at].text == "Data") {
        e.name_attribute = i;
      } else {
        e.attributes = true;
      }
    }
    e.content = i;
    for (; i < e.end; ++i) {
      if (shape_[i].kind == Kind::open) {
        e.elements = true;
        i = shape_[i].end;
      } else if (shape_[i].is_text()) {
        e.text = true;
      }
    }
    return e;
  }

  // The key of an element, when it is the same in all records.
  std::string key_of(const Element& e) const {
    if (e.at == root_) return "Event";  // whatever its prefix
    if (e.name_attribute == 0) return std::string(shape_[e.at].text);
    std::string key;
    for (std::uint32_t i = e.name_attribute + 1; i < shape_[e.name_attribute].end; ++i) {
      key += shape_[i].text;
    }
    return key;
  }
  bool has_fixed_key(const Element& e) const {
    if (e.name_attribute == 0) return true;
    for (std::uint32_t i = e.name_attribute + 1; i < shape_[e.name_attribute].end; ++i) {
      if (shape_[i].kind == Kind::value) return false;
    }
    return true;
  }

  // The elements between two parts, as members.
  void children(std::uint32_t begin, std::uint32_t end, bool event_data, bool first = true) {
    std::vector<Element> elements;
    for (std::uint32_t i = begin; i < end; ++i) {
      if (shape_[i].kind != Kind::open) continue;
      elements.push_back(look(i, event_data));
      i = shape_[i].end;
    }
    std::unordered_map<std::string, int> seen;
    for (std::size_t i = 0; i < elements.size();) {
      const Element& e = elements[i];
      const bool fixed = has_fixed_key(e);
      const std::string key = key_of(e);
      std::size_t behind = i + 1;
      while (fixed && behind < elements.size() && has_fixed_key(elements[behind]) &&
             key_of(elements[behind]) == key) {
        ++behind;
      }
      if (!first) out_.literal(",");
      first = false;
      out_.literal("\"");
      if (fixed) {
        const int times = seen[key]++;
        out_.literal(escaped(key));
        if (times > 0) out_.literal("_" + std::to_string(times));
      } else {
        texts(e.name_attribute + 1, shape_[e.name_attribute].end);
      }
      out_.literal("\":");
      const bool unnamed = event_data && e.name_attribute == 0 && shape_[e.at].text == "Data";
      if (unnamed) out_.literal("{\"#text\":");
      if (behind - i > 1) out_.literal("[");
      for (std::size_t k = i; k < behind; ++k) {
        if (k > i) out_.literal(",");
        value(elements[k], event_data && shape_[e.at].text == "Data");
      }
      if (behind - i > 1) out_.literal("]");
      if (unnamed) out_.literal("}");
      i = behind;
    }
  }

  // No text is "" in a <Data> and null elsewhere.
  void value(const Element& e, bool data) {
    if (!e.attributes && !e.elements) {
      if (e.text) {
        scalar(e.content, e.end, data ? Mode::json_value : Mode::json_or_null);
      } else {
        out_.literal(data ? "\"\"" : "null");
      }
      return;
    }
    out_.literal("{");
    bool first = true;
    if (e.attributes) {
      out_.literal("\"#attributes\":{");
      for (std::uint32_t i = e.at + 1; shape_[i].kind == Kind::attribute; i = shape_[i].end + 1) {
        if (i == e.name_attribute) continue;
        if (!first) out_.literal(",");
        first = false;
        out_.literal("\"" + escaped(shape_[i].text) + "\":");
        scalar(i + 1, shape_[i].end);
      }
      out_.literal("}");
      first = false;
    }
    if (e.text) {
      if (!first) out_.literal(",");
      out_.literal("\"#text\":");
      scalar(e.content, e.end);
      first = false;
    }
    if (e.elements) children(e.content, e.end, shape_[e.at].text == "EventData", first);
    out_.literal("}");
  }

  // Text that is one value keeps its type.
  void scalar(std::uint32_t begin, std::uint32_t end, Mode mode = Mode::json_value) {
    if (end == begin + 1 && shape_[begin].kind == Kind::value) {
      return out_.value(shape_[begin].value, mode);
    }
    out_.literal("\"");
    texts(begin, end);
    out_.literal("\"");
  }

  void texts(std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end; ++i) {
      const Part& part = shape_[i];
      if (part.kind == Kind::open) {
        i = part.end;
      } else if (part.kind == Kind::value) {
        out_.value(part.value, Mode::json_part);
      } else if (part.is_text()) {
        out_.literal(escaped(part.text));
      }
    }
  }

  const Shape& shape_;
  std::uint32_t root_ = 0;  // it has one, or it were no event
  TextProgram& out_;
};

}  // namespace

TextProgram json_program(const Shape& shape) {
  TextProgram out;
  JsonShape(shape, out).document();
  out.seal();
  return out;
}

}  // namespace escudo::sources
