#include "sources/journald/source.hpp"

namespace escudo::sources {

base::Result<std::unique_ptr<LiveSource>> open_journald(const std::string&, const std::string&, const LiveOptions&) {
  return base::Error{"Windows has no journald"};
}

}  // namespace escudo::sources
