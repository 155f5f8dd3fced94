#include "pipeline/state_budget.hpp"

#include <algorithm>

#include "catch.hpp"

using escudo::pipeline::StateBudget;

namespace {

class Spilling final : public StateBudget::Holder {
 public:
  using Holder::Holder;
  std::size_t spilled = 0;

 private:
  void spill(std::size_t bytes) override {
    bytes = std::min(bytes, held());
    spilled += bytes;
    release(bytes);
  }
};

}  // namespace

TEST_CASE("a budget counts what its holders hold, and forgets those that are gone") {
  StateBudget budget(100);
  StateBudget::Holder a(&budget);
  a.charge(60);
  {
    StateBudget::Holder b(&budget);
    b.charge(50);
    CHECK(budget.held() == 110);
    CHECK(budget.over());
    CHECK(b.must_spill());   // neither can
    b.release(10);
    CHECK_FALSE(budget.over());
    CHECK_FALSE(b.must_spill());
    b.charge(1);
    CHECK(budget.over());
  }
  CHECK(budget.held() == 60);
  CHECK(a.held() == 60);
}

TEST_CASE("a budget that is over asks those who hold most first, and for no more than it needs") {
  StateBudget budget(100);
  Spilling small(&budget), large(&budget);
  StateBudget::Holder stiff(&budget);
  small.charge(30);
  large.charge(60);
  stiff.charge(30);
  CHECK_FALSE(stiff.must_spill());
  CHECK(large.spilled == 20);
  CHECK(small.spilled == 0);
  stiff.charge(60);
  CHECK_FALSE(stiff.must_spill());
  CHECK(large.spilled == 60);
  CHECK(small.spilled == 20);
  stiff.charge(20);
  CHECK(stiff.must_spill());   // nothing is left to be put away
  CHECK(small.held() + large.held() == 0);
  CHECK(budget.held() == 110);
}

TEST_CASE("without a budget nothing is counted") {
  StateBudget::Holder holder;
  holder.charge(1u << 30);
  CHECK(holder.held() == 0);
  CHECK_FALSE(holder.must_spill());
}
