#pragma once
// Packer, Unpacker: values as bytes and back, for state that outlives the process. Numbers as
// variable-length or eight bytes, texts with their length: the same bytes on every platform.
//
// Unpacker never reads past its end: after damage ok() is false and everything it gives is zero or
// empty. Its texts point into the bytes it was given.

#include <cstdint>
#include <string>
#include <string_view>

namespace escudo::base {

class Packer {
 public:
  explicit Packer(std::string& out) : out_(out) {}
  Packer& number(std::uint64_t n);
  Packer& signed_number(std::int64_t n);
  Packer& real(double x);
  Packer& text(std::string_view bytes);
  Packer& flag(bool b) { return number(b ? 1 : 0); }

 private:
  std::string& out_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number();
  std::int64_t signed_number();
  double real();
  std::string_view text();
  bool flag() { return number() != 0; }

  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }
  // How many items of at least one byte each can follow: a bound for counts read from damage.
  std::size_t rest() const { return rest_.size(); }
  void fail() { ok_ = false; rest_ = {}; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace escudo::base
