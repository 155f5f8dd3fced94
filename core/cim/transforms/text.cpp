// Plain text: case, trimming, cutting at a separator, joining.

#include "base/text.hpp"
#include "cim/transforms/transform.hpp"

namespace escudo::cim {
namespace {

FieldValues lower(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [&](std::string_view value) {
    char* out = scratch.allocate(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) out[i] = base::ascii_lower(value[i]);
    return std::string_view(out, value.size());
  });
}

FieldValues trim(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [](std::string_view value) { return base::trim(value); });
}

// unless(x, "-", …): x without the values that equal one of the others.
FieldValues unless(Arguments a, base::Arena& scratch) {
  return each(a[0], scratch, [&](std::string_view value) {
    for (FieldValues excluded : a.subspan(1)) {
      if (base::iequals(value, front(excluded))) return std::string_view{};
    }
    return value;
  });
}

FieldValues strip_leading(Arguments a, base::Arena& scratch) {
  std::string_view set = front(a[1]);
  return each(a[0], scratch, [&](std::string_view value) {
    std::size_t at = value.find_first_not_of(set);
    return at == std::string_view::npos ? std::string_view{} : value.substr(at);
  });
}

// Without the separator: after_last and before_first keep the whole value, the others give nothing.
FieldValues after_last(Arguments a, base::Arena& scratch) {
  std::string_view separator = front(a[1]);
  return each(a[0], scratch, [&](std::string_view value) {
    std::size_t at = value.rfind(separator);
    return at == std::string_view::npos ? value : value.substr(at + separator.size());
  });
}

FieldValues before_last(Arguments a, base::Arena& scratch) {
  std::string_view separator = front(a[1]);
  return each(a[0], scratch, [&](std::string_view value) {
    std::size_t at = value.rfind(separator);
    return at == std::string_view::npos ? std::string_view{} : value.substr(0, at);
  });
}

FieldValues after_first(Arguments a, base::Arena& scratch) {
  std::string_view separator = front(a[1]);
  return each(a[0], scratch, [&](std::string_view value) {
    std::size_t at = value.find(separator);
    return at == std::string_view::npos ? std::string_view{} : value.substr(at + separator.size());
  });
}

FieldValues before_first(Arguments a, base::Arena& scratch) {
  std::string_view separator = front(a[1]);
  return each(a[0], scratch, [&](std::string_view value) {
    std::size_t at = value.find(separator);
    return at == std::string_view::npos ? value : value.substr(0, at);
  });
}

// between(x, "(", ")"): what stands after the first "(" and before the next ")".
FieldValues between(Arguments a, base::Arena& scratch) {
  std::string_view open = front(a[1]), close = front(a[2]);
  return each(a[0], scratch, [&](std::string_view value) {
    std::size_t begin = value.find(open);
    if (begin == std::string_view::npos) return std::string_view{};
    begin += open.size();
    std::size_t end = value.find(close, begin);
    if (end == std::string_view::npos) return std::string_view{};
    return value.substr(begin, end - begin);
  });
}

// Null when a part is null, as Splunk's `.` operator. Of a multivalue the first value counts.
FieldValues concat(Arguments a, base::Arena& scratch) {
  std::size_t size = 0;
  for (FieldValues part : a) {
    if (part.empty()) return {};
    size += part.front().size();
  }
  char* out = scratch.allocate(size);
  std::size_t used = 0;
  for (FieldValues part : a) used += part.front().copy(out + used, part.front().size());
  return one({out, size}, scratch);
}

FieldValues many(Arguments a, base::Arena& scratch) {
  std::size_t count = 0;
  for (FieldValues part : a) count += part.size();
  auto out = scratch.array<std::string_view>(count);
  std::size_t used = 0;
  for (FieldValues part : a) {
    for (std::string_view value : part) out[used++] = value;
  }
  return out;
}

// split(x, ","): all parts of the first value, blanks around them dropped.
FieldValues split(Arguments a, base::Arena& scratch) {
  std::string_view text = front(a[0]), separator = front(a[1]);
  if (text.empty() || separator.empty()) return a[0];
  std::size_t parts = 1;
  for (std::size_t at = 0; (at = text.find(separator, at)) != std::string_view::npos;
       at += separator.size()) {
    ++parts;
  }
  auto out = scratch.array<std::string_view>(parts);
  std::size_t used = 0;
  while (true) {
    std::size_t at = text.find(separator);
    std::string_view part = base::trim(text.substr(0, at));
    if (!part.empty()) out[used++] = part;
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + separator.size());
  }
  return out.first(used);
}

FieldValues without(Arguments a, base::Arena& scratch) {
  std::string_view unwanted = front(a[1]);
  return each(a[0], scratch, [&](std::string_view value) {
    if (value.find_first_of(unwanted) == std::string_view::npos) return value;
    char* out = scratch.allocate(value.size());
    std::size_t used = 0;
    for (char c : value) {
      if (unwanted.find(c) == std::string_view::npos) out[used++] = c;
    }
    return std::string_view(out, used);
  });
}

FieldValues no_value(Arguments, base::Arena&) { return {}; }

// "a  b\n\tc": the parts that blanks separate.
FieldValues words(Arguments a, base::Arena& scratch) {
  std::string_view text = front(a[0]);
  auto out = scratch.array<std::string_view>((text.size() + 1) / 2);
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !base::is_space(text[end])) ++end;
    if (end > at) out[used++] = text.substr(at, end - at);
    at = end + 1;
  }
  return out.first(used);
}

constexpr Transform transforms[] = {
    {"lower", 1, 1, lower},
    {"trim", 1, 1, trim},
    {"unless", 2, any_number, unless},
    {"strip_leading", 2, 2, strip_leading},
    {"after_last", 2, 2, after_last},
    {"before_last", 2, 2, before_last},
    {"after_first", 2, 2, after_first},
    {"before_first", 2, 2, before_first},
    {"between", 3, 3, between},
    {"concat", 1, any_number, concat},
    {"many", 1, any_number, many},
    {"split", 2, 2, split},
    {"without", 2, 2, without},
    {"words", 1, 1, words},
    {"null", 0, 0, no_value},
};

}  // namespace

std::span<const Transform> text_transforms() { return transforms; }

}  // namespace escudo::cim
