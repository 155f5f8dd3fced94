// Tested by tests/unit/sources/evtx_native.cpp; fuzzed by tests/fuzz/evtx_native.cpp.

#include "sources/binxml/shape.hpp"

namespace escudo::sources {
namespace {

constexpr std::uint32_t no_item = UINT32_MAX;

class Filler {
 public:
  Filler(const ParsedRecord& record, std::size_t max_parts, Shape& out)
      : record_(record), max_parts_(max_parts), out_(out) {}

  bool all(std::span<const ParsedRecord::Piece> pieces) {
    for (const ParsedRecord::Piece& piece : pieces) {
      if (!range(piece, 0, piece.of->ops.size(), no_item)) return false;
    }
    return true;
  }

 private:
  using Piece = ParsedRecord::Piece;

  const RawValue* given(const Piece& piece, std::uint16_t slot) const {
    return slot < piece.values ? &record_.values()[piece.first_value + slot] : nullptr;
  }
  const RawValue* value(const Piece& piece, std::uint16_t slot) const {
    const RawValue* v = given(piece, slot);
    return v && !v->is_null() ? v : nullptr;
  }

  Part* add(Part::Kind kind, std::string_view text = {}) {
    text_ += text.size();
    if (out_.size() >= max_parts_ || text_ > max_shape_text) return nullptr;
    out_.emplace_back();
    out_.back().kind = kind;
    out_.back().text = text;
    return &out_.back();
  }

  bool add_value(const RawValue* v) {
    Part* part = add(Part::Kind::value);
    if (part) part->value = static_cast<std::uint32_t>(v - record_.values().data());
    return part != nullptr;
  }

  bool range(const Piece& piece, std::size_t at, std::size_t end, std::uint32_t item) {
    const std::vector<TemplateOp>& ops = piece.of->ops;
    for (; at < end; ++at) {
      // Placeholders may be many and all be filled with the same BinXML of many placeholders.
      if (++steps_ > max_steps) return false;
      const TemplateOp& op = ops[at];
      bool good = true;
      switch (op.op) {
        case Op::open:
          good = element(piece, at);
          at = op.end;
          break;
        case Op::attribute:
          good = attribute(piece, at);
          at = op.end;
          break;
        case Op::text:
        case Op::cdata: {
          good = add(op.op == Op::text ? Part::Kind::text : Part::Kind::cdata, op.text) != nullptr;
          break;
        }
        case Op::instruction: {
          text_ += op.data.size();
          Part* part = add(Part::Kind::instruction, op.text);
          if (part) part->data = op.data;
          good = part != nullptr;
          break;
        }
        case Op::slot:
          good = slot(piece, op, item);
          break;
        case Op::close:
        case Op::attribute_end:
          break;
      }
      if (!good) return false;
    }
    return true;
  }

  // The first array among the element's own slots.
  const RawValue* array_of(const Piece& piece, std::size_t at) {
    const std::vector<TemplateOp>& ops = piece.of->ops;
    for (std::size_t i = at + 1; i < ops[at].end; ++i) {
      ++steps_;
      if (ops[i].op == Op::open || ops[i].op == Op::attribute) {
        i = ops[i].end;
      } else if (ops[i].op == Op::slot) {
        const RawValue* v = value(piece, ops[i].slot);
        if (v && v->is_array()) return v;
      }
    }
    return nullptr;
  }

  bool element(const Piece& piece, std::size_t at) {
    const TemplateOp& op = piece.of->ops[at];
    if (op.depends_on != 0xFFFF && !value(piece, op.depends_on)) return true;
    const RawValue* array = array_of(piece, at);
    if (!array) return one_element(piece, at, no_item, false);
    const auto items = record_.items(*array);
    if (items.begin == items.end) return one_element(piece, at, 0, true);
    for (std::uint32_t k = 0; k < items.end - items.begin; ++k) {
      if (!one_element(piece, at, k, true)) return false;
    }
    return true;
  }

  bool one_element(const Piece& piece, std::size_t at, std::uint32_t item, bool of_array) {
    const TemplateOp& op = piece.of->ops[at];
    const std::size_t here = out_.size();
    Part* part = add(Part::Kind::open, op.text);
    if (!part) return false;
    part->of_array = of_array;
    if (!range(piece, at + 1, op.end, item)) return false;
    out_[here].end = static_cast<std::uint32_t>(out_.size());
    return add(Part::Kind::close) != nullptr;
  }

  bool attribute(const Piece& piece, std::size_t at) {
    const std::vector<TemplateOp>& ops = piece.of->ops;
    const TemplateOp& op = ops[at];
    bool vanishes = op.end > at + 1;
    for (std::size_t i = at + 1; i < op.end; ++i) {
      const bool gone = ops[i].op == Op::slot && ops[i].optional && !value(piece, ops[i].slot);
      vanishes = vanishes && gone;
    }
    if (vanishes) return true;
    const std::size_t here = out_.size();
    if (!add(Part::Kind::attribute, op.text)) return false;
    if (!range(piece, at + 1, op.end, no_item)) return false;
    out_[here].end = static_cast<std::uint32_t>(out_.size());
    return add(Part::Kind::attribute_end) != nullptr;
  }

  bool slot(const Piece& piece, const TemplateOp& op, std::uint32_t item) {
    const RawValue* v = given(piece, op.slot);
    if (!v) return true;
    // Where the signature does not tell nothing from something, the place is kept for both.
    if (v->is_null() || (v->type == type::binxml && v->size == 0)) {
      return piece.of->structural[op.slot] || add_value(v);
    }
    if (v->is_array()) {
      const auto items = record_.items(*v);
      const RawValue* first = record_.values().data() + items.begin;
      const std::uint32_t count = items.end - items.begin;
      if (item != no_item) return item >= count || add_value(first + item);
      for (std::uint32_t k = 0; k < count; ++k) {
        if (k > 0 && !add(Part::Kind::text, ", ")) return false;
        if (!add_value(first + k)) return false;
      }
      return true;
    }
    if (v->type == type::binxml) return all(record_.pieces(*v));
    return add_value(v);
  }

  const ParsedRecord& record_;
  static constexpr std::size_t max_steps = 1u << 20;
  const std::size_t max_parts_;
  Shape& out_;
  std::size_t steps_ = 0, text_ = 0;
};

}  // namespace

base::Result<void> make_shape(const ParsedRecord& record, std::size_t max_parts, Shape& out) {
  out.clear();
  if (Filler(record, max_parts, out).all(record.pieces())) return {};
  return base::Error{"has more than " + std::to_string(max_parts) + " parts or " +
                     std::to_string(max_shape_text / 1024) +
                     " KiB of names and literals, the limits for one record"};
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool declares_namespace(std::string_view attribute) { return attribute.starts_with("xmlns"); }

}  // namespace escudo::sources
