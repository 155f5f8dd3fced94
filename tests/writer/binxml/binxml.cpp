#include "binxml/binxml.hpp"

#include "binxml/utf16.hpp"

namespace escudo::writer {
namespace {

// A readable outline of the tree: what the GUID of a template is hashed from.
void outline(const Node& node, std::string& out);

void outline(const std::vector<Node>& nodes, std::string& out) {
  for (const Node& n : nodes) outline(n, out);
}

struct Outliner {
  std::string& out;
  void operator()(const Element& e) const {
    out += "<" + e.name + "?" + std::to_string(e.depends_on);
    for (const Attribute& a : e.attributes) {
      out += " " + a.name + "=";
      outline(a.parts, out);
    }
    out += ">";
    outline(e.children, out);
    out += "/";
  }
  void operator()(const Text& t) const { out += "'" + to_utf8(t.units) + "'"; }
  void operator()(const CData& t) const { out += "[" + to_utf8(t.units) + "]"; }
  void operator()(const CharRef& c) const { out += "#" + std::to_string(c.code); }
  void operator()(const EntityRef& e) const { out += "&" + e.name; }
  void operator()(const Instruction& i) const { out += "?" + i.target + " " + to_utf8(i.data); }
  void operator()(const Slot& s) const {
    out += "%" + std::to_string(s.index) + ":" + std::to_string(s.type) + (s.optional ? "o" : "n");
  }
  void operator()(const Instance& i) const { out += "@" + i.of->guid; }
};

void outline(const Node& node, std::string& out) { std::visit(Outliner{out}, node.part); }

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t h = 0xCBF29CE484222325u ^ seed;
  for (const char c : bytes) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return h;
}

}  // namespace

Node element(std::string name, std::vector<Attribute> attributes, std::vector<Node> children,
             std::uint16_t depends_on) {
  return {Element{std::move(name), std::move(attributes), std::move(children), depends_on}};
}
Attribute attribute(std::string name, std::vector<Node> parts) {
  return {std::move(name), std::move(parts)};
}
Attribute attribute(std::string name, std::string_view utf8) {
  return {std::move(name), {text(utf8)}};
}
Node text(std::string_view utf8) { return {Text{to_utf16(utf8)}}; }
Node cdata(std::string_view utf8) { return {CData{to_utf16(utf8)}}; }
Node char_ref(std::uint16_t code) { return {CharRef{code}}; }
Node entity(std::string name) { return {EntityRef{std::move(name)}}; }
Node instruction(std::string target, std::string_view data) {
  return {Instruction{std::move(target), to_utf16(data)}};
}
Node slot(std::uint16_t index, Type type) {
  return {Slot{index, static_cast<std::uint8_t>(type), false}};
}
Node optional_slot(std::uint16_t index, Type type) {
  return {Slot{index, static_cast<std::uint8_t>(type), true}};
}
Node array_slot(std::uint16_t index, Type type) {
  return {
      Slot{index, static_cast<std::uint8_t>(static_cast<std::uint8_t>(type) | array_bit), false}};
}
Fragment instance(std::shared_ptr<const Template> of, std::vector<Value> values) {
  return {{Node{Instance{std::move(of), std::move(values)}}}, true};
}
Fragment direct(std::vector<Node> nodes) { return {std::move(nodes), true}; }

std::shared_ptr<const Template> make_template(std::vector<Node> roots) {
  std::string shape;
  outline(roots, shape);
  std::string bytes(16, '\0');
  for (std::size_t i = 0; i < 16; ++i) {
    bytes[i] = static_cast<char>(fnv1a(shape, i / 8) >> (8 * (i % 8)));
  }
  return std::make_shared<const Template>(Template{std::move(bytes), std::move(roots)});
}

}  // namespace escudo::writer
