#include "base/result.hpp"

#include <memory>

#include "catch.hpp"

using namespace escudo::base;

TEST_CASE("a result holds a value or an error") {
  Result<std::string> good = std::string("x");
  CHECK(good.ok());
  CHECK(*good == "x");
  CHECK(good->size() == 1);
  const Result<std::string> bad = Error{"no"};
  CHECK_FALSE(bad);
  CHECK(bad.error() == "no");
  Result<std::unique_ptr<int>> owner = std::make_unique<int>(3);
  CHECK(*std::move(owner).value() == 3);
  CHECK(Result<void>().ok());
  CHECK(Result<void>(Error{"why"}).error() == "why");
}
