// v4 scores a detection once, confidence x impact / 100, and lists `observable`s; which of them
// carry the risk follows from their role and type, as contentctl 4 converted them.

#include <algorithm>
#include <array>
#include <cmath>

#include "base/json.hpp"
#include "base/text.hpp"
#include "rules/risk_spec.hpp"

namespace escudo::rules {
namespace {

struct Conversion {
  std::string_view observable;  // lower case
  std::string_view becomes;
};

// "User Name" is not among them and so becomes `other`: contentctl's own table has it that way.
constexpr std::array victims{
    Conversion{"user", "user"},          Conversion{"username", "user"},
    Conversion{"email address", "user"}, Conversion{"device", "system"},
    Conversion{"endpoint", "system"},    Conversion{"hostname", "system"},
    Conversion{"ip address", "system"},
};
constexpr std::array attackers{
    Conversion{"process", "process"},
    Conversion{"process name", "process"},
    Conversion{"file", "file_name"},
    Conversion{"file name", "file_name"},
    Conversion{"file hash", "file_name"},
    Conversion{"ip address", "ip_address"},
    Conversion{"url", "url"},
    Conversion{"url string", "url"},
};

template <std::size_t N>
std::string converted(const std::array<Conversion, N>& table, const std::string& type,
                      const std::string& otherwise) {
  for (const Conversion& c : table) {
    if (c.observable == type) return std::string(c.becomes);
  }
  return otherwise;
}

void add_observable(const Fields& observable, const base::Yaml& at, RiskSpec& spec) {
  const std::string field = observable.text("name");
  if (field.empty()) {
    observable.warn(at, "bad-observable", "an observable without a `name` scores nothing");
    return;
  }
  const std::string type = base::to_lower(observable.text("type"));
  const auto roles = observable.texts("role");
  const auto plays = [&](std::string_view role) {
    return std::ranges::any_of(roles, [&](const auto& r) { return base::iequals(r, role); });
  };
  if (plays("Victim")) {
    spec.objects.push_back({field, converted(victims, type, "other"), spec.base});
  } else if (plays("Attacker")) {
    spec.threats.push_back({field, converted(attackers, type, type)});
  } else {
    observable.warn(at, "bad-observable",
                    "observable `" + field + "` is neither Victim nor Attacker and scores nothing",
                    "give it `role: [Victim]` or `role: [Attacker]`");
  }
}

}  // namespace

std::optional<RiskSpec> risk_v4(const Fields& tags) {
  const auto confidence = tags.number("confidence");
  const auto impact = tags.number("impact");
  const auto declared = tags.number("risk_score");
  if (!declared && !(confidence && impact)) return {};

  RiskSpec spec;
  spec.base = confidence && impact ? *confidence * *impact / 100 : *declared;
  // Half a point is rounding: some files carry whole numbers only.
  if (declared && std::abs(*declared - spec.base) > 0.5) {
    tags.warn(tags["risk_score"], "risk-score-mismatch",
              "risk_score is " + base::number_text(*declared) +
                  ", but impact x confidence / 100 is " + base::number_text(spec.base),
              base::number_text(spec.base) + " is used");
  }
  spec.message = tags.text("message");
  for (const base::Yaml& item : tags.maps("observable")) {
    add_observable(tags.inside(item), item, spec);
  }
  return spec;
}

}  // namespace escudo::rules
