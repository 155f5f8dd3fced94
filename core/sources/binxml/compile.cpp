// BinXML tokens -> Template. Iterative, so that depth costs no stack; every read is checked against
// the place it may touch. Tested by tests/unit/sources/evtx_native.cpp; fuzzed by
// tests/fuzz/evtx_native.cpp.

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/utf16.hpp"
#include "base/utf8.hpp"
#include "sources/binxml/little_endian.hpp"
#include "sources/binxml/template.hpp"
#include "sources/binxml/utf16_text.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t name_header = 8;  // next in chain, hash, length
// A chunk has 64 KiB, but names may overlap.
constexpr std::size_t max_text = 256 * 1024;

std::string utf8_of(std::string_view units) {
  std::string text;
  base::utf16_to_utf8(units, true, text);
  return text;
}

// A literal as values have it: a NUL within is U+FFFD.
std::string text_of(std::string_view units) {
  std::string text(text_room(units.size(), Escape::none), '\0');
  text.resize(static_cast<std::size_t>(write_utf16(units, Escape::none, text.data()) - text.data()));
  return text;
}

class Compiler {
 public:
  Compiler(const BinxmlPlace& place, std::uint32_t depth_limit, Template& into,
           std::vector<NameReference>* names)
      : place_(place), depth_limit_(depth_limit), into_(into), names_(names), at_(place.begin) {}

  base::Result<void> run() {
    while (failure_.empty() && at_ < place_.end) {
      const auto token = static_cast<unsigned char>(place_.chunk[at_++]);
      if (token == 0 || (token == 0x04 && open_.empty())) break;
      with_attributes_ = (token & 0x40) != 0;  // on other tokens: more of the same follows
      take(token & 0xBF);
    }
    if (failure_.empty() && !open_.empty()) fail("ends within an element");
    if (failure_.empty() && into_.ops.empty()) fail("holds no element");
    if (!failure_.empty()) return base::Error{failure_};
    return {};
  }
  std::size_t at() const { return at_; }

 private:
  void fail(const char* why) {
    if (failure_.empty()) failure_ = why;
  }
  const char* bytes(std::size_t n) {
    if (place_.end - at_ < n) {
      fail("is cut: its BinXML ends too early");
      return nullptr;
    }
    const char* p = place_.chunk.data() + at_;
    at_ += n;
    return p;
  }

  void take(unsigned token) {
    switch (token) {
      case 0x01:
        return open();
      case 0x02:
        return close_attributes();
      case 0x03:
        close_attributes();
        return close();
      case 0x04:
        return close();
      case 0x05:
        return value_text();
      case 0x06:
        return attribute();
      case 0x07:
        return counted_text(Op::cdata);
      case 0x08:
        return character();
      case 0x09:
        return entity();
      case 0x0A:
        return instruction_target();
      case 0x0B:
        return instruction_data();
      case 0x0D:
        return slot(false);
      case 0x0E:
        return slot(true);
      case 0x0F:
        static_cast<void>(bytes(3));
        return;  // a fragment header between elements
      default:
        return fail("has a token that BinXML does not know");
    }
  }

  TemplateOp& add(Op op) {
    into_.ops.push_back({});
    into_.ops.back().op = op;
    return into_.ops.back();
  }

  std::string_view name() {
    const std::size_t reference = at_ - place_.begin;
    const char* p = bytes(4);
    if (!p) return {};
    const std::size_t offset = u32(p);
    const auto [known, fresh] = met_.try_emplace(offset);
    Name& name = known->second;
    if (fresh && !name_at(place_.chunk, offset, name.units)) {
      fail("names something outside its chunk");
      return {};
    }
    const bool here = offset == at_;
    if (here && !bytes(name_header + name.units.size() + 2)) return {};
    if (names_) {
      if (fresh) name.index = static_cast<std::uint32_t>(names_->size());
      names_->push_back({static_cast<std::uint32_t>(reference), here,
                         fresh ? NameReference::first : name.index, name.units});
    }
    if (name.units.empty()) {
      fail("has an element or attribute without a name");
      return {};
    }
    if (fresh) name.text = keep(utf8_of(name.units));
    return name.text;
  }

  bool has_room(std::size_t text) {
    kept_ += text;
    if (kept_ > max_text) fail("has more text than there can be");
    return kept_ <= max_text;
  }
  std::string& keep(std::string text) {
    if (!has_room(text.size())) text.clear();
    return into_.keep(std::move(text));
  }

  void open() {
    end_attribute();
    if (open_.size() >= depth_limit_)
      return fail("has elements nested deeper than the limit (xml_depth)");
    std::uint16_t depends_on = 0xFFFF;
    if (place_.definition) {
      const char* p = bytes(2);
      if (!p) return;
      depends_on = u16(p);
    }
    if (!bytes(4)) return;  // the size of what follows: the tokens say it again
    const std::string_view text = name();
    if (with_attributes_ && !bytes(4)) return;
    if (!failure_.empty()) return;
    open_.push_back(into_.ops.size());
    in_tag_ = true;
    TemplateOp& op = add(Op::open);
    op.text = text;
    op.depends_on = depends_on;
  }

  void attribute() {
    end_attribute();
    if (!in_tag_) return fail("has an attribute outside a tag");
    const std::string_view text = name();
    attribute_ = into_.ops.size() + 1;
    add(Op::attribute).text = text;
  }

  void end_attribute() {
    if (attribute_ == 0) return;
    into_.ops[attribute_ - 1].end = static_cast<std::uint32_t>(into_.ops.size());
    attribute_ = 0;
    add(Op::attribute_end);
  }

  void close_attributes() {
    end_attribute();
    if (!in_tag_) return fail("closes a tag that is not open");
    in_tag_ = false;
  }

  void close() {
    if (in_tag_ || open_.empty()) return fail("closes an element that is not open");
    into_.ops[open_.back()].end = static_cast<std::uint32_t>(into_.ops.size());
    open_.pop_back();
    add(Op::close);
  }

  // Adjacent literals are one.
  void literal(Op op, std::string text) {
    if (in_tag_ && attribute_ == 0) return fail("has text within a tag");
    if (open_.empty()) return;  // blanks between elements
    const bool joins = !into_.ops.empty() && into_.ops.back().op == op && op == Op::text;
    if (joins) {
      if (!has_room(text.size())) return;
      *literal_ += text;
      into_.ops.back().text = *literal_;
    } else {
      literal_ = &keep(std::move(text));
      add(op).text = *literal_;
    }
  }

  void value_text() {
    const char* type = bytes(1);
    if (!type) return;
    if (*type != 0x01) return fail("has a literal that is no string");
    counted_text(Op::text);
  }

  void counted_text(Op op) {
    const char* p = bytes(2);
    if (!p) return;
    const std::size_t size = 2u * u16(p);
    p = bytes(size);
    if (p) literal(op, text_of({p, size}));
  }

  void character() {
    const char* p = bytes(2);
    if (!p) return;
    literal(Op::text, text_of({p, 2}));
  }

  void entity() {
    const std::string_view known = name();
    constexpr std::pair<std::string_view, const char*> entities[] = {
        {"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}};
    for (const auto& [word, text] : entities) {
      if (word == known) return literal(Op::text, text);
    }
    literal(Op::text, "&" + std::string(known) + ";");  // nobody says what it stands for
  }

  void instruction_target() {
    end_attribute();
    const std::string_view target = name();
    add(Op::instruction).text = target;
  }
  void instruction_data() {
    const char* p = bytes(2);
    if (!p) return;
    const std::size_t size = 2u * u16(p);
    p = bytes(size);
    if (!p) return;
    if (into_.ops.empty() || into_.ops.back().op != Op::instruction) {
      return fail("has data of an instruction that is not there");
    }
    into_.ops.back().data = keep(text_of({p, size}));
  }

  void slot(bool optional) {
    const char* p = bytes(3);
    if (!p) return;
    if (!place_.definition) return fail("has a placeholder outside a template");
    if (open_.empty() || (in_tag_ && attribute_ == 0))
      return fail("has a placeholder outside an element");
    TemplateOp& op = add(Op::slot);
    op.slot = u16(p);  // the declared type behind it does not count: the instance's does
    op.optional = optional;
  }

  struct Name {
    std::string_view units, text;
    std::uint32_t index = 0;  // of the first reference, in `names_`
  };

  const BinxmlPlace& place_;
  const std::uint32_t depth_limit_;
  Template& into_;
  std::vector<NameReference>* names_;
  std::size_t at_;
  std::unordered_map<std::size_t, Name> met_;  // by offset
  std::size_t kept_ = 0;                       // bytes of text
  std::vector<std::size_t> open_;              // indices of open elements
  std::size_t attribute_ = 0;  // 1 + index of the attribute whose value is being read
  std::string* literal_ = nullptr;  // the last one
  bool in_tag_ = false;
  bool with_attributes_ = false;
  std::string failure_;
};

// Where the one text of an element or attribute stands, when it is one slot or one literal.
HeaderPart part_of(const std::vector<TemplateOp>& ops, std::size_t begin, std::size_t end) {
  HeaderPart part;
  for (std::size_t i = begin; i < end; ++i) {
    if (ops[i].op == Op::attribute) {
      i = ops[i].end;
    } else if (part.where != HeaderPart::Where::nowhere) {
      return {};  // in several parts: not worth a shortcut
    } else if (ops[i].op == Op::slot) {
      part = {HeaderPart::Where::slot, ops[i].slot, {}};
    } else if (ops[i].op == Op::text || ops[i].op == Op::cdata) {
      part = {HeaderPart::Where::literal, 0, ops[i].text};
    } else {
      return {};
    }
  }
  return part;
}

}  // namespace

bool name_at(std::string_view chunk, std::size_t offset, std::string_view& units) {
  if (chunk.size() < name_header + 2 || offset > chunk.size() - name_header - 2) return false;
  const std::size_t size = 2u * u16(chunk.data() + offset + 6);
  if (chunk.size() - offset - name_header - 2 < size) return false;
  units = chunk.substr(offset + name_header, size);
  if (u16(units.data() + size) == 0) return true;
  // A damaged length: no name has a NUL within.
  for (std::size_t i = 0; i < size; i += 2) {
    if (u16(units.data() + i) != 0) continue;
    units = units.substr(0, i);
    break;
  }
  return true;
}

base::Result<void> compile_binxml(const BinxmlPlace& place, std::uint32_t depth_limit,
                                  Template& into, std::vector<NameReference>* names,
                                  std::size_t* stopped) {
  Compiler compiler(place, depth_limit, into, names);
  auto done = compiler.run();
  if (stopped) *stopped = compiler.at();
  if (done) into.analyse();
  return done;
}

std::size_t Template::bytes() const {
  std::size_t n = ops.capacity() * sizeof(TemplateOp);
  for (const std::string& text : texts_) n += sizeof text + text.capacity();
  return n;
}

void Template::analyse() {
  slots = 0;
  for (const TemplateOp& op : ops) {
    if (op.op == Op::slot) slots = std::max<std::uint32_t>(slots, op.slot + 1u);
  }
  // On a slot without a placeholder nothing depends: a damaged number must not hide an element.
  for (std::size_t i = 0; i < ops.size(); ++i) {
    if (ops[i].op != Op::open || ops[i].depends_on == 0xFFFF || ops[i].depends_on < slots) continue;
    std::size_t content = i + 1;
    while (ops[content].op == Op::attribute) content = ops[content].end + 1;
    const bool one = ops[content].op == Op::slot && content + 1 == ops[i].end;
    ops[i].depends_on = one && ops[content].optional ? ops[content].slot : 0xFFFF;
  }
  structural.assign(slots, false);
  std::vector<std::string_view> path;
  bool in_attribute = false;
  for (std::size_t i = 0; i < ops.size(); ++i) {
    const TemplateOp& op = ops[i];
    switch (op.op) {
      case Op::open: {
        path.push_back(op.text);
        if (op.depends_on != 0xFFFF) structural[op.depends_on] = true;
        if (path.size() != 3 || path[0] != "Event" || path[1] != "System") break;
        HeaderPart* part = op.text == "EventID"         ? &event_id
                           : op.text == "Channel"       ? &channel
                           : op.text == "EventRecordID" ? &record_id
                                                        : nullptr;
        if (part) *part = part_of(ops, i + 1, op.end);
        break;
      }
      case Op::close:
        path.pop_back();
        break;
      case Op::attribute: {
        in_attribute = true;
        if (path.size() != 3 || path[0] != "Event" || path[1] != "System") break;
        if (path[2] == "Provider" && op.text == "Name") provider = part_of(ops, i + 1, op.end);
        if (path[2] == "TimeCreated" && op.text == "SystemTime") {
          system_time = part_of(ops, i + 1, op.end);
        }
        break;
      }
      case Op::attribute_end:
        in_attribute = false;
        break;
      case Op::slot: {
        const bool in_system = path.size() >= 2 && path[0] == "Event" && path[1] == "System";
        if (op.optional || in_attribute || in_system) structural[op.slot] = true;
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace escudo::sources
