// rooms: replay base
// What a server or a log hands to replay: pointers, names, and texts whose times are moved.

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "replay/reference.hpp"
#include "replay/shift_time.hpp"

using namespace escudo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (const auto content = replay::parse_pointer(text)) {
    if (replay::parse_pointer(replay::pointer_text(*content)) != content) std::abort();
  }
  const std::string name = replay::dataset_name(text);
  if (replay::addresses_of(name, "http://m") && name.find("..") != std::string::npos &&
      name.find("/../") != std::string::npos)
    std::abort();
  const base::Time noon = *base::parse_time("2020-09-14T12:06:01.826Z");
  const std::string moved = replay::shift_times(text, noon, std::chrono::hours(7 * 24));
  // Nothing but times is touched: outside digits and the letters of months and half-days the text
  // stays.
  if (moved.size() + 64 < text.size()) std::abort();
  (void)replay::shift_times(text, base::Time::min(), base::Duration(1));
  (void)replay::shift_times(text, base::Time::max(), -std::chrono::hours(1'000'000));
  return 0;
}
