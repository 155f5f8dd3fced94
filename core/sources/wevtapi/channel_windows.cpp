// Tested by tests/windows/run, under Wine, against a wevtapi.dll of the tests.

#include "sources/wevtapi/channel.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

namespace escudo::sources {
namespace {

std::wstring wide(const std::string& utf8) {
  const int size = MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), nullptr, 0);
  std::wstring out(static_cast<std::size_t>(std::max(size, 0)), L'\0');
  MultiByteToWideChar(CP_UTF8, 0, utf8.data(), static_cast<int>(utf8.size()), out.data(), size);
  return out;
}

std::string narrow(const std::wstring& text) {
  const int size = WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0, nullptr, nullptr);
  std::string out(static_cast<std::size_t>(std::max(size, 0)), '\0');
  WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), out.data(), size, nullptr, nullptr);
  return out;
}

// "" when Windows cannot.
std::string render(EVT_HANDLE what, DWORD flags) {
  std::wstring buffer(4096, L'\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    DWORD used = 0, properties = 0;
    const auto bytes = static_cast<DWORD>(buffer.size() * sizeof(wchar_t));
    if (EvtRender(nullptr, what, flags, bytes, buffer.data(), &used, &properties)) {
      buffer.resize(used / sizeof(wchar_t));
      while (!buffer.empty() && buffer.back() == L'\0') buffer.pop_back();
      return narrow(buffer);
    }
    if (GetLastError() != ERROR_INSUFFICIENT_BUFFER) return {};
    buffer.resize(used / sizeof(wchar_t) + 1);
  }
  return {};
}

std::string_view between(std::string_view text, std::string_view open, char close) {
  const std::size_t at = text.find(open);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + open.size());
  return text.substr(0, text.find(close));
}

std::uint64_t record_id_of(std::string_view xml) {
  const std::string_view digits = between(xml, "<EventRecordID>", '<');
  std::uint64_t out = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

std::string time_of(std::string_view xml) {
  const std::string_view single = between(xml, "SystemTime='", '\'');
  return std::string(single.empty() ? between(xml, "SystemTime=\"", '"') : single);
}

std::string message_of(DWORD error) {
  return std::system_category().message(static_cast<int>(error)) + " (" + std::to_string(error) + ")";
}

}  // namespace

Channel::Channel(std::string name, const Options& options, Place place)
    : name_(std::move(name)), options_(options), place_(std::move(place)),
      signal_(CreateEventW(nullptr, TRUE, TRUE, nullptr)) {}

Channel::~Channel() {
  if (subscription_) EvtClose(subscription_);
  if (bookmark_) EvtClose(bookmark_);
}

bool Channel::try_subscribe(DWORD flags, EVT_HANDLE bookmark) {
  const std::wstring channel = wide(name_), query = wide(options_.query);
  SetLastError(ERROR_SUCCESS);
  subscription_ = EvtSubscribe(nullptr, signal_.get(), channel.c_str(), query.empty() ? nullptr : query.c_str(), bookmark,
                               nullptr, nullptr, flags);
  return subscription_ != nullptr;
}

void Channel::subscribe(std::vector<LogNotice>& notices) {
  if (open() || std::chrono::steady_clock::now() < next_try_) return;
  if (bookmark_) EvtClose(bookmark_);
  bookmark_ = EvtCreateBookmark(place_.bookmark.empty() ? nullptr : wide(place_.bookmark).c_str());
  if (!bookmark_ && !place_.bookmark.empty()) bookmark_ = EvtCreateBookmark(nullptr);  // damaged: begin anew
  bool done = false;
  if (place_.bookmark.empty()) {
    done = try_subscribe(options_.from_end ? EvtSubscribeToFutureEvents : EvtSubscribeStartAtOldestRecord, nullptr);
  } else {
    done = try_subscribe(EvtSubscribeStartAfterBookmark | EvtSubscribeStrict, bookmark_);
    const DWORD error = GetLastError();
    // No access and no channel are not the bookmark's fault.
    if (!done && error != ERROR_EVT_CHANNEL_NOT_FOUND && error != ERROR_ACCESS_DENIED) {
      done = try_subscribe(EvtSubscribeStartAtOldestRecord, nullptr);
      if (done) {
        before_ = place_;
        passing_over_ = true;
        LogNotice notice;
        notice.kind = "lost";
        notice.channel = name_;
        notice.first = notice.last = place_.record_id;
        notice.text = "record " + std::to_string(place_.record_id) + " of " + name_ +
                      ", the last one read, is gone (" + message_of(error) + "); reading goes on at the oldest record";
        notices.push_back(std::move(notice));
      }
    }
  }
  if (!done) {
    const DWORD error = GetLastError();
    give_up(error);
    absent_ = error == ERROR_EVT_CHANNEL_NOT_FOUND;
    if (absent_) trouble_ = "there is no channel " + name_ + " yet";
    return;
  }
  trouble_.clear();
  absent_ = false;
  SetEvent(signal_.get());  // look at once
}

void Channel::give_up(DWORD error) {
  if (subscription_) EvtClose(subscription_);
  subscription_ = nullptr;
  trouble_ = "cannot read channel " + name_ + ": " + message_of(error);
  next_try_ = std::chrono::steady_clock::now() + options_.retry;
}

bool Channel::seen_before(std::uint64_t id, const std::string& time) const {
  // SystemTime has a fixed width and sorts as text. A log that was cleared begins with smaller ids,
  // but later times.
  return id <= before_.record_id && time <= before_.time;
}

bool Channel::take(EVT_HANDLE event, std::vector<std::string>& events) {
  std::string xml = render(event, EvtRenderEventXml);
  if (bookmark_) EvtUpdateBookmark(bookmark_, event);
  if (xml.empty()) {
    ++damaged_;
    return false;
  }
  const std::uint64_t id = record_id_of(xml);
  std::string time = time_of(xml);
  // The place stays where it was until something new comes: a run that ends before begins the same way.
  if (passing_over_ && seen_before(id, time)) return false;
  passing_over_ = false;
  place_.record_id = id;
  place_.time = std::move(time);
  events.push_back(std::move(xml));
  return true;
}

bool Channel::read(std::vector<std::string>& events, std::size_t most) {
  if (!open()) return false;
  // Before looking: what comes while we look sets it again.
  ResetEvent(signal_.get());
  bool any = false;
  while (events.size() < most) {
    EVT_HANDLE found[64] = {};
    DWORD count = 0;
    if (!EvtNext(subscription_, batch_, found, 0, 0, &count)) {
      const DWORD error = GetLastError();
      if (error == ERROR_NO_MORE_ITEMS || error == ERROR_TIMEOUT) break;
      // So many events at once do not fit into one answer of the service.
      if (error == RPC_S_INVALID_BOUND && batch_ > 1) {
        batch_ /= 2;
        continue;
      }
      give_up(error);
      break;
    }
    for (DWORD i = 0; i < count; ++i) {
      take(found[i], events);
      EvtClose(found[i]);
    }
    any = any || count > 0;
    if (count == 0) break;
  }
  if (events.size() >= most) SetEvent(signal_.get());
  if (any && bookmark_ && !passing_over_) {
    std::string xml = render(bookmark_, EvtRenderBookmark);
    if (!xml.empty()) place_.bookmark = std::move(xml);
  }
  return any;
}

}  // namespace escudo::sources
