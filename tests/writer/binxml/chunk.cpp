#include "binxml/chunk.hpp"

#include <stdexcept>

#include "binxml/crc32.hpp"
#include "binxml/utf16.hpp"

namespace escudo::writer {
namespace {

constexpr std::size_t name_chains = 0x80, template_chains = 0x180;
constexpr std::uint8_t more = 0x40;  // on a token: attributes, or further content, follow

std::uint32_t hash_of(std::u16string_view units) {
  std::uint32_t h = 0;
  for (const char16_t u : units) h = h * 65599 + u;
  return h;
}

std::uint32_t hash_of_guid(std::string_view b) {
  std::uint32_t h = 0;
  for (std::size_t i = 0; i < 16; i += 2) {
    h = h * 65599 + (static_cast<unsigned char>(b[i]) | static_cast<unsigned char>(b[i + 1]) << 8);
  }
  return h;
}

bool is_content(const Node& n) {
  return std::holds_alternative<Text>(n.part) || std::holds_alternative<CData>(n.part) ||
         std::holds_alternative<CharRef>(n.part) || std::holds_alternative<EntityRef>(n.part) ||
         std::holds_alternative<Slot>(n.part);
}

}  // namespace

bool ChunkBuilder::has_room(std::size_t n) {
  if (full_ || n > end_ - at_) full_ = true;
  return !full_;
}

void ChunkBuilder::set16(std::size_t at, std::uint64_t v) {
  for (std::size_t i = 0; i < 2; ++i) bytes_[at + i] = static_cast<char>(v >> (8 * i));
}
void ChunkBuilder::set32(std::size_t at, std::uint64_t v) {
  for (std::size_t i = 0; i < 4; ++i) bytes_[at + i] = static_cast<char>(v >> (8 * i));
}
void ChunkBuilder::set64(std::size_t at, std::uint64_t v) {
  for (std::size_t i = 0; i < 8; ++i) bytes_[at + i] = static_cast<char>(v >> (8 * i));
}
std::uint32_t ChunkBuilder::get32(std::size_t at) const {
  std::uint32_t v = 0;
  for (std::size_t i = 4; i-- > 0;) v = v << 8 | static_cast<unsigned char>(bytes_[at + i]);
  return v;
}

void ChunkBuilder::put8(std::uint8_t v) {
  if (has_room(1)) bytes_[at_++] = static_cast<char>(v);
}
void ChunkBuilder::put16(std::uint16_t v) {
  if (has_room(2)) set16(at_, v), at_ += 2;
}
void ChunkBuilder::put32(std::uint32_t v) {
  if (has_room(4)) set32(at_, v), at_ += 4;
}
void ChunkBuilder::put_bytes(std::string_view bytes) {
  if (has_room(bytes.size())) at_ += bytes.copy(bytes_.data() + at_, bytes.size());
}
void ChunkBuilder::put_units(std::u16string_view units) {
  if (!has_room(2 * units.size())) return;
  for (const char16_t u : units) set16(at_, u), at_ += 2;
}

void ChunkBuilder::link(bool is_template, std::uint32_t bucket, std::uint32_t offset,
                        std::string key) {
  const std::size_t slot = (is_template ? template_chains : name_chains) + 4 * bucket;
  journal_.push_back({is_template, bucket, get32(slot), key});
  set32(offset, get32(slot));
  set32(slot, offset);
  (is_template ? templates_ : names_)[std::move(key)] = offset;
}

// The offset of a name, and the name itself behind it when this is its first use.
void ChunkBuilder::put_name(const std::string& name) {
  if (const auto found = names_.find(name); found != names_.end()) {
    put32(found->second);
    return;
  }
  const std::u16string units = to_utf16(name);
  const std::uint32_t hash = hash_of(units);
  const std::uint32_t offset = here() + 4;
  put32(offset);
  put32(0);  // next in chain, set by link()
  put16(static_cast<std::uint16_t>(hash));
  put16(static_cast<std::uint16_t>(units.size()));
  put_units(units);
  put16(0);
  if (!full_) link(false, (hash & 0xFFFF) % 64, offset, name);
}

void ChunkBuilder::put_definition(const Template& of) {
  const std::uint32_t offset = here();
  put32(0);  // next in chain
  put_bytes(of.guid);
  put32(0);  // size, below
  const std::uint32_t begin = here();
  put_bytes({"\x0F\x01\x01\x00", 4});
  put_nodes(of.roots, true);
  put8(0x00);
  if (full_) return;
  set32(begin - 4, here() - begin);
  link(true, hash_of_guid(of.guid) % 32, offset, of.guid);
}

void ChunkBuilder::put_instance(const Instance& instance) {
  put8(0x0C);
  put8(0x01);
  put_bytes(std::string_view(instance.of->guid).substr(0, 4));
  if (const auto found = templates_.find(instance.of->guid); found != templates_.end()) {
    put32(found->second);
  } else {
    put32(here() + 4);
    put_definition(*instance.of);
  }
  put32(static_cast<std::uint32_t>(instance.values.size()));
  const std::size_t sizes = at_;
  for (const Value& v : instance.values) {
    put16(static_cast<std::uint16_t>(v.bytes().size()));
    put8(v.type_byte());
    put8(0);
    if (v.bytes().size() > 0xFFFF) full_ = true;
  }
  for (std::size_t i = 0; i < instance.values.size() && !full_; ++i) {
    const Value& v = instance.values[i];
    if (v.fragment() == nullptr) {
      put_bytes(v.bytes());
    } else {
      const std::size_t begin = at_;
      put_fragment(*v.fragment());
      set16(sizes + 4 * i, at_ - begin);
    }
  }
}

void ChunkBuilder::put_element(const Element& e, bool in_template) {
  put8(static_cast<std::uint8_t>(0x01 | (e.attributes.empty() ? 0 : more)));
  if (in_template) put16(e.depends_on);
  put32(0);  // size of what follows, below
  const std::size_t begin = at_;
  put_name(e.name);
  if (!e.attributes.empty()) {
    put32(0);
    const std::size_t list = at_;
    for (const Attribute& a : e.attributes) {
      put8(static_cast<std::uint8_t>(0x06 | (&a == &e.attributes.back() ? 0 : more)));
      put_name(a.name);
      put_nodes(a.parts, in_template);
    }
    if (!full_) set32(list - 4, at_ - list);
  }
  if (e.children.empty()) {
    put8(0x03);
  } else {
    put8(0x02);
    put_nodes(e.children, in_template);
    put8(0x04);
  }
  if (!full_) set32(begin - 4, at_ - begin);
}

void ChunkBuilder::put_nodes(const std::vector<Node>& nodes, bool in_template) {
  for (std::size_t i = 0; i < nodes.size() && !full_; ++i) {
    put_node(nodes[i], i + 1 < nodes.size() && is_content(nodes[i + 1]), in_template);
  }
}

void ChunkBuilder::put_node(const Node& node, bool more_follows, bool in_template) {
  const auto token = [&](int plain) {
    put8(static_cast<std::uint8_t>(plain | (more_follows ? more : 0)));
  };
  const auto counted = [&](std::u16string_view units) {
    put16(static_cast<std::uint16_t>(units.size()));
    put_units(units);
  };
  if (const auto* e = std::get_if<Element>(&node.part)) {
    put_element(*e, in_template);
  } else if (const auto* t = std::get_if<Text>(&node.part)) {
    token(0x05);
    put8(static_cast<std::uint8_t>(Type::string));
    counted(t->units);
  } else if (const auto* c = std::get_if<CData>(&node.part)) {
    token(0x07);
    counted(c->units);
  } else if (const auto* r = std::get_if<CharRef>(&node.part)) {
    token(0x08);
    put16(r->code);
  } else if (const auto* n = std::get_if<EntityRef>(&node.part)) {
    token(0x09);
    put_name(n->name);
  } else if (const auto* p = std::get_if<Instruction>(&node.part)) {
    put8(0x0A);
    put_name(p->target);
    put8(0x0B);
    counted(p->data);
  } else if (const auto* s = std::get_if<Slot>(&node.part)) {
    put8(s->optional ? 0x0E : 0x0D);
    put16(s->index);
    put8(s->type);
  } else if (const auto* i = std::get_if<Instance>(&node.part)) {
    put_instance(*i);
  }
}

void ChunkBuilder::put_fragment(const Fragment& fragment) {
  if (fragment.header) put_bytes({"\x0F\x01\x01\x00", 4});
  put_nodes(fragment.nodes, false);
  put8(0x00);
}

void ChunkBuilder::take_back(std::size_t at) {
  for (; !journal_.empty(); journal_.pop_back()) {
    const Link& l = journal_.back();
    set32((l.is_template ? template_chains : name_chains) + 4 * l.bucket, l.old_head);
    (l.is_template ? templates_ : names_).erase(l.key);
  }
  bytes_.replace(at, at_ - at, at_ - at, '\0');
  at_ = at;
  full_ = false;
}

bool ChunkBuilder::add(std::uint64_t header_id, std::uint64_t filetime, const Fragment& fragment) {
  const std::size_t begin = at_;
  journal_.clear();
  put_bytes({"**\0\0", 4});
  put32(0);
  if (has_room(16)) set64(at_, header_id), set64(at_ + 8, filetime), at_ += 16;
  put_fragment(fragment);
  // Sizes are multiples of eight; the size stands once more at the record's end.
  const std::size_t padding = (8 - (at_ + 4 - begin) % 8) % 8;
  put_bytes(std::string(padding, '\0'));
  put32(0);
  if (full_) {
    take_back(begin);
    if (empty()) throw std::length_error("a record larger than a chunk");
    return false;
  }
  set32(begin + 4, at_ - begin);
  set32(at_ - 4, at_ - begin);
  if (records_++ == 0) first_id_ = header_id;
  last_id_ = header_id;
  last_record_ = begin;
  return true;
}

std::string_view ChunkBuilder::finish(std::uint64_t first_number) {
  bytes_.replace(0, 8, "ElfChnk\0", 8);
  set64(0x08, first_number);
  set64(0x10, first_number + records_ - 1);
  set64(0x18, first_id_);
  set64(0x20, last_id_);
  set32(0x28, 0x80);
  set32(0x2C, last_record_);
  set32(0x30, at_);
  const std::string_view all(bytes_);
  set32(0x34, crc32(all.substr(records_begin, at_ - records_begin)));
  set32(0x78, 1);
  set32(0x7C, crc32(all.substr(0x80, 0x180), crc32(all.substr(0, 0x78))));
  return all;
}

void ChunkBuilder::reset() {
  bytes_.assign(chunk_size, '\0');
  at_ = records_begin;
  full_ = false;
  records_ = 0;
  last_record_ = 0;
  names_.clear();
  templates_.clear();
  journal_.clear();
}

}  // namespace escudo::writer
