#include "detect/prefixes.hpp"

#include "base/text.hpp"
#include "spl/print.hpp"
#include "spl/walk.hpp"

namespace escudo::detect {
namespace {

class Cutter {
 public:
  explicit Cutter(const spl::Plan& plan) : plan_(plan) {}

  void cut(const spl::PipelinePtr& pipeline) {
    for (const spl::Command& command : pipeline->commands) {
      if (!std::holds_alternative<spl::AppendPipe>(command.verb)) {
        for (const spl::PipelinePtr& inner : spl::sub_pipelines(command)) cut(inner);
      }
      Prefix prefix;
      prefix.pipeline = pipeline;
      prefix.command = &command;
      const base::Span span{pipeline->span.begin, command.span.end};
      prefix.text = plan_.expanded.text.substr(span.begin, span.end - span.begin);
      spl::Pipeline alone;
      alone.commands.push_back(command);
      const std::string printed = spl::print(alone);
      prefix.printed = printed.substr(0, printed.find('\n'));
      for (std::size_t k = 0; k < plan_.feeds.size(); ++k) {
        const base::Span feed = plan_.feeds[k].span;
        if (feed.begin >= span.begin && feed.end <= span.end) prefix.feeds.push_back(k);
      }
      out.push_back(std::move(prefix));
    }
  }

  std::vector<Prefix> out;

 private:
  const spl::Plan& plan_;
};

}  // namespace

std::vector<Prefix> prefixes_of(const spl::Plan& plan) {
  Cutter cutter(plan);
  cutter.cut(plan.pipeline);
  return std::move(cutter.out);
}

}  // namespace escudo::detect
