// Values that hold a small record: hash lists, DNS results, numbers.

#include "base/text.hpp"
#include "cim/transforms/transform.hpp"

namespace escudo::cim {
namespace {

// hash_part("MD5=…,SHA256=…", "SHA256")
FieldValues hash_part(Arguments a, base::Arena& scratch) {
  std::string_view wanted = front(a[1]);
  return each(a[0], scratch, [&](std::string_view list) {
    while (!list.empty()) {
      std::size_t comma = list.find(',');
      std::string_view part = base::trim(list.substr(0, comma));
      std::size_t equals = part.find('=');
      if (equals != std::string_view::npos && base::iequals(part.substr(0, equals), wanted)) {
        return part.substr(equals + 1);
      }
      if (comma == std::string_view::npos) break;
      list.remove_prefix(comma + 1);
    }
    return std::string_view{};
  });
}

// One answer of Sysmon's QueryResults: "type:  5 name" or an address.
struct Answer {
  std::string_view type, data;
};

Answer read_answer(std::string_view text) {
  constexpr std::string_view prefix = "type:";
  if (!text.starts_with(prefix)) return {{}, text};
  std::string_view rest = text.substr(prefix.size());
  std::size_t begin = rest.find_first_not_of(" \t");
  if (begin == std::string_view::npos || begin == 0) return {{}, text};
  std::size_t end = begin;
  while (end < rest.size() && base::is_digit(rest[end])) ++end;
  std::size_t data = rest.find_first_not_of(" \t", end);
  if (end == begin || data == end || data == std::string_view::npos) return {{}, text};
  return {rest.substr(begin, end - begin), rest.substr(data)};
}

// Only what a semicolon ends is an answer: "-" (no results) gives none.
template <class F>
FieldValues answers(FieldValues values, base::Arena& scratch, F pick) {
  std::string_view text = front(values);
  std::size_t count = 0;
  for (char c : text) count += c == ';';
  auto out = scratch.array<std::string_view>(count);
  std::size_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t end = text.find(';');
    std::string_view value = pick(read_answer(text.substr(0, end)));
    if (!value.empty()) out[used++] = value;
    text.remove_prefix(end + 1);
  }
  return out.first(used);
}

FieldValues dns_answers(Arguments a, base::Arena& scratch) {
  return answers(a[0], scratch, [](Answer answer) { return answer.data; });
}

FieldValues dns_answer_types(Arguments a, base::Arena& scratch) {
  return answers(a[0], scratch, [](Answer answer) { return answer.type; });
}

// number_or(x, "0"): x when it is a plain decimal number, else the other or nothing.
FieldValues number_or(Arguments a, base::Arena&) {
  std::string_view text = front(a[0]);
  bool digits = !text.empty();
  for (char c : text) digits &= base::is_digit(c);
  if (digits) return a[0].first(1);
  return a.size() > 1 ? a[1] : FieldValues{};
}

constexpr Transform transforms[] = {
    {"hash_part", 2, 2, hash_part},
    {"dns_answers", 1, 1, dns_answers},
    {"dns_answer_types", 1, 1, dns_answer_types},
    {"number_or", 1, 2, number_or},
};

}  // namespace

std::span<const Transform> record_transforms() { return transforms; }

}  // namespace escudo::cim
