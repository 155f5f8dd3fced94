#include <windows.h>

#include <atomic>
#include <mutex>

#include "signals.hpp"
#include "windows_signals.hpp"

namespace escudo::agent {
namespace {

std::mutex mutex;   // of what to call
std::function<void(bool)> on_stop;
std::function<void()> on_reload;
bool stop_asked = false;
std::atomic<bool> was_interrupted{false};

BOOL WINAPI handle(DWORD kind) {
  ask_to_stop(kind == CTRL_C_EVENT);
  // The process is ended when this returns (the console closes, the session or the machine ends): the
  // last commit comes first, and then main() ends it. Windows waits some seconds for that.
  if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT) Sleep(INFINITE);
  return TRUE;
}

}  // namespace

void ask_to_stop(bool by_user) {
  const std::lock_guard lock(mutex);
  was_interrupted = by_user;
  stop_asked = true;
  if (on_stop) on_stop(by_user);
}

void ask_to_reload() {
  const std::lock_guard lock(mutex);
  if (on_reload) on_reload();
}

struct Signals::Parts {};

Signals::Signals() = default;
// Windows knows no SIGHUP: of a service, changed parameters are told.
void Signals::watch(std::function<void(bool)> stop, std::function<void()> reload) {
  {
    const std::lock_guard lock(mutex);
    on_stop = std::move(stop);
    on_reload = std::move(reload);
    if (stop_asked) on_stop(was_interrupted);
  }
  SetConsoleCtrlHandler(handle, TRUE);
}
bool Signals::interrupted() const { return was_interrupted; }
Signals::~Signals() {
  SetConsoleCtrlHandler(handle, FALSE);
  const std::lock_guard lock(mutex);
  on_stop = nullptr;
  on_reload = nullptr;
}

}  // namespace escudo::agent
