// Time: seconds since 1970 as a number, UTC. now() is the run's clock, cut to whole seconds.
#include <cmath>

#include "base/timestamp.hpp"
#include "pipeline/functions/function.hpp"
#include "pipeline/time_modifier.hpp"

namespace escudo::pipeline {
namespace {

// Years 0 to 9999: what formats can tell, and far from the ends of a Time.
std::optional<base::Time> time_of(const Value& v) {
  const auto seconds = v.number();
  if (!seconds || *seconds < -62'167'219'200.0 || *seconds >= 253'402'300'800.0) return {};
  return base::from_epoch_seconds(*seconds);
}

template <bool whole_seconds>
NodePtr make_clock(Call& call) {
  const base::Clock* clock = call.context().clock;
  return of_all(call, [clock](Args) -> Value {
    if (!clock) return {};
    const double now = base::to_epoch_seconds(clock->now());
    return whole_seconds ? std::floor(now) : now;
  });
}

NodePtr make_relative_time(Call& call) {
  std::optional<TimeModifier> fixed;
  if (const std::string* text = call.literal(1)) {
    fixed = TimeModifier::parse(*text);
    if (!fixed) {
      // Splunk runs such a search all the same.
      call.lint(call.span_of(1), "bad-time-modifier",
                "`" + *text + "` is not a relative time: the result is always NULL",
                "write an offset and a snap, such as \"-70m@m\" or \"-1d@d\"");
      return make_constant(Value());
    }
  }
  return of_each(call, [fixed](const Value& x, Args args) -> Value {
    const auto t = time_of(x);
    if (!t || args[1]->is_null()) return {};
    const auto modifier = fixed ? fixed : TimeModifier::parse(*Text(*args[1]));
    const auto moved = modifier ? modifier->apply(*t) : std::nullopt;
    return moved ? Value(base::to_epoch_seconds(*moved)) : Value();
  });
}

NodePtr make_strftime(Call& call) {
  return of_each(call, [](const Value& x, Args args) -> Value {
    const auto t = time_of(x);
    if (!t || args[1]->is_null()) return {};
    return base::format_time(*t, *Text(*args[1]));
  });
}

// What the format leaves out is taken from now: the year, or the day of a mere time of day.
NodePtr make_strptime(Call& call) {
  const base::Clock* clock = call.context().clock;
  return of_each(call, [clock](const Value& x, Args args) -> Value {
    if (args[1]->is_null()) return {};
    const Text text(x), format(*args[1]);
    const auto t = base::parse_time(*text, *format, clock ? clock->now() : base::Time{});
    return t ? Value(base::to_epoch_seconds(*t)) : Value();
  });
}

constexpr Function kFunctions[] = {
    {"now", 0, 0, "now()", make_clock<true>},
    {"relative_time", 2, 2, "relative_time(time, \"-1d@d\")", make_relative_time},
    {"strftime", 2, 2, "strftime(time, \"%Y-%m-%d %H:%M:%S\")", make_strftime},
    {"strptime", 2, 2, "strptime(text, \"%Y-%m-%d %H:%M:%S\")", make_strptime},
    {"time", 0, 0, "time()", make_clock<false>},
};

}  // namespace

Functions time_functions() { return kFunctions; }

}  // namespace escudo::pipeline
