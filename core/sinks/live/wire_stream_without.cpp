// For builds without libcurl: neither TCP nor TLS.
#include "sinks/live/wire.hpp"

namespace escudo::sinks {

std::unique_ptr<Wire> stream_wire(const std::string&, const std::string&, bool, const TlsFiles&) { return nullptr; }

}  // namespace escudo::sinks
