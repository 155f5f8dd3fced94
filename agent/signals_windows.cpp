#include <windows.h>

#include <atomic>

#include "signals.hpp"

namespace escudo::agent {
namespace {

std::function<void(bool)> on_stop;
std::atomic<bool> was_interrupted{false};

BOOL WINAPI handle(DWORD kind) {
  was_interrupted = kind == CTRL_C_EVENT;
  if (on_stop) on_stop(kind == CTRL_C_EVENT);
  // The process is ended when this returns (the console closes, the session or the machine ends): the
  // last commit comes first, and then main() ends it. Windows waits some seconds for that.
  if (kind != CTRL_C_EVENT && kind != CTRL_BREAK_EVENT) Sleep(INFINITE);
  return TRUE;
}

}  // namespace

struct Signals::Parts {};

Signals::Signals() = default;
// Windows knows no SIGHUP: a service is restarted.
void Signals::watch(std::function<void(bool)> stop, std::function<void()>) {
  on_stop = std::move(stop);
  SetConsoleCtrlHandler(handle, TRUE);
}
bool Signals::interrupted() const { return was_interrupted; }
Signals::~Signals() {
  SetConsoleCtrlHandler(handle, FALSE);
  on_stop = nullptr;
}

}  // namespace escudo::agent
