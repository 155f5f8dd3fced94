// Cryptographic digests of a text, as lower-case hexadecimal digits.
#include "base/digest.hpp"

#include "pipeline/functions/function.hpp"

namespace escudo::pipeline {
namespace {

template <base::Digest kind>
NodePtr make_digest(Call& call) {
  return of_each(call, [](const Value& x, Args) -> Value {
    std::string out = base::digest_hex(kind, *Text(x));
    return out.empty() ? Value() : Value(std::move(out));
  });
}

constexpr Function kFunctions[] = {
    {"md5", 1, 1, "md5(text)", make_digest<base::Digest::md5>},
    {"sha1", 1, 1, "sha1(text)", make_digest<base::Digest::sha1>},
    {"sha256", 1, 1, "sha256(text)", make_digest<base::Digest::sha256>},
    {"sha512", 1, 1, "sha512(text)", make_digest<base::Digest::sha512>},
};

}  // namespace

Functions digest_functions() { return kFunctions; }

}  // namespace escudo::pipeline
