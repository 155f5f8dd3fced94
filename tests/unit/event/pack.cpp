#include "event/pack.hpp"

#include "catch.hpp"

using namespace escudo;

TEST_CASE("values come back as they were packed") {
  for (const event::Value& value : {event::Value(), event::Value(2.5), event::Value("a\nb"), event::Value(""),
                                    event::Value::many({"x", "", "y"})}) {
    std::string bytes;
    base::Packer out(bytes);
    event::pack(out, value);
    base::Unpacker in(bytes);
    CHECK(event::unpack_value(in) == value);
    CHECK(in.ok());
    CHECK(in.at_end());
    if (bytes.size() < 2) continue;
    base::Unpacker torn(std::string_view(bytes).substr(0, bytes.size() - 1));
    (void)event::unpack_value(torn);
    CHECK_FALSE(torn.ok());
  }
}
