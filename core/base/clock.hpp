#pragma once
// Clock: what time the run believes it is. Live programs hand in the wall clock, recorded runs the
// time of their last event (or --now), tests a fixed one. Implementations are thread-safe.

#include "base/timestamp.hpp"

namespace escudo::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class FixedClock final : public Clock {
 public:
  explicit FixedClock(Time t) : now_(t) {}
  Time now() const override { return now_; }
  void set(Time t) { now_ = t; }

 private:
  Time now_;
};

}  // namespace escudo::base
