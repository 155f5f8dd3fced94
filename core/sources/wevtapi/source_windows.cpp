// Tested by tests/windows/run, under Wine, against a wevtapi.dll of the tests.

#include "sources/wevtapi/source.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/spec.hpp"
#include "sources/messages.hpp"
#include "sources/wevtapi/channel.hpp"

namespace escudo::sources {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::size_t block_events = 1000;
// A subscription's signal has been known to stay away; so often the channels are asked anyway.
constexpr milliseconds ask_anyway{1000};

class Winlog final : public LiveSource {
 public:
  Winlog(std::string name, bool numbered, const LiveOptions& options)
      : numbered_(numbered), once_(options.once), messages_(std::move(name), options.open),
        stop_event_(CreateEventW(nullptr, TRUE, FALSE, nullptr)) {}

  void add(const std::string& channel, const Channel::Options& options, Channel::Place place) {
    channels_.emplace_back(channel, options, std::move(place));
  }

  Got poll(event::Batch& batch, milliseconds wait) override {
    batch.clear();
    const auto until = Steady::now() + wait;
    for (;;) {
      if (messages_.next(batch)) {
        const std::scoped_lock lock(mutex_);
        report_.events += batch.events.size();
        return Got::events;
      }
      if (stopped_) return Got::nothing;
      if (read_block()) continue;
      if (once_) return Got::ended;
      const auto now = Steady::now();
      if (now >= until) return Got::nothing;
      wait_for_signal(std::min(ask_anyway, std::chrono::ceil<milliseconds>(until - now)));
    }
  }

  std::optional<std::string> position() const override {
    if (!messages_.drained()) return {};
    nlohmann::json out = nlohmann::json::object();
    for (const Channel& channel : channels_) {
      const Channel::Place place = channel.place();
      if (place.bookmark.empty()) continue;
      out[channel.name()] = {{"bookmark", place.bookmark}, {"record", place.record_id}, {"time", place.time}};
    }
    return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }

  bool numbers_records() const override { return numbered_; }
  std::vector<LogNotice> take_notices() override { return std::exchange(notices_, {}); }
  LiveReport report() const override {
    const std::scoped_lock lock(mutex_);
    return report_;
  }
  void stop() override {
    stopped_ = true;
    SetEvent(stop_event_.get());
  }

 private:
  bool read_block() {
    std::vector<std::string> events;
    std::uint64_t damaged = 0;
    std::string trouble;
    bool absent = true;
    // In turn, so that a busy channel does not starve the others.
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      Channel& channel = channels_[(first_ + i) % channels_.size()];
      channel.subscribe(notices_);
      channel.read(events, block_events);
      damaged += channel.damaged();
      if (trouble.empty()) trouble = channel.trouble();
      absent = absent && channel.absent();
    }
    first_ = (first_ + 1) % channels_.size();
    std::size_t bytes = 0;
    for (const std::string& each : events) bytes += each.size();
    const bool any = !events.empty();
    if (any) messages_.take(std::move(events));
    const std::scoped_lock lock(mutex_);
    report_.bytes += bytes;
    report_.damaged = damaged + messages_.damaged();
    report_.trouble = std::move(trouble);
    report_.absent = absent;
    return any;
  }

  void wait_for_signal(milliseconds wait) const {
    std::vector<HANDLE> handles = {stop_event_.get()};
    for (const Channel& channel : channels_) {
      if (channel.open() && handles.size() < MAXIMUM_WAIT_OBJECTS) handles.push_back(channel.signal());
    }
    WaitForMultipleObjects(static_cast<DWORD>(handles.size()), handles.data(), FALSE, static_cast<DWORD>(wait.count()));
  }

  const bool numbered_, once_;
  std::deque<Channel> channels_;
  std::size_t first_ = 0;
  Messages messages_;
  std::vector<LogNotice> notices_;
  WinHandle stop_event_;
  std::atomic<bool> stopped_ = false;
  mutable std::mutex mutex_;
  LiveReport report_;
};

// False when it is damaged.
bool read_place(const nlohmann::json& json, Channel::Place& out) {
  if (!json.is_object() || !json.contains("bookmark") || !json.contains("record") || !json.contains("time")) return false;
  if (!json["bookmark"].is_string() || !json["record"].is_number_unsigned() || !json["time"].is_string()) return false;
  out = {json["bookmark"].get<std::string>(), json["record"].get<std::uint64_t>(), json["time"].get<std::string>()};
  return true;
}

}  // namespace

base::Result<std::unique_ptr<LiveSource>> open_winlog(const std::string& rest, const std::string& position,
                                                      const LiveOptions& live) {
  auto spec = base::Spec::parse("winlog:" + rest);
  if (!spec) return base::Error{spec.error()};
  Channel::Options options;
  options.query = spec->text("query", "");
  const std::string start = spec->text("start", "begin");
  auto retry = spec->number("retry", 5, 1, 3600);
  if (!retry) return base::Error{retry.error()};
  if (auto known = spec->all_known(); !known) return base::Error{known.error()};
  if (start != "begin" && start != "end") return base::Error{"start is begin or end, not \"" + start + "\""};
  options.from_end = start == "end";
  options.retry = std::chrono::seconds(*retry);
  const auto places = position.empty() ? nlohmann::json::object() : nlohmann::json::parse(position, nullptr, false);
  if (!places.is_object()) return base::Error{"the position kept for winlog:" + spec->target + " is damaged"};
  // With a query, and among events forwarded from elsewhere, ids have gaps that mean nothing.
  const bool numbered = options.query.empty() && spec->target.find("ForwardedEvents") == std::string::npos;
  auto source = std::make_unique<Winlog>("winlog:" + spec->target, numbered, live);
  std::string_view names = spec->target;
  std::size_t count = 0;
  while (!names.empty()) {
    const std::string name(names.substr(0, names.find(',')));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    if (name.empty()) continue;
    Channel::Place place;
    if (places.contains(name) && !read_place(places[name], place)) {
      return base::Error{"the position kept for channel " + name + " is damaged"};
    }
    source->add(name, options, std::move(place));
    ++count;
  }
  if (count == 0) return base::Error{"it wants winlog:CHANNEL[,CHANNEL]"};
  if (count >= MAXIMUM_WAIT_OBJECTS) return base::Error{"at most 63 channels a source; name the others in a second --source"};
  return std::unique_ptr<LiveSource>(std::move(source));
}

}  // namespace escudo::sources
