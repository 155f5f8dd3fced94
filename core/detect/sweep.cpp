// Tested by tests/unit/runtime/sweep_test.cpp.
#include "detect/sweep.hpp"

#include "base/pack.hpp"

namespace escudo::detect {

std::vector<std::string> Sweep::step(base::Time now, const Retention& retention, std::size_t& budget) {
  const auto minute = [](base::Time t) { return std::chrono::floor<std::chrono::minutes>(t).time_since_epoch().count(); };
  std::vector<std::string> over;
  state_->each_after(space_, at_, [&](std::string_view key, std::string_view bytes) {
    if (budget == 0) return false;
    --budget;
    at_ = key;
    base::Unpacker in(bytes);
    const base::Time last{base::Duration(in.signed_number())};
    if (last + retention.keep < now || minute(last) < cut_) over.emplace_back(key);
    else ++ages_[minute(last)];
    return true;
  });
  if (budget == 0) return over;
  // The round is done.
  at_.clear();
  cut_ = INT64_MIN;
  std::size_t kept = 0;
  for (auto age = ages_.rbegin(); age != ages_.rend(); ++age) {
    if (kept > 0 && kept + age->second > retention.most) {
      cut_ = age->first + 1;
      break;
    }
    kept += age->second;
  }
  ages_.clear();
  return over;
}

}  // namespace escudo::detect
