// rooms: pipeline spl match catalog event base
// Any text as a search: expanded, parsed, planned, printed and built into operators, which then see a
// few rows. Nothing may crash, loop or recurse without end.
#include <cstdint>
#include <string>

#include "pipeline/operator.hpp"
#include "spl/lexer.hpp"
#include "spl/plan.hpp"
#include "spl/print.hpp"

using namespace escudo;

namespace {

const catalog::Catalog& catalog_for_fuzzing() {
  static const catalog::Catalog catalog = [] {
    catalog::Catalog c;
    c.add_macro({"m", {}, "a=b OR c=d", ""});
    c.add_macro({"loop", {}, "`loop`", ""});
    c.add_macro({"f", {"x"}, "convert ctime($x$)", ""});
    catalog::Dataset d;
    d.model = "Endpoint";
    d.name = "Processes";
    d.fields = {{"process", "", "unknown"}, {"user", "", "unknown"}};
    c.add_dataset(d);
    return c;
  }();
  return catalog;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)spl::print_tokens(text);
  std::vector<spl::TextProblem> problems;
  auto plan = spl::make_plan(text, catalog_for_fuzzing(), problems);
  for (const spl::TextProblem& p : problems) {
    if (p.span.begin > p.span.end) __builtin_trap();
  }
  if (!plan) return 0;
  (void)spl::print(*plan);
  base::FixedClock clock(base::from_epoch_seconds(1.7e9));
  pipeline::Context context;
  context.catalog = &catalog_for_fuzzing();
  context.clock = &clock;
  context.limits.regex_match_steps = 10'000;
  auto stream = pipeline::Stream::build(*plan, *plan->root, context, problems);
  if (!stream) return 0;
  std::vector<pipeline::Stream*> feeds;
  stream->collect(feeds);
  std::uint64_t number = 0;
  for (pipeline::Stream* feed : feeds) {
    if (!feed) continue;
    pipeline::Table rows;
    rows.columns = {"_time", "a", "process", "user"};
    for (int k = 0; k < 3; ++k) {
      pipeline::Row row;
      row.cells = {event::Value(1.7e9 + k), event::Value("b"), event::Value::many({"x y", "z"}), k ? event::Value("u") : event::Value()};
      row.evidence = pipeline::Evidence::of(number++, base::from_epoch_seconds(1.7e9 + k), true);
      rows.rows.push_back(std::move(row));
    }
    feed->push(std::move(rows));
  }
  (void)stream->finish();
  return 0;
}
