// Tested by tests/unit/sources/evtx_native.cpp.

#include "sources/binxml/templates.hpp"

#include <cstring>
#include <mutex>
#include <shared_mutex>

#include "sources/binxml/little_endian.hpp"

namespace escudo::sources {
namespace {

using Known = std::unordered_map<std::uint64_t, std::vector<const Definition*>>;

// What all readers share. Never destroyed: templates outlive every static object that may hold one.
struct Kept {
  std::shared_mutex mutex;
  Known by_key;
  std::size_t bytes = 0;
};
Kept& kept() {
  static Kept* the_kept = new Kept;
  return *the_kept;
}

std::uint64_t key_of(const char* guid, std::uint32_t size) {
  std::uint64_t h = u64(guid) * 0x9E3779B97F4A7C15ull;
  h = (h ^ h >> 29 ^ u64(guid + 8)) * 0xBF58476D1CE4E5B9ull;
  return h ^ h >> 32 ^ size;
}

// Most names are a few dozen bytes: a call would cost more.
inline bool equal(const char* a, const char* b, std::size_t size) {
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }
  for (std::size_t i = 0; i + 8 < size; i += 8) {
    if (u64(a + i) != u64(b + i)) return false;
  }
  return u64(a + size - 8) == u64(b + size - 8);
}

inline bool equal_where(const std::string& mask, const char* a, const char* b) {
  const char* const m = mask.data();
  unsigned char differ = 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    differ = static_cast<unsigned char>(differ | ((a[i] ^ b[i]) & m[i]));
  }
  return differ == 0;
}

// Offsets of names, and of what follows a name in its chain, differ from chunk to chunk.
std::string fixed_bits(const Definition& definition) {
  std::string mask(definition.bytes.size(), '\xFF');
  for (const NameReference& name : definition.names) {
    mask.replace(name.at, name.written_here ? 8 : 4, name.written_here ? 8 : 4, '\0');
  }
  return mask;
}

// The bytes of a definition in `chunk` at `begin` say the same as this one.
bool same(const Definition& known, std::string_view chunk, std::size_t begin) {
  const char* const here = chunk.data() + begin;
  if (!equal_where(known.fixed, here, known.bytes.data())) return false;
  for (const NameReference& name : known.names) {
    const std::size_t offset = u32(here + name.at);
    if ((offset == begin + name.at + 4) != name.written_here) return false;
    if (name.written_here) continue;  // it was compared with the rest
    if (name.like != NameReference::first) {
      if (offset != u32(here + known.names[name.like].at)) return false;
      continue;
    }
    std::string_view units;
    if (!name_at(chunk, offset, units) || units.size() != name.units.size() ||
        !equal(units.data(), name.units.data(), units.size())) {
      return false;
    }
  }
  return true;
}

const Definition* among(const Known& known, std::uint64_t key, std::size_t size,
                        std::string_view chunk, std::size_t begin) {
  const auto found = known.find(key);
  if (found == known.end()) return nullptr;
  for (const Definition* definition : found->second) {
    if (definition->bytes.size() == size && same(*definition, chunk, begin)) return definition;
  }
  return nullptr;
}

std::size_t cost_of(const Definition& d) {
  return sizeof d + 2 * d.bytes.size() + d.name_units.size() +
         d.names.capacity() * sizeof(NameReference) + d.compiled.bytes();
}

}  // namespace

void Templates::start_chunk(std::string_view chunk) {
  chunk_ = chunk;
  compiled_ = 0;
  if (++stamp_ == 0) {  // stamps of four billion chunks ago would look fresh
    slots_ = {};
    stamp_ = 1;
  }
}

const Template* Templates::at(std::uint32_t offset, std::uint32_t id, std::uint32_t values) {
  const std::size_t first = (offset * 0x9E3779B1u) >> 23;
  for (std::size_t probe = 0; probe < 8; ++probe) {
    const Slot& slot = slots_[(first + probe) % slots_.size()];
    if (slot.stamp != stamp_) break;
    if (slot.offset != offset || slot.id != id) continue;
    if (slot.found) return slot.found;
    why_ = slot.why;
    return elsewhere ? elsewhere(id, values) : nullptr;
  }
  const Template* const found = remember(offset, id, find_or_compile(offset, id));
  return found || !elsewhere ? found : elsewhere(id, values);
}

const Template* Templates::remember(std::uint32_t offset, std::uint32_t id,
                                    const Template* found) {
  const std::size_t first = (offset * 0x9E3779B1u) >> 23;
  for (std::size_t probe = 0; probe < 8; ++probe) {
    Slot& slot = slots_[(first + probe) % slots_.size()];
    if (slot.stamp == stamp_ && (slot.offset != offset || slot.id != id)) continue;
    slot = {offset, id, stamp_, found, why_};
    break;  // with no room it is looked for again next time
  }
  return found;
}

const Template* Templates::find_or_compile(std::uint32_t offset, std::uint32_t id) {
  if (chunk_.size() < definition_header || offset > chunk_.size() - definition_header) {
    why_ = "has its template outside the chunk";
    return nullptr;
  }
  const char* header = chunk_.data() + offset;
  const std::uint32_t size = u32(header + 20);
  const std::size_t begin = offset + definition_header;
  if (u32(header + 4) != id || size > chunk_.size() - begin || size < 4) {
    why_ = "has lost its template";
    return nullptr;
  }
  const std::uint64_t key = key_of(header + 4, size);
  if (const Definition* known = among(known_, key, size, chunk_, begin)) return &known->compiled;
  Kept& all = kept();
  {
    std::shared_lock lock(all.mutex);
    if (const Definition* known = among(all.by_key, key, size, chunk_, begin)) {
      known_[key].push_back(known);
      return &known->compiled;
    }
  }
  compiled_ += size;
  if (compiled_ > max_compiled_of_chunk || own_bytes_ >= max_own_bytes) {
    why_ = "has one template too many";
    return nullptr;
  }
  auto made = std::make_unique<Definition>();
  const BinxmlPlace place{chunk_, begin, begin + size, true};
  if (!compile_binxml(place, depth_limit_, made->compiled, &made->names)) {
    why_ = "has a damaged template";
    return nullptr;
  }
  made->bytes = chunk_.substr(begin, size);
  made->fixed = fixed_bits(*made);
  std::size_t units = 0;
  const auto first = [](const NameReference& name) { return name.like == NameReference::first; };
  for (const NameReference& name : made->names) units += first(name) ? name.units.size() : 0;
  made->name_units.reserve(units);
  for (NameReference& name : made->names) {
    const std::size_t end = made->name_units.size();
    if (first(name)) made->name_units += name.units;
    name.units = std::string_view(made->name_units).substr(end);
  }
  const Definition* definition = made.get();
  known_[key].push_back(definition);
  std::unique_lock lock(all.mutex);
  if (all.bytes < max_kept_bytes) {
    all.bytes += cost_of(*definition);
    all.by_key[key].push_back(made.release());
  } else {
    lock.unlock();
    own_bytes_ += cost_of(*definition);
    own_.push_back(std::move(made));
  }
  return &definition->compiled;
}

void Templates::between_batches() {
  if (!has_enough()) return;
  known_.clear();
  own_.clear();
  own_bytes_ = compiled_ = 0;
  slots_ = {};
  ++generation_;
}

}  // namespace escudo::sources
