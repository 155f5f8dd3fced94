// makeresults: rows out of nothing, with the time of the run.
#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {
namespace {

class MakeResults final : public Operator {
 public:
  MakeResults(std::int64_t count, const Context& context) : count_(count), context_(&context) {}
  Table push(Table) override { return {}; }
  Table finish() override {
    Table out;
    out.columns = {"_time"};
    const Value now =
        context_->clock ? Value(base::to_epoch_seconds(context_->clock->now())) : Value();
    for (std::int64_t k = 0; k < count_; ++k) out.rows.push_back({{now}, {}});
    return out;
  }

 private:
  std::int64_t count_;
  const Context* context_;
};

constexpr std::int64_t kMost = 1'000'000;  // 100 bytes a row

}  // namespace

OperatorPtr make_makeresults(const spl::MakeResults& verb, const Build& build) {
  if (verb.count < 0 || verb.count > kMost) {
    build.fail(build.span, "bad-count", "makeresults makes 0 to 1,000,000 rows");
    return nullptr;
  }
  return std::make_unique<MakeResults>(verb.count, build.context);
}

}  // namespace escudo::pipeline
