// For builds without libcurl.
#include "sinks/live/kinds.hpp"

namespace escudo::sinks {

MadeSink make_hec(base::Spec&, const LiveSinkOptions&) { return base::Error{"this build of escudo has no HTTP Event Collector"}; }

}  // namespace escudo::sinks
