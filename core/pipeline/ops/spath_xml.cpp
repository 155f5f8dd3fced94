// XML by way of pugixml, which expands no entities of the document's own and fetches nothing.
#include <pugixml.hpp>

#include <sstream>

#include "pipeline/ops/spath.hpp"

namespace escudo::pipeline::spath {
namespace {

// A value may hold several elements side by side, hence fragments. The text says UTF-16 where it
// was cut from a UTF-16 file, but it is UTF-8 now.
bool parse(std::string_view text, pugi::xml_document& document) {
  return static_cast<bool>(document.load_buffer(
      text.data(), text.size(), pugi::parse_default | pugi::parse_fragment, pugi::encoding_utf8));
}

bool has_elements(const pugi::xml_node& node) {
  for (const pugi::xml_node& child : node.children())
    if (child.type() == pugi::node_element) return true;
  return false;
}

std::string text_of(const pugi::xml_node& node) {
  std::string out;
  for (const pugi::xml_node& child : node.children())
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) out += child.value();
  return out;
}

bool collect(const pugi::xml_node& node, const std::string& path, int depth, Leaves& out) {
  if (depth == 0) return false;
  for (const pugi::xml_attribute& a : node.attributes())
    out.add(path + "{@" + a.name() + "}", a.value());
  if (std::string text = text_of(node); !text.empty()) out.add(path, std::move(text));
  for (const pugi::xml_node& child : node.children())
    if (child.type() == pugi::node_element &&
        !collect(child, path + "." + child.name(), depth - 1, out))
      return false;
  return true;
}

std::string inner_source(const pugi::xml_node& node) {
  std::ostringstream out;
  for (const pugi::xml_node& child : node.children())
    child.print(out, "", pugi::format_raw | pugi::format_no_declaration, pugi::encoding_utf8);
  return out.str();
}

// Paths are no longer than what a rule's author writes; their length bounds the recursion.
void follow(const pugi::xml_node& node, const std::vector<Step>& path, std::size_t k,
            event::Value::Many& out) {
  if (k == path.size()) {
    out.push_back(has_elements(node) ? inner_source(node) : text_of(node));
    return;
  }
  const Step& step = path[k];
  if (step.kind == Step::Kind::attribute) {
    if (k + 1 == path.size())
      if (const pugi::xml_attribute a = node.attribute(step.name.c_str())) out.push_back(a.value());
    return;
  }
  if (step.kind != Step::Kind::name) return;
  // {N} after a name picks one of its elements, counted from 1; {} means all of them, as does
  // nothing.
  std::size_t next = k + 1, wanted = 0;
  if (next < path.size() && path[next].kind == Step::Kind::element)
    wanted = path[next++].number;
  else if (next < path.size() && path[next].kind == Step::Kind::any_element)
    ++next;
  std::size_t number = 0;
  for (const pugi::xml_node& child : node.children(step.name.c_str()))
    if (++number == wanted || wanted == 0) follow(child, path, next, out);
}

}  // namespace

bool xml_leaves(std::string_view text, int max_depth, Leaves& out) {
  pugi::xml_document document;
  if (!parse(text, document)) return false;
  Leaves found;
  for (const pugi::xml_node& root : document.children())
    if (root.type() == pugi::node_element && !collect(root, root.name(), max_depth, found))
      return false;
  out = std::move(found);
  return !out.empty();
}

bool xml_at(std::string_view text, const std::vector<Step>& path, int, event::Value::Many& out) {
  pugi::xml_document document;
  if (!parse(text, document)) return false;
  follow(document, path, 0, out);
  return true;
}

}  // namespace escudo::pipeline::spath
