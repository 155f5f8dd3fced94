#include "replay/send.hpp"

namespace escudo::replay {

base::Result<std::unique_ptr<Destination>> journal_destination(const std::string&) {
  return base::Error{"Windows has no systemd journal"};
}

}  // namespace escudo::replay
