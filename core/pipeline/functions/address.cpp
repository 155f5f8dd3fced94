// cidrmatch and ipmask.
#include "base/address.hpp"

#include "base/text.hpp"
#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

NodePtr make_cidrmatch(Call& call) {
  std::optional<base::AddressBlock> fixed;
  if (const std::string* text = call.literal(0)) {
    fixed = base::AddressBlock::parse(*text);
    if (!fixed)
      call.lint(call.span_of(0), "bad-address-block",
                "`" + *text + "` is not a block of addresses: it matches none",
                "the block comes first: cidrmatch(\"10.0.0.0/8\", address)");
  }
  return condition(call, [fixed](Args args) {
    if (args[0]->is_null() || args[1]->is_null()) return Truth::null;
    return any_text(*args[0], [&](std::string_view text) {
      const auto block = fixed ? fixed : base::AddressBlock::parse(text);
      return block && any_text(*args[1], [&](std::string_view address) {
                        return block->contains(base::trim(address));
                      }) == Truth::yes;
    });
  });
}

// The address with the bits outside the mask cleared; IPv4 only, as in Splunk.
NodePtr make_ipmask(Call& call) {
  return of_all(call, [](Args args) -> Value {
    const auto mask = base::parse_address(*Text(*args[0])),
               ip = base::parse_address(*Text(*args[1]));
    if (!mask || !ip || !mask->v4 || !ip->v4) return {};
    std::string out;
    for (std::size_t k = 12; k < 16; ++k)
      out += (k > 12 ? "." : "") + std::to_string(mask->bytes[k] & ip->bytes[k]);
    return out;
  });
}

constexpr Function kFunctions[] = {
    {"cidrmatch", 2, 2, "cidrmatch(\"10.0.0.0/8\", address)", make_cidrmatch},
    {"ipmask", 2, 2, "ipmask(\"255.255.255.0\", address)", make_ipmask},
};

}  // namespace

Functions address_functions() { return kFunctions; }

}  // namespace escudo::pipeline
