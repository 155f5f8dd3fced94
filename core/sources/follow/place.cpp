#include "sources/follow/place.hpp"

#include <algorithm>

#include "base/pack.hpp"

namespace escudo::sources::follow {
namespace {

constexpr std::uint64_t kVersion = 1;

std::optional<std::uint64_t> hash_of(OpenFile& file, std::size_t size) {
  char bytes[Head::kBytes];
  const auto got = file.read_at(0, bytes, size);
  if (!got.ok() || got.value() != size) return {};
  std::uint64_t hash = 0xcbf29ce484222325ull;   // FNV-1a
  for (std::size_t k = 0; k < size; ++k) hash = (hash ^ static_cast<unsigned char>(bytes[k])) * 0x100000001b3ull;
  return hash;
}

void pack_mark(base::Packer& out, const Mark& mark) {
  out.number(mark.id.device).number(mark.id.number).number(mark.head.size).number(mark.head.hash);
}

Mark unpack_mark(base::Unpacker& in) {
  Mark mark;
  mark.id.device = in.number();
  mark.id.number = in.number();
  mark.head.size = static_cast<std::uint32_t>(std::min<std::uint64_t>(in.number(), Head::kBytes));
  mark.head.hash = in.number();
  return mark;
}

}  // namespace

Head head_of(OpenFile& file, std::uint64_t size) {
  const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(size, Head::kBytes));
  const auto hash = hash_of(file, n);
  return hash ? Head{static_cast<std::uint32_t>(n), *hash} : Head{};
}

bool begins_with(OpenFile& file, const Head& head) {
  return head.size == 0 || hash_of(file, head.size) == head.hash;
}

std::string Place::pack() const {
  std::string bytes;
  base::Packer out(bytes);
  out.number(kVersion).flag(begun);
  pack_mark(out, file);
  out.number(offset).number(ordinal).signed_number(modified);
  out.number(done.size());
  for (const Mark& mark : done) pack_mark(out, mark);
  return bytes;
}

std::optional<Place> Place::unpack(const std::string& bytes) {
  base::Unpacker in(bytes);
  if (in.number() != kVersion) return {};
  Place place;
  place.begun = in.flag();
  place.file = unpack_mark(in);
  place.offset = in.number();
  place.ordinal = in.number();
  place.modified = in.signed_number();
  const std::uint64_t done = in.number();
  if (done > kDone) return {};
  for (std::uint64_t k = 0; k < done; ++k) place.done.push_back(unpack_mark(in));
  if (!in.ok()) return {};
  return place;
}

}  // namespace escudo::sources::follow
