// Tested by tests/unit/event/pack.cpp.
#include "event/pack.hpp"

namespace escudo::event {

void pack(base::Packer& out, const Value& value) {
  if (value.is_null()) {
    out.number(0);
  } else if (value.is_number()) {
    out.number(1).real(value.as_number());
  } else if (value.is_text()) {
    out.number(2).text(value.as_text());
  } else {
    out.number(3).number(value.as_many().size());
    for (const std::string& text : value.as_many()) out.text(text);
  }
}

Value unpack_value(base::Unpacker& in) {
  switch (in.number()) {
    case 0:
      return {};
    case 1:
      return in.real();
    case 2:
      return in.text();
    case 3: {
      const std::uint64_t count = in.number();
      if (count > in.rest()) break;
      Value::Many many;
      for (std::uint64_t k = 0; k < count; ++k) many.emplace_back(in.text());
      return Value::many(std::move(many));
    }
    default:
      break;
  }
  in.fail();
  return {};
}

}  // namespace escudo::event
