#pragma once
// The parts of BinXML as a tree a person can write down. A fixture builds these; ChunkBuilder lays
// them out. Value types; no checks here, so that hostile files can be described too.
//
//   auto root = element("EventData", {}, {element("Data", {attribute("Name", {text("Image")})},
//                                                  {slot(0, Type::string)})});

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "binxml/value.hpp"

namespace escudo::writer {

struct Node;

struct Attribute {
  std::string name;
  std::vector<Node> parts;  // text, slots, character and entity references
};

constexpr std::uint16_t no_dependency = 0xFFFF;

struct Element {
  std::string name;
  std::vector<Attribute> attributes;
  std::vector<Node> children;
  // Inside a template: the slot whose NULL makes the whole element vanish.
  std::uint16_t depends_on = no_dependency;
};

struct Text {
  std::u16string units;
};
struct CData {
  std::u16string units;
};
struct CharRef {
  std::uint16_t code;
};
struct EntityRef {
  std::string name;
};
struct Instruction {
  std::string target;
  std::u16string data;
};  // <?target data?>

// A place filled from the instance's values. An optional one disappears, attribute or element and
// all, when its value is NULL.
struct Slot {
  std::uint16_t index;
  std::uint8_t type;  // declared; instances may carry another
  bool optional;
};

// A definition lies in a chunk once, where it is first used; later instances point back at it.
struct Template {
  std::string guid;  // its 16 bytes; ChunkBuilder keys definitions by it
  std::vector<Node> roots;
};

struct Instance {
  std::shared_ptr<const Template> of;
  std::vector<Value> values;
};

struct Node {
  std::variant<Element, Text, CData, CharRef, EntityRef, Instruction, Slot, Instance> part;
};

// What a record holds, and what a value of type 0x21 holds: a template instance, or elements
// written out ("direct": then they carry no dependency identifier and all values are text).
struct Fragment {
  std::vector<Node> nodes;
  bool header = true;  // the 0x0F token; real 0x21 values also come without it
};

Node element(std::string name, std::vector<Attribute> attributes = {},
             std::vector<Node> children = {}, std::uint16_t depends_on = no_dependency);
Attribute attribute(std::string name, std::vector<Node> parts);
Attribute attribute(std::string name, std::string_view text);
Node text(std::string_view utf8);
Node cdata(std::string_view utf8);
Node char_ref(std::uint16_t code);
Node entity(std::string name);
Node instruction(std::string target, std::string_view data);
Node slot(std::uint16_t index, Type type);
Node optional_slot(std::uint16_t index, Type type);
Node array_slot(std::uint16_t index, Type type);
Fragment instance(std::shared_ptr<const Template> of, std::vector<Value> values);
Fragment direct(std::vector<Node> nodes);

// A template whose GUID is made from its content, so that equal templates are one and a changed one
// is another.
std::shared_ptr<const Template> make_template(std::vector<Node> roots);

}  // namespace escudo::writer
