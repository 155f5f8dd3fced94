#include "strict_walker.hpp"

#include <array>
#include <boost/crc.hpp>
#include <cstdio>
#include <set>
#include <stdexcept>

namespace writer_test {
namespace {

struct Slots {
  struct Value {
    std::size_t at, size;
    std::uint8_t type;
  };
  std::vector<Value> values;
};

class Chunk {
 public:
  Chunk(const std::string& file, std::size_t base) : file_(file), base_(base) {}

  void walk(std::vector<Walked>& out) {
    expect(bytes(0, 8) == std::string("ElfChnk\0", 8), 0, "chunk signature");
    const std::size_t last = number(0x2C, 4), end = number(0x30, 4);
    expect(number(0x34, 4) == crc({{0x200, end - 0x200}}), 0x34, "checksum of the records");
    expect(number(0x7C, 4) == crc({{0, 0x78}, {0x80, 0x180}}), 0x7C, "checksum of the header");
    std::size_t at = 0x200, begin = at;
    std::uint64_t records = 0;
    for (; at < end; ++records) {
      begin = at;
      expect(number(at, 4) == 0x2A2A, at, "record signature");
      const std::size_t size = number(at + 4, 4);
      expect(size % 8 == 0 && number(at + size - 4, 4) == size, at, "record size");
      std::size_t p = at + 24;
      std::string outline = fragment(p);
      for (; p < at + size - 4; ++p) expect(number(p, 1) == 0, p, "padding");
      expect(p == at + size - 4, p, "the fragment runs over its record");
      out.push_back({number(at + 8, 8), std::move(outline)});
      at += size;
    }
    expect(at == end && begin == last, at, "end of the records");
    expect(number(0x10, 8) - number(0x08, 8) + 1 == records, 0x10, "number of records");
    check_chains();
  }

 private:
  [[noreturn]] void fail(std::size_t at, const std::string& what) const {
    throw std::runtime_error(what + " at " + std::to_string(base_ + at));
  }
  void expect(bool ok, std::size_t at, const std::string& what) const {
    if (!ok) fail(at, what);
  }
  std::uint64_t number(std::size_t at, std::size_t size) const {
    expect(at + size <= 0x10000, at, "beyond the chunk");
    std::uint64_t v = 0;
    for (std::size_t i = size; i-- > 0;)
      v = v << 8 | static_cast<unsigned char>(file_.at(base_ + at + i));
    return v;
  }
  std::string bytes(std::size_t at, std::size_t size) const {
    return file_.substr(base_ + at, size);
  }
  struct Range {
    std::size_t at, size;
  };
  std::uint32_t crc(std::initializer_list<Range> ranges) const {
    boost::crc_32_type sum;
    for (const Range& r : ranges) sum.process_bytes(file_.data() + base_ + r.at, r.size);
    return sum.checksum();
  }

  // UTF-16 as ASCII where it is that, else as hexadecimal units.
  std::string text(std::size_t at, std::size_t units) const {
    std::string out;
    for (std::size_t i = 0; i < units; ++i) {
      const auto u = number(at + 2 * i, 2);
      std::array<char, 8> hex;
      std::snprintf(hex.data(), hex.size(), "\\%04x", static_cast<unsigned>(u));
      out += u >= 0x20 && u < 0x7F ? std::string(1, static_cast<char>(u)) : std::string(hex.data());
    }
    return out;
  }

  std::string name(std::size_t& p) {
    const std::size_t offset = number(p, 4);
    p += 4;
    expect(offset == p || (offset < p && names_.contains(offset)), p,
           "a name never defined before");
    const std::size_t units = number(offset + 6, 2);
    std::uint32_t hash = 0;
    for (std::size_t i = 0; i < units; ++i)
      hash = hash * 65599 + static_cast<std::uint32_t>(number(offset + 8 + 2 * i, 2));
    expect(number(offset + 4, 2) == (hash & 0xFFFF), offset, "hash of a name");
    expect(number(offset + 8 + 2 * units, 2) == 0, offset, "NUL behind a name");
    if (offset == p) {
      names_.insert(offset);
      p += 10 + 2 * units;
    }
    return text(offset + 8, units);
  }

  std::string fragment(std::size_t& p) {
    if (number(p, 1) == 0x0F) {
      expect(number(p, 4) == 0x0001010F, p, "fragment header");
      p += 4;
    }
    std::string out = content(p, nullptr);
    expect(number(p, 1) == 0, p, "end of fragment");
    ++p;
    return out;
  }

  std::string content(std::size_t& p, const Slots* slots) {
    std::string out;
    for (;;) {
      const std::size_t at = p;
      const auto token = number(p, 1);
      switch (token & ~0x40u) {
        case 0x01:
          out += element(p, slots);
          break;
        case 0x05:
          expect(number(p + 1, 1) == 1, p, "value text that is no string");
          out += text(p + 4, number(p + 2, 2));
          p += 4 + 2 * number(at + 2, 2);
          break;
        case 0x07:
          out += "CDATA(" + text(p + 3, number(p + 1, 2)) + ")";
          p += 3 + 2 * number(at + 1, 2);
          break;
        case 0x08:
          out += "&#" + std::to_string(number(p + 1, 2)) + ";";
          p += 3;
          break;
        case 0x09:
          ++p;
          out += "&" + name(p) + ";";
          break;
        case 0x0A: {
          ++p;
          out += "<?" + name(p) + " ";
          expect(number(p, 1) == 0x0B, p, "data of an instruction");
          const auto units = number(p + 1, 2);
          out += text(p + 3, units) + "?>";
          p += 3 + 2 * units;
          break;
        }
        case 0x0C:
          out += instance(p);
          break;
        case 0x0D:
        case 0x0E:
          expect(slots != nullptr, p, "a slot outside a template");
          out += slot(number(p + 1, 2), *slots);
          p += 4;
          break;
        default:
          return out;
      }
      // 0x40 on content tokens: more content follows.
      const bool content_token = (token & 0x0F) == 0x05 || (token & ~0x40u) == 0x07 ||
                                 (token & ~0x40u) == 0x08 || (token & ~0x40u) == 0x09;
      const auto next = number(p, 1) & ~0x40u;
      const bool follows = next == 0x05 || next == 0x07 || next == 0x08 || next == 0x09 ||
                           next == 0x0D || next == 0x0E;
      if (content_token) expect(((token & 0x40) != 0) == follows, at, "flag for further content");
    }
  }

  std::string element(std::size_t& p, const Slots* slots) {
    const bool has_attributes = (number(p, 1) & 0x40) != 0;
    ++p;
    std::string depends;
    if (slots != nullptr) {
      const auto on = number(p, 2);
      expect(on == 0xFFFF || on < slots->values.size(), p, "dependency");
      if (on != 0xFFFF && slots->values[on].type == 0)
        depends = "~";  // shown, though a reader omits it
      p += 2;
    }
    const std::size_t size = number(p, 4), begin = p + 4;
    p += 4;
    std::string out = "<" + depends + name(p);
    if (has_attributes) {
      const std::size_t list = number(p, 4);
      p += 4;
      const std::size_t end = p + list;
      for (bool more = true; more;) {
        const auto token = number(p++, 1);
        expect((token & 0x0F) == 0x06, p, "attribute");
        more = (token & 0x40) != 0;
        out += " " + name(p) + "='";
        out += content(p, slots) + "'";
      }
      expect(p == end, p, "size of the attributes");
    }
    const auto close = number(p++, 1);
    if (close == 0x02) {
      out += ">" + content(p, slots) + "</>";
      expect(number(p, 1) == 0x04, p, "end of an element");
      ++p;
    } else {
      expect(close == 0x03, p, "end of a start tag");
      out += "/>";
    }
    expect(p == begin + size, p, "size of an element");
    return out;
  }

  std::string instance(std::size_t& p) {
    expect(number(p + 1, 1) == 1, p, "template instance");
    const std::size_t definition = number(p + 6, 4);
    const auto short_id = number(p + 2, 4);
    p += 10;
    expect(definition == p || (definition < p && definitions_.contains(definition)), p,
           "a template never defined before");
    expect(number(definition + 4, 4) == short_id, p, "short id of a template");
    const std::size_t size = number(definition + 20, 4);
    const bool fresh = definition == p;
    if (fresh) p += 24 + size;
    Slots slots;
    const auto count = number(p, 4);
    std::size_t at = p + 4 + 4 * count;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t d = p + 4 + 4 * i;
      expect(number(d + 3, 1) == 0, d, "reserved byte of a value");
      slots.values.push_back({at, number(d, 2), static_cast<std::uint8_t>(number(d + 2, 1))});
      at += number(d, 2);
    }
    // The definition is read with these values; its names must be known before those of the values.
    std::size_t q = definition + 24;
    expect(number(q, 4) == 0x0001010F, q, "header of a definition");
    q += 4;
    if (fresh) definitions_.insert(definition);
    std::string out = content(q, &slots);
    expect(number(q, 1) == 0 && q + 1 == definition + 24 + size, q, "size of a definition");
    p = at;
    return out;
  }

  std::string slot(std::size_t index, const Slots& slots) {
    expect(index < slots.values.size(), index, "slot number");
    const Slots::Value& v = slots.values[index];
    if (v.type == 0x01) {
      return text(v.at, v.size / 2);
    }
    if (v.type == 0x21) {
      std::size_t p = v.at;
      std::string out = fragment(p);
      expect(p == v.at + v.size, p, "size of nested BinXML");
      return out;
    }
    std::string out = "[";
    std::array<char, 8> hex;
    std::snprintf(hex.data(), hex.size(), "%02x", v.type);
    out += hex.data();
    if (v.size > 0) out += " ";
    for (std::size_t i = 0; i < v.size; ++i) {
      std::snprintf(hex.data(), hex.size(), "%02x", static_cast<unsigned>(number(v.at + i, 1)));
      out += hex.data();
    }
    return out + "]";
  }

  void check_chains() const {
    std::set<std::size_t> names, definitions;
    for (std::size_t i = 0; i < 64; ++i) {
      for (std::size_t at = number(0x80 + 4 * i, 4); at != 0; at = number(at, 4)) {
        expect(number(at + 4, 2) % 64 == i, at, "a name in the wrong chain");
        expect(names.insert(at).second, at, "a chain that loops");
      }
    }
    for (std::size_t i = 0; i < 32; ++i) {
      for (std::size_t at = number(0x180 + 4 * i, 4); at != 0; at = number(at, 4)) {
        std::uint32_t hash = 0;
        for (std::size_t k = 0; k < 8; ++k)
          hash = hash * 65599 + static_cast<std::uint32_t>(number(at + 4 + 2 * k, 2));
        expect(hash % 32 == i, at, "a template in the wrong chain");
        expect(definitions.insert(at).second, at, "a chain that loops");
      }
    }
    expect(names == names_, 0x80, "names missing from the chains");
    expect(definitions == definitions_, 0x180, "templates missing from the chains");
  }

  const std::string& file_;
  std::size_t base_;
  std::set<std::size_t> names_, definitions_;
};

}  // namespace

std::vector<Walked> walk_strictly(const std::string& file) {
  boost::crc_32_type crc;
  crc.process_bytes(file.data(), 0x78);
  std::uint32_t told = 0;
  for (std::size_t i = 4; i-- > 0;)
    told = told << 8 | static_cast<unsigned char>(file.at(0x7C + i));
  if (crc.checksum() != told) throw std::runtime_error("checksum of the file header");
  if (file.size() % 0x10000 != 0x1000) throw std::runtime_error("size of the file");
  std::vector<Walked> out;
  for (std::size_t base = 0x1000; base < file.size(); base += 0x10000) {
    if (file.compare(base, 8, std::string(8, '\0')) != 0) Chunk(file, base).walk(out);
  }
  return out;
}

}  // namespace writer_test
