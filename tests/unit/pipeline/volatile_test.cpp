// Functions that depend on more than their arguments are on the list of spl/volatile.hpp, and no others.
#include "catch.hpp"
#include "pipeline/eval.hpp"
#include "spl/parser.hpp"
#include "spl/volatile.hpp"

using namespace escudo;

namespace {

class CountingClock final : public base::Clock {
 public:
  base::Time now() const override {
    ++asked;
    return base::from_epoch_seconds(1'700'000'000 + asked * 86'400);
  }
  mutable int asked = 0;
};

}  // namespace

namespace {

std::string shown(const pipeline::EvalResult& result) { return result.value.is_null() ? "" : result.value.text(); }

// Whether a call cares what time it is, or answers the same question in two ways; nothing when there
// is no such call.
std::optional<bool> varies(const std::string& call) {
  const CountingClock clock;
  pipeline::Context context;
  context.clock = &clock;
  std::vector<spl::TextProblem> problems;
  const auto expr = spl::parse_eval(call, problems);
  const auto evaluator = expr ? pipeline::Evaluator::compile(*expr, context, problems) : nullptr;
  if (!evaluator) return {};
  evaluator->bind({"f"});
  pipeline::Row row;
  row.cells.emplace_back("1");
  const std::string first = shown(evaluator->evaluate(row)), second = shown(evaluator->evaluate(row));
  return clock.asked > 0 || first != second;
}

}  // namespace

TEST_CASE("a function that asks the clock, or answers the same question in two ways, is volatile") {
  for (const std::string& name : pipeline::eval_function_names()) {
    CAPTURE(name);
    bool built = false, varied = false;
    for (const std::string argument : {"f", "\"1\"", "\"f\"", "1", "f=1", "\"f=1\"", "\"%Y\"", "\"-1d\""}) {
      std::string arguments;
      for (int count = 0; count <= 4; ++count) {
        const auto result = varies(name + "(" + arguments + ")");
        built = built || result;
        varied = varied || result.value_or(false);
        arguments += (count > 0 ? ", " : "") + argument;
      }
    }
    CHECK(built);
    CHECK(varied == spl::is_volatile(name));
  }
}

TEST_CASE("a volatile call is found wherever it stands in an expression") {
  for (const auto& [text, found] : std::vector<std::pair<std::string, std::string>>{
           {"len(a)+1", ""}, {"NOW()", "now"}, {"1+len(if(a=1, b, strptime(c, \"%H\")))", "strptime"}, {"now", ""}}) {
    std::vector<spl::TextProblem> problems;
    const auto expr = spl::parse_eval(text, problems);
    REQUIRE(expr);
    CHECK(spl::volatile_call(*expr) == found);
  }
}
