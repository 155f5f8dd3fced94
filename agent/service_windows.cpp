// Tested by tests/windows/run under Wine.
#include <windows.h>

#include <cstdio>
#include <mutex>

#include "commands.hpp"
#include "messages.hpp"
#include "service.hpp"
#include "windows_signals.hpp"

namespace escudo::agent {
namespace {

constexpr DWORD kControls = SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE;
// How long a stop may take: sinks have some seconds for what was found last.
constexpr DWORD kStopMillis = 20'000;

struct Service {
  std::vector<std::string> words;
  int (*command)(const std::vector<std::string>&) = nullptr;
  std::mutex mutex;
  SERVICE_STATUS_HANDLE handle = nullptr;
  bool ended = false;

  void tell(DWORD state, int code = 0) {
    const std::lock_guard lock(mutex);
    if (ended) return;
    ended = state == SERVICE_STOPPED;
    SERVICE_STATUS status = {};
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    if (state == SERVICE_RUNNING) status.dwControlsAccepted = kControls;
    if (state == SERVICE_STOP_PENDING) status.dwWaitHint = kStopMillis;
    if (code != 0) status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
    status.dwServiceSpecificExitCode = static_cast<DWORD>(code);
    SetServiceStatus(handle, &status);
  }
};

Service* service = nullptr;   // of the process: its main function is given nothing of ours

DWORD WINAPI control(DWORD what, DWORD, LPVOID, LPVOID) {
  switch (what) {
    case SERVICE_CONTROL_STOP:
    case SERVICE_CONTROL_SHUTDOWN:
      service->tell(SERVICE_STOP_PENDING);
      ask_to_stop(false);
      return NO_ERROR;
    case SERVICE_CONTROL_PARAMCHANGE:
      ask_to_reload();
      return NO_ERROR;
    case SERVICE_CONTROL_INTERROGATE:
      return NO_ERROR;
    default:
      return ERROR_CALL_NOT_IMPLEMENTED;
  }
}

void WINAPI service_main(DWORD, LPWSTR*) {
  wchar_t name[] = L"";   // ignored: the process has one service
  service->handle = RegisterServiceCtrlHandlerExW(name, control, nullptr);
  if (!service->handle) return;
  service->tell(SERVICE_RUNNING);
  const int code = service->command(service->words);
  std::fflush(nullptr);
  service->tell(SERVICE_STOPPED, code);
}

std::wstring wide(const std::string& utf8) {
  const int size = MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), nullptr, 0);
  std::wstring out(static_cast<std::size_t>(size), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), out.data(), size);
  return out;
}

}  // namespace

int run_as_service(std::vector<std::string> words, int (*command)(const std::vector<std::string>& words)) {
  if (words.size() > 1 && words[0] == "--log") {
    std::FILE* log = _wfopen(wide(words[1]).c_str(), L"a");
    if (!log) return usage_error("cannot write to " + words[1]);
    std::setvbuf(log, nullptr, _IONBF, 0);
    send_messages_to(log);
    words.erase(words.begin(), words.begin() + 2);
  }
  Service own;
  own.words = std::move(words);
  own.command = command;
  service = &own;
  wchar_t name[] = L"";
  const SERVICE_TABLE_ENTRYW table[] = {{name, service_main}, {nullptr, nullptr}};
  if (StartServiceCtrlDispatcherW(table)) return kDone;
  send_messages_to(nullptr);   // whoever called reads them
  return usage_error("`service` is for the service control manager, which did not start this process; docs/windows.md tells how it does");
}

}  // namespace escudo::agent
