#pragma once
// The fields of matched records as bytes: each field that some rule wants once, however many rules
// want it. A Layout tells where the columns of a row are among them.
//
// Bytes of a field: key, number of values, their sizes (all varints), their texts.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"

namespace escudo::detect {

// A FeatureId of the RuleBook; beyond those, the number of the features and a raw column's FieldId.
using FieldKey = std::uint32_t;
inline constexpr FieldKey kTimeKey = UINT32_MAX;   // _time is the record's, not a field

struct Layout {
  std::vector<std::string> columns;
  std::vector<FieldKey> keys;   // by column
};
using LayoutPtr = std::shared_ptr<const Layout>;

void put_varint(std::string& out, std::uint64_t n);
// Moves `at` on. 0 at the end of the bytes.
inline std::uint64_t take_varint(const char*& at, const char* end) {
  std::uint64_t n = 0;
  for (unsigned shift = 0; at != end && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    n |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) break;
  }
  return n;
}

void put_field(std::string& out, FieldKey key, std::span<const std::string_view> values);

// Reads the fields that one layout wants.
class FieldReader {
 public:
  void use(const Layout& layout);   // must outlive its use
  // By column the values, in `arena`; texts are views into `bytes`.
  const std::span<const std::string_view>* read(std::string_view bytes, base::Arena& arena) const;

 private:
  const Layout* layout_ = nullptr;
  std::vector<std::uint32_t> column_of_;   // by key: column + 1
  std::vector<std::pair<FieldKey, std::uint32_t>> repeated_;   // further columns of a key
};

}  // namespace escudo::detect
