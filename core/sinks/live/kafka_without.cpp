// For builds without librdkafka.
#include "sinks/live/kinds.hpp"

namespace escudo::sinks {

MadeSink make_kafka(base::Spec&, const LiveSinkOptions&) { return base::Error{"this build of escudo has no Kafka"}; }

}  // namespace escudo::sinks
