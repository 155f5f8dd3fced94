// JSON by way of nlohmann's event parser: it needs no recursion, gives numbers as they were
// written, and stops where we say. The tree it builds is ours, so that depth is bounded before
// anything walks it.
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "pipeline/ops/spath.hpp"

namespace escudo::pipeline::spath {
namespace {

struct Node {
  enum class Kind { scalar, string, object, array };
  Kind kind = Kind::scalar;
  std::string name;  // as a member
  std::string text;  // of a scalar or string
  std::vector<Node> children;
};

class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(Node& root, int max_depth) : root_(root), max_depth_(max_depth) {}

  bool null() override { return scalar("null"); }
  bool boolean(bool value) override { return scalar(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return scalar(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return scalar(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return scalar(text); }
  bool string(string_t& value) override {
    return add({Node::Kind::string, {}, std::move(value), {}});
  }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Node::Kind::object); }
  bool start_array(std::size_t) override { return open(Node::Kind::array); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool scalar(std::string text) { return add({Node::Kind::scalar, {}, std::move(text), {}}); }
  bool add(Node node) {
    node.name = std::move(key_);
    key_.clear();
    if (open_.empty())
      root_ = std::move(node);
    else
      open_.back()->children.push_back(std::move(node));
    return true;
  }
  bool open(Node::Kind kind) {
    if (static_cast<int>(open_.size()) >= max_depth_) return false;
    // A parent's children move while it grows, but only when none of them is open.
    Node* parent = open_.empty() ? nullptr : open_.back();
    add({kind, {}, {}, {}});
    open_.push_back(parent ? &parent->children.back() : &root_);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  Node& root_;
  int max_depth_;
  std::string key_;
  std::vector<Node*> open_;
};

bool parse(std::string_view text, int max_depth, Node& root) {
  TreeBuilder builder(root, max_depth);
  try {
    return nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  } catch (
      const std::exception&) {  // the parser reports through parse_error; memory may still run out
    return false;
  }
}

void collect(const Node& node, const std::string& path, Leaves& out) {
  switch (node.kind) {
    case Node::Kind::scalar:
    case Node::Kind::string:
      out.add(path, node.text);
      break;
    case Node::Kind::array:
      for (const Node& child : node.children) collect(child, path + "{}", out);
      break;
    case Node::Kind::object:
      for (const Node& child : node.children)
        collect(child, path.empty() ? child.name : path + "." + child.name, out);
      break;
  }
}

void write(const Node& node, std::string& out) {
  switch (node.kind) {
    case Node::Kind::scalar:
      out += node.text;
      return;
    case Node::Kind::string:
      base::append_json_string(out, node.text);
      return;
    case Node::Kind::array:
    case Node::Kind::object:
      break;
  }
  const bool object = node.kind == Node::Kind::object;
  out += object ? '{' : '[';
  for (const Node& child : node.children) {
    if (&child != &node.children.front()) out += ',';
    if (object) {
      base::append_json_string(out, child.name);
      out += ':';
    }
    write(child, out);
  }
  out += object ? '}' : ']';
}

void follow(const Node& node, const std::vector<Step>& path, std::size_t k,
            event::Value::Many& out) {
  if (k == path.size()) {
    std::string text;
    if (node.kind == Node::Kind::string)
      text = node.text;
    else
      write(node, text);
    out.push_back(std::move(text));
    return;
  }
  const Step& step = path[k];
  switch (step.kind) {
    case Step::Kind::name:
      if (node.kind == Node::Kind::object)
        for (const Node& child : node.children)
          if (child.name == step.name) follow(child, path, k + 1, out);
      break;
    case Step::Kind::any_element:
      if (node.kind == Node::Kind::array)
        for (const Node& child : node.children) follow(child, path, k + 1, out);
      break;
    case Step::Kind::element:
      if (node.kind == Node::Kind::array && step.number < node.children.size())
        follow(node.children[step.number], path, k + 1, out);
      break;
    case Step::Kind::attribute:
      break;
  }
}

}  // namespace

bool json_leaves(std::string_view text, int max_depth, Leaves& out) {
  Node root;
  if (!parse(text, max_depth, root)) return false;
  if (root.kind != Node::Kind::object && root.kind != Node::Kind::array)
    return false;  // a mere word or number
  collect(root, "", out);
  return true;
}

bool json_at(std::string_view text, const std::vector<Step>& path, int max_depth,
             event::Value::Many& out) {
  Node root;
  if (!parse(text, max_depth, root)) return false;
  follow(root, path, 0, out);
  return true;
}

}  // namespace escudo::pipeline::spath
