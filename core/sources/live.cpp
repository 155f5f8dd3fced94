// Which live sources there are.
#include "sources/live.hpp"

#include <nlohmann/json.hpp>

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
  if (kind == "journald") return open_journald(rest, position, options);
  if (kind == "kafka") return open_kafka(rest, position, options);
  if (kind == "winlog") return open_winlog(rest, position, options);
  return base::Error{"there is no source `" + base::harmless(spec) +
                     "`; --source is file:PATH, journald[:MATCH], winlog:CHANNEL or kafka:BROKERS/TOPIC?group=GROUP"};
}

namespace {
constexpr std::string_view kChannel = "winlog:";
}

std::vector<std::string> live_names(const std::string& spec) {
  const std::string kind = spec.substr(0, spec.find(':'));
  if (kind == "file") return {spec.substr(0, spec.rfind('?'))};
  if (kind != "kafka" && kind != "winlog") return {spec};
  auto parts = base::Spec::parse(spec);
  if (!parts) return {spec};
  if (kind == "kafka") {
    const std::size_t slash = parts->target.find('/');
    return {"kafka:" + (slash == std::string::npos ? parts->target : parts->target.substr(slash + 1)) +
            "?group=" + parts->text("group", "")};
  }
  std::vector<std::string> out;
  for (std::string_view channel : base::split(parts->target, ','))
    if (!channel.empty()) out.push_back(std::string(kChannel).append(channel));
  return out;
}

// The position of Windows channels is an object with a member a channel.
std::string part_of_position(const std::string& position, const std::string& name) {
  if (!name.starts_with(kChannel)) return position;
  const auto all = nlohmann::json::parse(position, nullptr, false);
  const std::string channel = name.substr(kChannel.size());
  if (!all.is_object() || !all.contains(channel)) return {};
  return nlohmann::json{{channel, all[channel]}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string joined_position(const std::vector<std::string>& parts) {
  if (parts.size() == 1) return parts.front();
  nlohmann::json out = nlohmann::json::object();
  for (const std::string& part : parts)
    if (const auto one = nlohmann::json::parse(part, nullptr, false); one.is_object()) out.update(one);
  return out.empty() ? "" : out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace escudo::sources
