// From plan to operators, and how rows run through them. The one place where a verb's operator is
// registered. Tested by every tests/spl file with a `result` section.
#include <variant>

#include "pipeline/ops/ops.hpp"

namespace escudo::pipeline {

void Build::fail(base::Span where, std::string code, std::string message, std::string hint) const {
  problems.push_back({where, std::move(code), std::move(message), std::move(hint)});
}

class Builder {
 public:
  Builder(const spl::Plan& plan, const Context& context, std::vector<spl::TextProblem>& problems)
      : plan_(plan), context_(context), problems_(problems) {}

  std::unique_ptr<Stream> stream(const spl::PlannedPipeline& planned) {
    using Rows = spl::PlannedPipeline::Rows;
    auto out = std::make_unique<Stream>();
    const spl::Feed* feed = nullptr;
    if (planned.rows == Rows::feed) {
      out->feed_ = planned.feed;
      feed = &plan_.feeds[planned.feed];
    }
    Build build{plan_, feed, context_, problems_, {}, [&](const spl::PipelinePtr& p) -> std::unique_ptr<Stream> {
                  const spl::PlannedPipeline* child = planned.child_of(p);
                  if (!child) return nullptr;
                  auto inner = stream(*child);
                  out->children_.push_back(inner.get());
                  return inner;
                }};
    if (feed && feed->has_subsearch) add(*out, make_late_filter(feed->whole_filter, build));
    const auto& commands = planned.pipeline->commands;
    for (std::size_t k = planned.rows == Rows::feed ? planned.first : 0; k < commands.size(); ++k) {
      build.span = commands[k].span;
      add(*out, make(commands[k], build));
    }
    return out;
  }

 private:
  static void add(Stream& stream, OperatorPtr op) {
    if (op) stream.operators_.push_back(std::move(op));
  }

  OperatorPtr make(const spl::Command& command, const Build& build) {
    const std::size_t problems_before = problems_.size();
    OperatorPtr out = std::visit([&](const auto& verb) { return make_verb(verb, build); }, command.verb);
    if (!out && problems_.size() == problems_before && !std::holds_alternative<spl::Noop>(command.verb))
      build.fail(command.span, "unsupported-command", command.name + " is not supported", "docs/spl.md lists what is");
    return out;
  }

  static OperatorPtr make_verb(const spl::Search& v, const Build& b) { return make_search(v, b); }
  static OperatorPtr make_verb(const spl::Tstats& v, const Build& b) { return make_tstats(v, b); }
  static OperatorPtr make_verb(const spl::Stats& v, const Build& b) { return make_stats(v, b); }
  static OperatorPtr make_verb(const spl::Rename& v, const Build& b) { return make_rename(v, b); }
  static OperatorPtr make_verb(const spl::Convert& v, const Build& b) { return make_convert(v, b); }
  static OperatorPtr make_verb(const spl::Table& v, const Build& b) { return make_table(v, b); }
  static OperatorPtr make_verb(const spl::Fields& v, const Build& b) { return make_fields(v, b); }
  template <class Other>
  static OperatorPtr make_verb(const Other&, const Build&) { return nullptr; }

  const spl::Plan& plan_;
  const Context& context_;
  std::vector<spl::TextProblem>& problems_;
};

std::unique_ptr<Stream> Stream::build(const spl::Plan& plan, const spl::PlannedPipeline& planned, const Context& context,
                                      std::vector<spl::TextProblem>& problems) {
  const std::size_t before = problems.size();
  auto out = Builder(plan, context, problems).stream(planned);
  for (std::size_t k = before; k < problems.size(); ++k)
    if (problems[k].severity == base::Severity::error) return nullptr;
  return out;
}

Table Stream::run_from(std::size_t first, Table rows) {
  for (std::size_t k = first; k < operators_.size(); ++k) {
    if (rows.rows.empty()) return {};
    rows = operators_[k]->push(std::move(rows));
  }
  return rows;
}

void Stream::push(Table rows) { ready_.append(run_from(0, std::move(rows))); }

Table Stream::finish() {
  for (std::size_t k = 0; k < operators_.size(); ++k)
    ready_.append(run_from(k + 1, operators_[k]->finish()));
  return std::move(ready_);
}

Table Stream::take_ready() {
  Table out = std::move(ready_);
  ready_ = {};
  return out;
}

void Stream::collect(std::vector<Stream*>& by_feed) {
  if (feed_ != static_cast<std::size_t>(-1)) {
    if (by_feed.size() <= feed_) by_feed.resize(feed_ + 1);
    by_feed[feed_] = this;
  }
  for (Stream* child : children_) child->collect(by_feed);
}

}  // namespace escudo::pipeline
