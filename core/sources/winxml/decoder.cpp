// Tested by tests/unit/sources/winxml.cpp; fuzzed by tests/fuzz/winxml.cpp and tests/fuzz/evtx.cpp.

#include "sources/winxml/decoder.hpp"

#include <cstring>
#include <pugixml.hpp>

#include "sources/winxml/clean.hpp"

namespace escudo::sources {
namespace {

using event::Section;
using pugi::xml_attribute;
using pugi::xml_node;

// Values as they stand: no trimming, no line end conversion; a value may be blanks only.
constexpr unsigned parse_flags =
    pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata_single;

std::string_view local_name(const char* name) {
  const char* colon = std::strchr(name, ':');
  return colon ? colon + 1 : name;
}

bool declares_namespace(const char* name) { return std::strncmp(name, "xmlns", 5) == 0; }

class Walk {
 public:
  Walk(Draft& draft, base::Arena& arena, std::uint32_t depth_limit)
      : draft_(draft), arena_(arena), depth_limit_(depth_limit) {}

  bool too_deep() const { return too_deep_; }

  void event(xml_node root) {
    for (xml_node part : root.children()) {
      const std::string_view name = local_name(part.name());
      if (name == "System") {
        system(part);
      } else if (name == "EventData") {
        event_data(part);
      } else if (name == "UserData") {
        for (xml_node child : part.children()) leaves(child, Section::user_data, 3);
      } else if (name == "RenderingInfo") {
        for (xml_node child : part.children()) leaves(child, Section::rendering, 3);
      } else if (part.type() == pugi::node_element) {
        for (xml_node child : part.children()) leaves(child, Section::event_data, 3);
      }
    }
  }

 private:
  void system(xml_node parent) {
    for (xml_node node : parent.children()) {
      if (node.type() != pugi::node_element) continue;
      const std::string_view text = text_of(node);
      if (!text.empty()) draft_.add(Section::system, local_name(node.name()), text);
      for (xml_attribute attribute : node.attributes()) {
        if (declares_namespace(attribute.name())) continue;
        draft_.add(Section::system, local_name(attribute.name()), attribute.value());
      }
    }
  }

  void event_data(xml_node parent) {
    for (xml_node node : parent.children()) {
      const xml_attribute name = node.attribute("Name");
      if (name && !has_elements(node)) {
        draft_.add(Section::event_data, *name.value() ? name.value() : "Data", text_of(node));
      } else {
        leaves(node, Section::event_data, 3);
      }
    }
  }

  // `depth` counts from Event, which is 1.
  void leaves(xml_node node, Section section, std::uint32_t depth) {
    if (node.type() != pugi::node_element) return;
    if (depth > depth_limit_) {
      too_deep_ = true;
      return;
    }
    if (section != Section::event_data) attributes(node, section);
    if (!has_elements(node)) {
      draft_.add(section, local_name(node.name()), text_of(node));
      return;
    }
    for (xml_node child : node.children()) leaves(child, section, depth + 1);
  }

  void attributes(xml_node node, Section section) {
    for (xml_attribute attribute : node.attributes()) {
      if (declares_namespace(attribute.name())) continue;
      const std::string_view element = local_name(node.name());
      const std::string_view name = local_name(attribute.name());
      char* joined = arena_.allocate(element.size() + 1 + name.size());
      std::memcpy(joined, element.data(), element.size());
      joined[element.size()] = '_';
      std::memcpy(joined + element.size() + 1, name.data(), name.size());
      draft_.add(section, {joined, element.size() + 1 + name.size()}, attribute.value());
    }
  }

  static bool has_elements(xml_node node) {
    for (xml_node child : node.children()) {
      if (child.type() == pugi::node_element) return true;
    }
    return false;
  }

  static bool is_text(xml_node node) {
    return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata;
  }

  std::string_view text_of(xml_node node) {
    std::string_view text;
    for (xml_node child : node.children()) {
      if (!is_text(child)) continue;
      const std::string_view part = child.value();
      if (text.empty()) {
        text = part;
      } else if (!part.empty()) {
        char* joined = arena_.allocate(text.size() + part.size());
        std::memcpy(joined, text.data(), text.size());
        std::memcpy(joined + text.size(), part.data(), part.size());
        text = {joined, text.size() + part.size()};
      }
    }
    return text;
  }

  Draft& draft_;
  base::Arena& arena_;
  std::uint32_t depth_limit_;
  bool too_deep_ = false;
};

}  // namespace

struct XmlDecoder::State {
  explicit State(const Limits& l) : limits(l), draft(l) {}
  Limits limits;
  Draft draft;
  pugi::xml_document document;
};

XmlDecoder::XmlDecoder(const Limits& limits) : state_(std::make_unique<State>(limits)) {}
XmlDecoder::~XmlDecoder() = default;

base::Result<void> XmlDecoder::decode(std::string_view text, event::Batch& batch,
                                      const RecordPlace& place) {
  const Limits& limits = state_->limits;
  if (auto reason = xml_too_rich(text, limits.fields_per_event)) return base::Error{*reason};
  const std::string_view raw = batch.arena.copy(xml_needs_cleaning(text) ? clean_xml(text) : text);

  // pugixml decodes in place: the values are views into this second copy.
  const std::string_view scratch = batch.arena.copy(raw);
  pugi::xml_document& document = state_->document;
  const pugi::xml_parse_result parsed = document.load_buffer_inplace(
      const_cast<char*>(scratch.data()), scratch.size(), parse_flags, pugi::encoding_utf8);
  if (!parsed) {
    return base::Error{std::string("is not well-formed XML: ") + parsed.description() +
                       " at byte " + std::to_string(parsed.offset)};
  }
  const xml_node root = document.document_element();
  if (local_name(root.name()) != "Event") return base::Error{"has no element Event"};

  Draft& draft = state_->draft;
  draft.start(batch);
  Walk walk(draft, batch.arena, limits.xml_depth);
  walk.event(root);
  if (walk.too_deep()) {
    return base::Error{"has XML elements more than " + std::to_string(limits.xml_depth) +
                       " deep, the limit (xml_depth)"};
  }
  return draft.commit(Draft::Kind::xml, place, raw);
}

}  // namespace escudo::sources
