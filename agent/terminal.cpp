#include "terminal.hpp"

#include <csignal>
#include <cstdlib>

namespace escudo::agent {
namespace {
std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);   // a signal handler may touch it
extern "C" void on_interrupt(int) {
  if (interrupted.exchange(true)) std::_Exit(130);
}
}  // namespace

bool wants_color(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal(descriptor) && !(no_color && *no_color);
}

const std::atomic<bool>& watch_interrupt() {
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGTERM, on_interrupt);
  return interrupted;
}

}  // namespace escudo::agent
