// For builds without librdkafka.
#include "sources/kafka/source.hpp"

namespace escudo::sources {

base::Result<std::unique_ptr<LiveSource>> open_kafka(const std::string&, const std::string&, const LiveOptions&) {
  return base::Error{"this build of escudo has no Kafka"};
}

}  // namespace escudo::sources
