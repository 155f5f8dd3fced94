// Which live sources there are.
#include "sources/live.hpp"

#include <algorithm>

#include "base/spec.hpp"
#include "base/text.hpp"
#include "sources/follow/source.hpp"
#include "sources/journald/source.hpp"
#include "sources/kafka/source.hpp"
#include "sources/wevtapi/source.hpp"

namespace escudo::sources {

base::Result<std::unique_ptr<LiveSource>> open_live(const std::string& spec, const std::string& position,
                                                    const LiveOptions& options) {
  const std::size_t colon = spec.find(':');
  const std::string kind = spec.substr(0, colon);
  const std::string rest = colon == std::string::npos ? std::string() : spec.substr(colon + 1);
  if (kind == "file") return open_follow(rest, position, options);
  if (spec.starts_with("journald?")) return open_journald(spec.substr(8), position, options);
  if (kind == "journald") return open_journald(rest, position, options);
  if (kind == "kafka") return open_kafka(rest, position, options);
  if (kind == "winlog") return open_winlog(rest, position, options);
  return base::Error{"there is no source `" + base::harmless(spec) +
                     "`; --source is file:PATH, journald[:MATCH], winlog:CHANNEL or kafka:BROKERS/TOPIC?group=GROUP"};
}

std::vector<std::string> live_parts(const std::string& spec) {
  constexpr std::string_view kind = "winlog:";
  if (!spec.starts_with(kind)) return {spec};
  const std::size_t options = std::min(spec.find('?'), spec.size());
  std::vector<std::string> out;
  for (std::string_view channel : base::split(std::string_view(spec).substr(kind.size(), options - kind.size()), ','))
    if (!channel.empty()) out.push_back(std::string(kind).append(channel).append(spec.substr(options)));
  return out.empty() ? std::vector<std::string>{spec} : out;
}

std::string live_name(const std::string& spec) {
  const std::string kind = spec.substr(0, spec.find(':'));
  if (kind == "file") return spec.substr(0, spec.rfind('?'));
  if (kind == "winlog") return spec.substr(0, spec.find('?'));
  if (kind != "kafka") return spec;
  auto parts = base::Spec::parse(spec);
  if (!parts) return spec;
  const std::size_t slash = parts->target.find('/');
  return "kafka:" + (slash == std::string::npos ? parts->target : parts->target.substr(slash + 1)) + "?group=" + parts->text("group", "");
}

}  // namespace escudo::sources
