#pragma once
// Channel: one subscription of one Windows event channel, with its bookmark. Windows only, private to
// sources/wevtapi. Threads: one.
//
// A subscription that has a bookmark begins behind it, strictly: should the record be gone, Windows
// says so instead of beginning somewhere near. Then it begins at the oldest record there is; what was
// delivered before is passed over by record id and time, and what is missing shows in the ids.

#include <windows.h>
// Needs windows.h before it.
#include <winevt.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "sources/live.hpp"

namespace escudo::sources {

class WinHandle {  // of CloseHandle
 public:
  explicit WinHandle(HANDLE handle = nullptr) : handle_(handle) {}
  ~WinHandle() {
    if (handle_) CloseHandle(handle_);
  }
  WinHandle(const WinHandle&) = delete;
  WinHandle& operator=(const WinHandle&) = delete;
  HANDLE get() const { return handle_; }

 private:
  HANDLE handle_;
};

class Channel {
 public:
  struct Place {
    std::string bookmark;     // XML
    std::uint64_t record_id = 0;
    std::string time;         // SystemTime as the record has it
  };
  struct Options {
    std::string query;
    bool from_end = false;
    std::chrono::seconds retry{5};
  };
  Channel(std::string name, const Options& options, Place place);
  ~Channel();

  HANDLE signal() const { return signal_.get(); }
  bool open() const { return subscription_ != nullptr; }
  // Subscribes, unless it is not yet time to try again.
  void subscribe(std::vector<LogNotice>& notices);
  // Appends up to `most` events as XML; false when there are none now.
  bool read(std::vector<std::string>& events, std::size_t most);
  // Behind what was read.
  Place place() const { return place_; }

  const std::string& name() const { return name_; }
  const std::string& trouble() const { return trouble_; }
  bool absent() const { return absent_; }   // the channel does not exist at present
  std::uint64_t damaged() const { return damaged_; }

 private:
  bool try_subscribe(DWORD flags, EVT_HANDLE bookmark);
  bool take(EVT_HANDLE event, std::vector<std::string>& events);
  bool seen_before(std::uint64_t id, const std::string& time) const;
  void give_up(DWORD error);

  const std::string name_;
  const Options options_;
  Place place_, before_;   // before_: what to pass over after a begin at the oldest record
  bool passing_over_ = false, absent_ = false;
  WinHandle signal_;
  EVT_HANDLE subscription_ = nullptr, bookmark_ = nullptr;
  std::chrono::steady_clock::time_point next_try_{};
  DWORD batch_ = 64;
  std::string trouble_;
  std::uint64_t damaged_ = 0;
};

}  // namespace escudo::sources
