// Names become slots; what depends on no event is computed now, so that a kind's constants are seen
// as such. Aliases show only where they are the whole field: arguments see the first value alone.

#include "cim/bind.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cim/render.hpp"
#include "cim/synthesised.hpp"

namespace escudo::cim {
namespace {

using NodeList = std::vector<NodePtr>;

Known least_known(const NodeList& nodes) {
  Known known = Known::always;
  for (const NodePtr& node : nodes) known = std::min(known, node->known());
  return known;
}

class Constant : public Node {
 public:
  explicit Constant(FieldValues values, bool aliases = false)
      : texts_(values.begin(), values.end()),
        views_(texts_.begin(), texts_.end()),
        aliases_(aliases) {}
  FieldValues evaluate(const Context&) const override { return views_; }
  Known known() const override { return Known::always; }
  bool has_aliases() const override { return aliases_; }
  bool copies(std::vector<std::string_view>& others) const override {
    others.insert(others.end(), views_.begin(), views_.end());
    return true;
  }

 private:
  std::vector<std::string> texts_;
  std::vector<std::string_view> views_;
  bool aliases_;
};

class Parent : public Node {
 public:
  explicit Parent(NodeList arguments) : arguments_(std::move(arguments)) {}
  Known known() const override { return least_known(arguments_); }
  void columns_read(std::vector<event::FieldId>& out) const override {
    for (const NodePtr& argument : arguments_) argument->columns_read(out);
  }

 protected:
  NodeList arguments_;
};

class OwnValue : public Parent {  // an aliased field as an argument
 public:
  using Parent::Parent;
  FieldValues evaluate(const Context& c) const override {
    FieldValues values = arguments_[0]->evaluate(c);
    return values.first(std::min<std::size_t>(values.size(), 1));
  }
  bool copies(std::vector<std::string_view>& others) const override {
    return arguments_[0]->copies(others);
  }
};

class Call : public Parent {
 public:
  Call(const Transform& transform, NodeList arguments)
      : Parent(std::move(arguments)), transform_(transform) {}
  FieldValues evaluate(const Context& c) const override {
    // Nearly every call has few arguments: no kilobyte of spans is cleared for those.
    return arguments_.size() <= 4 ? apply<4>(c) : apply<any_number>(c);
  }

 private:
  template <std::size_t room>
  FieldValues apply(const Context& c) const {
    FieldValues values[room];
    for (std::size_t i = 0; i < arguments_.size(); ++i) values[i] = arguments_[i]->evaluate(c);
    return transform_.apply(Arguments(values, arguments_.size()), c.scratch);
  }

  const Transform& transform_;
};

class First : public Parent {
 public:
  using Parent::Parent;
  FieldValues evaluate(const Context& c) const override {
    for (const NodePtr& argument : arguments_) {
      if (FieldValues values = argument->evaluate(c); !values.empty()) return values;
    }
    return {};
  }
  bool copies(std::vector<std::string_view>& others) const override {
    return std::all_of(arguments_.begin(), arguments_.end(),
                       [&](const NodePtr& argument) { return argument->copies(others); });
  }
};

class Choice : public Parent {  // condition, then[, otherwise]
 public:
  using Parent::Parent;
  FieldValues evaluate(const Context& c) const override {
    if (!arguments_[0]->evaluate(c).empty()) return arguments_[1]->evaluate(c);
    return arguments_.size() > 2 ? arguments_[2]->evaluate(c) : FieldValues{};
  }
  bool copies(std::vector<std::string_view>& others) const override {
    return std::all_of(arguments_.begin() + 1, arguments_.end(),
                       [&](const NodePtr& argument) { return argument->copies(others); });
  }
};

class Alias : public Parent {
 public:
  using Parent::Parent;
  bool has_aliases() const override { return true; }
  FieldValues evaluate(const Context& c) const override {
    FieldValues shown = arguments_[0]->evaluate(c);
    if (shown.empty()) return {};
    FieldValues parts[any_number];
    std::size_t count = 1;
    for (std::size_t i = 1; i < arguments_.size(); ++i) {
      parts[i] = arguments_[i]->evaluate(c);
      count += parts[i].size();
    }
    auto out = c.scratch.array<std::string_view>(count);
    out[0] = shown.front();
    std::size_t used = 1;
    for (std::size_t i = 1; i < arguments_.size(); ++i) {
      for (std::string_view value : parts[i]) {
        if (value != out[0]) out[used++] = value;
      }
    }
    return out.first(used);
  }
};

class Lookup : public Parent {  // x[, otherwise]
 public:
  Lookup(const ValueTable& table, NodeList arguments)
      : Parent(std::move(arguments)), table_(table) {}
  FieldValues evaluate(const Context& c) const override {
    FieldValues keys = arguments_[0]->evaluate(c);
    FieldValues found = each(keys, c.scratch, [&](std::string_view key) -> std::string_view {
      char* folded = c.scratch.allocate(key.size());
      for (std::size_t i = 0; i < key.size(); ++i) folded[i] = base::ascii_lower(key[i]);
      auto it = table_.find(std::string_view(folded, key.size()));
      return it == table_.end() ? std::string_view{} : std::string_view(it->second);
    });
    if (found.empty() && arguments_.size() > 1) return arguments_[1]->evaluate(c);
    return found;
  }

 private:
  const ValueTable& table_;
};

class XmlBlock : public Node {
 public:
  XmlBlock(Block block, std::string_view wrapper) : block_(block), wrapper_(wrapper) {}
  FieldValues evaluate(const Context& c) const override {
    return one(block_text(block_, wrapper_, c.event, c.scratch), c.scratch);
  }
  void columns_read(std::vector<event::FieldId>& out) const override {
    static const event::FieldId raw = event::intern("_raw");
    out.push_back(raw);
  }

 private:
  Block block_;
  std::string_view wrapper_;
};

NodePtr fold(NodePtr node) {
  if (node->known() != Known::always || is_null(*node)) return node;
  static const event::Event no_event;
  static const event::Origin no_origin;
  base::Arena scratch(1024);
  FieldValues values = node->evaluate({no_event, no_origin, scratch});
  if (values.empty()) return null_node();
  return std::make_unique<Constant>(values, node->has_aliases());
}

class Binder {
 public:
  Binder(const Kind& kind, const event::Schema& schema) : kind_(kind), schema_(schema) {}

  NodePtr field(event::FieldId id) {
    const Formula* formula = kind_.find(id);
    // Inside its own formula a name means the raw field.
    bool inside = std::find(open_.begin(), open_.end(), id) != open_.end();
    NodePtr node;
    if (formula && !inside) {
      open_.push_back(id);
      node = bind(*formula);
      open_.pop_back();
    } else {
      node = synthesised(kind_, schema_, id);
      if (!node) node = raw_column(schema_, id);
    }
    if (!inside && is_origin_field(id)) node = with_origin(id, std::move(node));
    return node;
  }

  NodePtr bind(const Formula& f) {
    switch (f.form) {
      case Form::field:
        return field(f.field);
      case Form::constant: {
        std::string_view text = f.text;
        return text.empty() ? null_node() : std::make_unique<Constant>(FieldValues(&text, 1));
      }
      case Form::transform:
        return fold(std::make_unique<Call>(*f.transform, arguments(f)));
      case Form::first:
        return first(arguments(f));
      case Form::choice:
        return choice(arguments(f));
      case Form::lookup:
        return fold(std::make_unique<Lookup>(*f.table, arguments(f)));
      case Form::alias:
        return fold(std::make_unique<Alias>(arguments(f)));
      case Form::block: {
        Block block = f.text == "user_data_xml" ? Block::user_data
                      : f.text == "system_xml"  ? Block::system
                                                : Block::event_data;
        std::string_view wrapper;
        if (!f.arguments.empty()) wrapper = f.arguments[0].text;
        return std::make_unique<XmlBlock>(block, wrapper);
      }
    }
    return null_node();
  }

 private:
  NodeList arguments(const Formula& f) {
    NodeList out;
    for (const Formula& argument : f.arguments) {
      NodePtr node = bind(argument);
      if (node->has_aliases()) {
        NodeList inner;
        inner.push_back(std::move(node));
        node = fold(std::make_unique<OwnValue>(std::move(inner)));
      }
      out.push_back(std::move(node));
    }
    return out;
  }

  NodePtr first(NodeList all) {
    NodeList useful;
    for (NodePtr& node : all) {
      if (is_null(*node)) continue;
      bool last = node->known() == Known::always;  // it has a value: the rest is never asked
      useful.push_back(std::move(node));
      if (last) break;
    }
    if (useful.empty()) return null_node();
    if (useful.size() == 1) return std::move(useful.front());
    return std::make_unique<First>(std::move(useful));
  }

  NodePtr choice(NodeList all) {
    if (all[0]->known() != Known::always) return std::make_unique<Choice>(std::move(all));
    if (!is_null(*all[0])) return std::move(all[1]);
    return all.size() > 2 ? std::move(all[2]) : null_node();
  }

  const Kind& kind_;
  const event::Schema& schema_;
  std::vector<event::FieldId> open_;
};

class Fallback : public Node {
 public:
  Fallback(NodePtr node, std::string_view text) : node_(std::move(node)), text_{text} {}
  FieldValues evaluate(const Context& c) const override {
    FieldValues values = node_->evaluate(c);
    return values.empty() ? FieldValues(text_) : values;
  }
  Known known() const override { return node_->known(); }
  bool has_aliases() const override { return node_->has_aliases(); }
  void columns_read(std::vector<event::FieldId>& out) const override { node_->columns_read(out); }
  bool copies(std::vector<std::string_view>& others) const override {
    others.push_back(text_[0]);
    return node_->copies(others);
  }

 private:
  NodePtr node_;
  std::string_view text_[1];
};

}  // namespace

NodePtr bind_field(const Kind& kind, const event::Schema& schema, event::FieldId field) {
  return Binder(kind, schema).field(field);
}

NodePtr bind_formula(const Kind& kind, const event::Schema& schema, const Formula& formula) {
  return Binder(kind, schema).bind(formula);
}

NodePtr with_fallback(NodePtr node, std::string_view fallback) {
  if (fallback.empty()) return node;
  if (is_null(*node)) return std::make_unique<Constant>(FieldValues(&fallback, 1));
  return std::make_unique<Fallback>(std::move(node), fallback);
}

}  // namespace escudo::cim
