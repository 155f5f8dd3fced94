// sort: by its keys, in a fixed order among equals. A limit (10,000 unless the search names one, 0
// for none) cuts the result. Holds what the limit lets through, twice at most, or all rows.
#include "pipeline/ops/ops.hpp"
#include "pipeline/ops/sort_rows.hpp"

namespace escudo::pipeline {
namespace {

class Sort final : public Operator {
 public:
  Sort(const spl::Sort& verb, const Context& context)
      : keys_(verb.keys),
        limit_(verb.limit > 0 ? static_cast<std::size_t>(verb.limit) : 0),
        context_(&context) {}

  Table push(Table rows) override {
    all_.append(std::move(rows));
    // What lies beyond the limit now will never come before it.
    if (limit_ > 0 && all_.rows.size() >= 2 * limit_ + 1024) cut();
    return {};
  }
  Table finish() override {
    cut();
    if (dropped_ && limit_ == kDefaultLimit)
      context_->say("sort: only the first 10,000 rows are kept, as in Splunk; `sort 0` keeps all");
    return std::move(all_);
  }

 private:
  static constexpr std::size_t kDefaultLimit = 10'000;
  void cut() {
    dropped_ = dropped_ || (limit_ > 0 && all_.rows.size() > limit_);
    sort_rows(all_, keys_, limit_);
  }
  std::vector<spl::SortKey> keys_;
  std::size_t limit_;
  const Context* context_;
  bool dropped_ = false;
  Table all_;
};

}  // namespace

OperatorPtr make_sort(const spl::Sort& verb, const Build& build) {
  return std::make_unique<Sort>(verb, build.context);
}

}  // namespace escudo::pipeline
