// evtx_dump -o jsonl: {"Event":{"System":{…},"EventData":{…}}}; attributes stand under
// "#attributes" or, with --separate-json-attributes, under "Name_attributes"; text beside them
// under "#text". Tested by tests/unit/sources/json_shapes.cpp.

#include "sources/jsonl/shape.hpp"

namespace escudo::sources {
namespace {

using event::Section;

constexpr std::string_view attributes = "#attributes";
constexpr std::string_view separate_attributes = "_attributes";
constexpr std::string_view text_key = "#text";

std::string_view last_key(std::string_view path) { return path.substr(path.rfind('.') + 1); }

std::string_view without_text_key(std::string_view path) {
  if (path.ends_with(text_key) && path.size() > text_key.size()) {
    path.remove_suffix(text_key.size() + 1);
  }
  return path;
}

// "Certificate.#attributes.fileRef" and "Certificate_attributes.fileRef": element and attribute.
bool split_attribute(std::string_view path, std::string_view& element,
                     std::string_view& attribute) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string_view owner = path.substr(0, dot);
  if (owner.ends_with(attributes)) {
    owner.remove_suffix(attributes.size());
    if (owner.ends_with('.')) owner.remove_suffix(1);
  } else if (owner.ends_with(separate_attributes)) {
    owner.remove_suffix(separate_attributes.size());
  } else {
    return false;
  }
  element = last_key(owner);
  attribute = path.substr(dot + 1);
  return true;
}

class EvtxDump final : public Shape {
 public:
  std::string_view name() const override { return "evtx_dump"; }

  bool fits(simdjson::dom::object object) const override {
    simdjson::dom::object system;
    return !member(object, "Event.System").get(system);
  }

  void leaf(std::string_view path, std::string_view text) override {
    const std::string_view event = behind(path, "Event.");
    if (auto rest = behind(event, "System."); !rest.empty()) {
      system(rest, text);
    } else if (rest = behind(event, "EventData."); !rest.empty()) {
      event_data(rest, text);
    } else if (rest = behind(event, "UserData."); !rest.empty()) {
      element(Section::user_data, rest, text);
    } else if (rest = behind(event, "RenderingInfo."); !rest.empty()) {
      element(Section::rendering, rest, text);
    } else if (!event.empty() && !event.starts_with(attributes) &&
               !event.starts_with("Event_attributes")) {
      element(Section::event_data, event, text);
    }
  }

 private:
  void system(std::string_view path, std::string_view text) {
    std::string_view owner, attribute;
    if (split_attribute(path, owner, attribute)) {
      add(Section::system, attribute, text);
    } else {
      add(Section::system, last_key(without_text_key(path)), text);
    }
  }

  void event_data(std::string_view path, std::string_view text) {
    std::string_view owner, attribute;
    if (split_attribute(path, owner, attribute)) return;
    path = without_text_key(path);
    // Several <Data> without a name: {"Data":{"#text":[…]}}; a dot within a name is part of it.
    add(Section::event_data, path == text_key ? "Data" : path, text);
  }

  void element(Section section, std::string_view path, std::string_view text) {
    std::string_view owner, attribute;
    if (!split_attribute(path, owner, attribute)) {
      add(section, last_key(without_text_key(path)), text);
    } else if (!attribute.starts_with("xmlns") && !owner.empty() &&
               section != Section::event_data) {
      joined_.assign(owner).append("_").append(attribute);
      add(section, joined_, text);
    }
  }

  std::string joined_;
};

}  // namespace

std::unique_ptr<Shape> evtx_dump_shape() { return std::make_unique<EvtxDump>(); }

}  // namespace escudo::sources
