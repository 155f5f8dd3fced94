#include "spl/walk.hpp"

namespace escudo::spl {
namespace {

void subsearches(const SearchExpr& expr, std::vector<PipelinePtr>& out) {
  if (expr.subsearch) out.push_back(expr.subsearch);
  for (const SearchExpr& part : expr.parts) subsearches(part, out);
}

}  // namespace

std::vector<PipelinePtr> sub_pipelines(const Command& command) {
  std::vector<PipelinePtr> out;
  if (const auto* join = std::get_if<Join>(&command.verb)) out.push_back(join->right);
  else if (const auto* append = std::get_if<Append>(&command.verb)) out.push_back(append->pipeline);
  else if (const auto* columns = std::get_if<AppendCols>(&command.verb)) out.push_back(columns->pipeline);
  else if (const auto* pipe = std::get_if<AppendPipe>(&command.verb)) out.push_back(pipe->pipeline);
  else if (const auto* multi = std::get_if<Multisearch>(&command.verb)) out = multi->pipelines;
  else if (const auto* search = std::get_if<Search>(&command.verb)) subsearches(search->expr, out);
  else if (const auto* tstats = std::get_if<Tstats>(&command.verb)) subsearches(tstats->where, out);
  std::erase(out, nullptr);
  return out;
}

}  // namespace escudo::spl
