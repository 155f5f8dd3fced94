#include "bench/values.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>

#include "bench/vocabulary.hpp"
#include "binxml/filetime.hpp"

namespace escudo::writer {

std::uint64_t Random::next() {
  std::uint64_t z = state_ += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

ValueSource::ValueSource(std::uint64_t seed) : random_(seed * 0x9E3779B97F4A7C15u + 1) {
  fill_pools();
  add_numbers();
}

void ValueSource::add(std::string name, Type type, Generator generator) {
  entries_[std::move(name)] = {type, std::move(generator)};
}

void ValueSource::add_pool(const std::string& name, const std::vector<std::string>& texts) {
  Pool& pool = pools_[name];
  for (const std::string& t : texts) pool.push_back(Value::string(t));
  add(name, Type::string,
      [this, &pool](std::uint64_t) { return pool[random_.below(pool.size())]; });
}

void ValueSource::fill_pools() {
  for (const auto& [name, texts] : make_vocabulary(random_)) add_pool(name, texts);
  std::vector<Value> sids;
  for (int i = 0; i < 200; ++i)
    sids.push_back(
        Value::sid("S-1-5-21-1004336348-1177238915-682003330-" + std::to_string(1100 + i)));
  sids.push_back(Value::sid("S-1-5-18"));
  pools_["user_sid"] = std::move(sids);
  const Pool& pool = pools_["user_sid"];
  add("user_sid", Type::sid,
      [this, &pool](std::uint64_t) { return pool[random_.below(pool.size())]; });
}

void ValueSource::add_numbers() {
  const auto u32 = [](std::uint64_t v) { return Value::uint32(static_cast<std::uint32_t>(v)); };
  const auto pid = [this] { return 4 * (1 + random_.below(6000)); };
  const auto constant = [this](std::string name, Value v) {
    add(std::move(name), v.type(), [v](std::uint64_t) { return v; });
  };
  constant("null_sid", Value::sid("S-1-0-0"));
  constant("no_logon", Value::hex64(0));
  constant("zero", Value::uint32(0));
  constant("one", Value::uint32(1));
  constant("zero_big", Value::uint64(0));
  constant("zero_status", Value::hex32(0));
  constant("no", Value::boolean(false));
  constant("label", Value::sid("S-1-16-12288"));
  add("bool", Type::boolean, [this](std::uint64_t) { return Value::boolean(random_.one_in(2)); });
  add("pid", Type::uint32, [=](std::uint64_t) { return u32(pid()); });
  add("pid_hex", Type::hex64, [=](std::uint64_t) { return Value::hex64(pid()); });
  add("pid_big", Type::uint64, [=](std::uint64_t) { return Value::uint64(pid()); });
  add("pid_text", Type::string,
      [=](std::uint64_t) { return Value::string(std::to_string(pid())); });
  add("session", Type::uint32, [=, this](std::uint64_t) { return u32(random_.below(4)); });
  add("logon_type", Type::uint32, [=, this](std::uint64_t) { return u32(2 + random_.below(10)); });
  add("number", Type::uint32, [=, this](std::uint64_t) { return u32(random_.below(100000)); });
  add("big_number", Type::uint64,
      [this](std::uint64_t) { return Value::uint64(random_.next() >> 30); });
  add("port", Type::uint16, [this](std::uint64_t) {
    return Value::uint16(static_cast<std::uint16_t>(1 + random_.below(65535)));
  });
  add("port_text", Type::string,
      [this](std::uint64_t) { return Value::string(std::to_string(1 + random_.below(65535))); });
  add("logon_id", Type::hex64, [this](std::uint64_t) {
    return Value::hex64(random_.one_in(3) ? 0x3E7 : random_.below(1u << 24));
  });
  add("handle", Type::hex64,
      [this](std::uint64_t) { return Value::hex64(4 * random_.below(4096)); });
  add("mask", Type::hex32, [this](std::uint64_t) { return Value::hex32(1u << random_.below(24)); });
  add("access", Type::hex32, [this](std::uint64_t) {
    return Value::hex32(static_cast<std::uint32_t>(0x1000 + random_.below(0x1FEFFF)));
  });
  add("status", Type::hex32, [this](std::uint64_t) {
    return Value::hex32(
        random_.one_in(2) ? 0 : 0xC0000000u + static_cast<std::uint32_t>(random_.below(0x400)));
  });
  add("time", Type::filetime,
      [this](std::uint64_t now) { return Value::filetime(now - random_.below(1ull << 46)); });
  add("binary", Type::binary, [this](std::uint64_t) {
    std::string bytes(16 + 2 * random_.below(24), '\0');
    for (std::size_t i = 0; i < bytes.size(); i += 2)
      bytes[i] = static_cast<char>('A' + random_.below(26));
    return Value::binary(bytes);
  });
  add("guid", Type::guid, [this](std::uint64_t) {
    std::array<char, 40> out;
    const std::uint64_t a = random_.next(), b = random_.next();
    std::snprintf(out.data(), out.size(), "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(a),
                  static_cast<unsigned>(a >> 32 & 0xFFFF), static_cast<unsigned>(a >> 48),
                  static_cast<unsigned>(b & 0xFFFF), static_cast<unsigned long long>(b >> 16));
    return Value::guid(out.data());
  });
  add("guid_text", Type::string, [this](std::uint64_t now) {
    return Value::string(guid_text(generator("guid")(now).bytes()));
  });
  add("utc", Type::string, [](std::uint64_t now) {
    const CalendarTime t = calendar(now);
    std::array<char, 40> out;
    std::snprintf(out.data(), out.size(), "%04d-%02d-%02d %02d:%02d:%02d.%03u", t.year, t.month,
                  t.day, t.hour, t.minute, t.second, t.ticks / 10000);
    return Value::string(out.data());
  });
  add("hashes", Type::string, [this](std::uint64_t) {
    const auto hex = [this](std::size_t n) {
      std::string s;
      for (std::uint64_t bits = 0; s.size() < n; bits >>= 4) {
        if (s.size() % 16 == 0) bits = random_.next();
        s += "0123456789ABCDEF"[bits & 15];
      }
      return s;
    };
    return Value::string("SHA1=" + hex(40) + ",MD5=" + hex(32) + ",SHA256=" + hex(64) +
                         ",IMPHASH=" + hex(32));
  });
}

const ValueSource::Generator& ValueSource::generator(std::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end())
    throw std::invalid_argument("no generator is named " + std::string(name));
  return found->second.make;
}

Type ValueSource::type_of(std::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end())
    throw std::invalid_argument("no generator is named " + std::string(name));
  return found->second.type;
}

Value ValueSource::matching_image() { return generator("matching_image")(0); }
Value ValueSource::matching_command_line() { return generator("matching_command_line")(0); }
Value ValueSource::matching_original_name() const { return Value::string("wmic.exe"); }

}  // namespace escudo::writer
