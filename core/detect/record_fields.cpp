#include "detect/record_fields.hpp"

#include <algorithm>

namespace escudo::detect {

void put_varint(std::string& out, std::uint64_t n) {
  for (; n >= 0x80; n >>= 7) out += static_cast<char>(n | 0x80);
  out += static_cast<char>(n);
}

void put_field(std::string& out, FieldKey key, std::span<const std::string_view> values) {
  put_varint(out, key);
  put_varint(out, values.size());
  for (std::string_view value : values) put_varint(out, value.size());
  for (std::string_view value : values) out += value;
}

void FieldReader::use(const Layout& layout) {
  if (layout_ == &layout) return;
  if (layout_)
    for (const FieldKey key : layout_->keys)
      if (key != kTimeKey) column_of_[key] = 0;
  layout_ = &layout;
  repeated_.clear();
  for (std::uint32_t c = 0; c < layout.keys.size(); ++c) {
    const FieldKey key = layout.keys[c];
    if (key == kTimeKey) continue;
    if (key >= column_of_.size()) column_of_.resize(key + 1);
    if (column_of_[key]) repeated_.emplace_back(key, c);
    else column_of_[key] = c + 1;
  }
}

const std::span<const std::string_view>* FieldReader::read(std::string_view bytes, base::Arena& arena) const {
  auto cells = arena.array<std::span<const std::string_view>>(layout_->keys.size());
  const char* at = bytes.data();
  const char* end = at + bytes.size();
  while (at != end) {
    const auto key = static_cast<FieldKey>(take_varint(at, end));
    const std::size_t count = take_varint(at, end);
    const std::uint32_t column = key < column_of_.size() ? column_of_[key] : 0;
    if (column == 0) {
      std::size_t size = 0;
      for (std::size_t k = 0; k < count; ++k) size += take_varint(at, end);
      at += size;
      continue;
    }
    auto values = arena.array<std::string_view>(count);
    const char* sizes = at;
    for (std::size_t k = 0; k < count; ++k) take_varint(at, end);
    for (std::size_t k = 0; k < count; ++k) {
      const std::size_t size = take_varint(sizes, end);
      values[k] = {at, size};
      at += size;
    }
    cells[column - 1] = values;
    for (const auto& [other, c] : repeated_)
      if (other == key) cells[c] = values;
  }
  return cells.data();
}

}  // namespace escudo::detect
