#include "commands.hpp"
#include "service.hpp"

namespace escudo::agent {

// systemd needs nothing of the program: packaging/escudo-tail.service.
int run_as_service(std::vector<std::string>, int (*)(const std::vector<std::string>&)) {
  return usage_error("`service` is for the service control manager of Windows; elsewhere a service runs `escudo tail`");
}

}  // namespace escudo::agent
