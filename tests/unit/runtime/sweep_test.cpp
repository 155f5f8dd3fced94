#include "detect/sweep.hpp"

#include "base/pack.hpp"
#include "catch.hpp"
#include "runtime/stored_state.hpp"
#include "scratch.hpp"

using namespace escudo;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

struct Kept {
  Kept() : store(store::Store::open(folder.path("s.db")).value()), state(*store), space(state.space("s")) {}
  void put(const std::string& key, base::Time last) {
    std::string bytes;
    base::Packer(bytes).signed_number(last.time_since_epoch().count()).text("what is kept");
    state.put(space, key, bytes);
  }
  // What is over in so many steps.
  std::string over(detect::Sweep& sweep, base::Time now, const detect::Retention& retention, int steps) {
    std::string out;
    for (int k = 0; k < steps; ++k) {
      std::size_t budget = 3;
      for (const std::string& key : sweep.step(now, retention, budget)) {
        out += key + " ";
        state.erase(space, key);
      }
    }
    return out;
  }
  ScratchFolder folder;
  std::unique_ptr<store::Store> store;
  runtime::StoredState state;
  std::int64_t space;
};

const base::Time start = base::Time(hours(24 * 20'000));

}  // namespace

TEST_CASE("what is older than it is kept is over, a few keys a step, round and round") {
  Kept kept;
  for (int k = 0; k < 8; ++k) kept.put(std::string(1, static_cast<char>('a' + k)), start + hours(k));
  detect::Sweep sweep(kept.state, kept.space);
  const detect::Retention retention{hours(24), 100};
  CHECK(kept.over(sweep, start + hours(24), retention, 3).empty());
  CHECK(kept.over(sweep, start + hours(26), retention, 1) == "a b ");
  CHECK(kept.over(sweep, start + hours(29), retention, 4) == "d e c ");
}

TEST_CASE("where there are too many the oldest go, and those of the newest minute stay") {
  Kept kept;
  for (int k = 0; k < 8; ++k) kept.put(std::string(1, static_cast<char>('a' + k)), start + minutes(k / 2));
  detect::Sweep sweep(kept.state, kept.space);
  CHECK(kept.over(sweep, start + hours(1), {hours(24), 5}, 3).empty());   // a round to count them
  CHECK(kept.over(sweep, start + hours(1), {hours(24), 5}, 3) == "a b c d ");
  detect::Sweep anew(kept.state, kept.space);
  CHECK(kept.over(anew, start + hours(1), {hours(24), 1}, 4) == "e f ");
}
