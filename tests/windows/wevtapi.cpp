// A wevtapi.dll for tests: the six functions that Escudo's Windows source calls, over files instead of
// the event service. %WEVTFAKE_DIR%\CHANNEL.log ('/' in a channel's name is '-') is a channel:
//   <Event …            an event, one a line; a last line without its end is waited for
//   !error N            as the first line: EvtSubscribe fails with N
//   !next N             EvtNext fails once with N when it gets here
// A file that is shorter than what was read of it is a log that was cleared. No file, no channel: 15007.
// Every handle is a Handle; a subscription is followed by a thread that sets the signal when its file grows.

#include <windows.h>
// Needs windows.h before it.
#include <winevt.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

namespace {

struct Handle {
  enum Kind { subscription, event, bookmark } kind;
  std::string text;  // of an event its XML, of a bookmark its channel
  unsigned long long id = 0;
  std::string path;
  std::streamoff at = 0;
  HANDLE signal = nullptr;
  std::atomic<bool> stop{false};
  std::thread watcher;
  explicit Handle(Kind k) : kind(k) {}
};

std::string narrow(const wchar_t* text) {
  if (!text) return {};
  const int size = WideCharToMultiByte(CP_UTF8, 0, text, -1, nullptr, 0, nullptr, nullptr);
  std::string out(static_cast<std::size_t>(size), '\0');
  WideCharToMultiByte(CP_UTF8, 0, text, -1, out.data(), size, nullptr, nullptr);
  out.pop_back();
  return out;
}

std::string file_of(std::string channel) {
  for (char& c : channel) c = c == '/' ? '-' : c;
  const char* folder = std::getenv("WEVTFAKE_DIR");
  return std::string(folder ? folder : ".") + "\\" + channel + ".log";
}

long long size_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  return in ? static_cast<long long>(in.tellg()) : -1;
}

std::string between(const std::string& text, const std::string& open, char close) {
  const std::size_t at = text.find(open);
  if (at == std::string::npos) return {};
  return text.substr(at + open.size(), text.find(close, at + open.size()) - at - open.size());
}

unsigned long long id_of(const std::string& xml) {
  return std::strtoull(between(xml, "<EventRecordID>", '<').c_str(), nullptr, 10);
}

// The next whole line from h.at on; moves behind it.
bool next_line(Handle& h, std::string& line) {
  if (size_of(h.path) < h.at) h.at = 0;
  std::ifstream in(h.path, std::ios::binary);
  in.seekg(h.at);
  if (!std::getline(in, line) || in.eof()) return false;
  h.at += static_cast<std::streamoff>(line.size()) + 1;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return true;
}

EVT_HANDLE fail(DWORD error) {
  SetLastError(error);
  return nullptr;
}

}  // namespace

extern "C" {

__declspec(dllexport) EVT_HANDLE WINAPI EvtCreateBookmark(LPCWSTR xml) {
  auto h = std::make_unique<Handle>(Handle::bookmark);
  const std::string text = narrow(xml);
  if (xml && text.find("<Bookmark ") == std::string::npos) return fail(ERROR_INVALID_PARAMETER);
  h->text = between(text, "Channel='", '\'');
  h->id = std::strtoull(between(text, "RecordId='", '\'').c_str(), nullptr, 10);
  return h.release();
}

__declspec(dllexport) BOOL WINAPI EvtUpdateBookmark(EVT_HANDLE bookmark, EVT_HANDLE event) {
  auto* b = static_cast<Handle*>(bookmark);
  auto* e = static_cast<Handle*>(event);
  b->text = between(e->text, "<Channel>", '<');
  b->id = id_of(e->text);
  return TRUE;
}

__declspec(dllexport) BOOL WINAPI EvtClose(EVT_HANDLE object) {
  auto* h = static_cast<Handle*>(object);
  h->stop = true;
  if (h->watcher.joinable()) h->watcher.join();
  delete h;
  return TRUE;
}

__declspec(dllexport) EVT_HANDLE WINAPI EvtSubscribe(EVT_HANDLE, HANDLE signal, LPCWSTR channel, LPCWSTR, EVT_HANDLE bookmark,
                                                     PVOID, EVT_SUBSCRIBE_CALLBACK, DWORD flags) {
  auto h = std::make_unique<Handle>(Handle::subscription);
  h->path = file_of(narrow(channel));
  h->signal = signal;
  if (size_of(h->path) < 0) return fail(15007);
  std::string line;
  if (next_line(*h, line) && line.rfind("!error ", 0) == 0) return fail(static_cast<DWORD>(std::atoi(line.c_str() + 7)));
  h->at = 0;
  const DWORD origin = flags & EvtSubscribeOriginMask;
  if (origin == EvtSubscribeToFutureEvents) h->at = size_of(h->path);
  if (origin == EvtSubscribeStartAfterBookmark) {
    const unsigned long long id = static_cast<Handle*>(bookmark)->id;
    bool found = false;
    while (!found && next_line(*h, line)) found = id_of(line) == id;
    if (!found && (flags & EvtSubscribeStrict)) return fail(ERROR_NOT_FOUND);
    if (!found) h->at = 0;
  }
  h->watcher = std::thread([handle = h.get()] {
    long long last = handle->at;
    while (!handle->stop) {
      const long long size = size_of(handle->path);
      if (size != last) SetEvent(handle->signal);
      last = size;
      Sleep(10);
    }
  });
  return h.release();
}

__declspec(dllexport) BOOL WINAPI EvtNext(EVT_HANDLE set, DWORD size, EVT_HANDLE* events, DWORD, DWORD, PDWORD returned) {
  auto* h = static_cast<Handle*>(set);
  DWORD count = 0;
  std::string line;
  while (count < size) {
    const std::streamoff before = h->at;
    if (!next_line(*h, line)) break;
    if (line.rfind("!next ", 0) == 0) {
      if (count > 0) {
        h->at = before;  // what was found first
        break;
      }
      SetLastError(static_cast<DWORD>(std::atoi(line.c_str() + 6)));
      return FALSE;
    }
    if (line.rfind("<Event", 0) != 0) continue;
    auto e = std::make_unique<Handle>(Handle::event);
    e->text = line;
    events[count++] = e.release();
  }
  *returned = count;
  if (count > 0) return TRUE;
  SetLastError(ERROR_NO_MORE_ITEMS);
  return FALSE;
}

__declspec(dllexport) BOOL WINAPI EvtRender(EVT_HANDLE, EVT_HANDLE object, DWORD flags, DWORD size, PVOID buffer, PDWORD used,
                                            PDWORD properties) {
  const auto* h = static_cast<Handle*>(object);
  std::string text = h->text;
  if (flags == EvtRenderBookmark) {
    text = "<BookmarkList>\r\n  <Bookmark Channel='" + h->text + "' RecordId='" + std::to_string(h->id) +
           "' IsCurrent='true'/>\r\n</BookmarkList>";
  }
  const int length = MultiByteToWideChar(CP_UTF8, 0, text.c_str(), -1, nullptr, 0);
  *used = static_cast<DWORD>(length) * sizeof(wchar_t);
  *properties = 0;
  if (size < *used) {
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return FALSE;
  }
  MultiByteToWideChar(CP_UTF8, 0, text.c_str(), -1, static_cast<wchar_t*>(buffer), length);
  return TRUE;
}

}  // extern "C"
