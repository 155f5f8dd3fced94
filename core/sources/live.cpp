// Which live sources there are.
#include "sources/live.hpp"

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

}  // namespace escudo::sources
