#include "sources/wevtapi/source.hpp"

namespace escudo::sources {

base::Result<std::unique_ptr<LiveSource>> open_winlog(const std::string&, const std::string&, const LiveOptions&) {
  return base::Error{"only Windows has event channels"};
}

}  // namespace escudo::sources
