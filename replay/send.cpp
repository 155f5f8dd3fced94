// Tested by tests/replay/send.cpp and tests/replay/command/send.
#include "replay/send.hpp"

#include <algorithm>
#include <thread>

#include "replay/shift_time.hpp"
#include "sinks/event_writer.hpp"

namespace escudo::replay {
namespace {

struct Item {
  base::Time time{};
  bool has_time = false;
  std::size_t input = 0;
  std::string raw;
};

class Sender {
 public:
  Sender(const std::vector<SendInput>& inputs, Destination& destination, const SendOptions& options,
         const SendHooks& hooks)
      : inputs_(inputs), destination_(destination), options_(options), hooks_(hooks) {}

  SendReport run() {
    for (std::size_t k = 0; k < inputs_.size() && !stopped(); ++k) read(k);
    report_.events = items_.size();
    std::ranges::stable_sort(items_, {}, &Item::time);
    if (!items_.empty() && !stopped()) send_all();
    report_.sent = taken_ - destination_.held();
    for (std::size_t k = 0; k < report_.sent; ++k) report_.bytes += items_[k].raw.size();
    report_.interrupted = stopped() && report_.sent < report_.events;
    return std::move(report_);
  }

 private:
  bool stopped() const { return hooks_.stop && hooks_.stop->load(); }

  void read(std::size_t k) {
    const SendInput& input = inputs_[k];
    sources::OpenOptions open = options_.open;
    open.source = input.names.source;
    open.sourcetype = input.names.sourcetype;
    if (!input.names.host.empty()) open.host = input.names.host;
    auto source = sources::open(input.path, open);
    event::Batch batch;
    const std::size_t first = items_.size();
    while (!stopped() && source->next(batch)) {
      for (const event::Event& event : batch.events) {
        Item item;
        item.has_time = event.has_time;
        // An event without a time goes with the one before it.
        item.time = event.has_time          ? event.time
                    : items_.size() > first ? items_.back().time
                                            : base::Time{};
        item.input = k;
        item.raw = event.raw.empty() ? sinks::attack_data_text(event) : std::string(event.raw);
        total_bytes_ += item.raw.size();
        items_.push_back(std::move(item));
      }
    }
    give_first_time(first);
    for (const sources::FileReport& report : source->reports()) {
      report_.damaged += report.damaged;
      if (report.state == sources::FileReport::State::not_a_log) {
        report_.problems.push_back(input.name + ": is in no format Escudo knows");
      } else if (report.state != sources::FileReport::State::read || report.damaged > 0) {
        report_.problems.push_back(
            input.name + ": " +
            (report.reasons.empty() ? "could not be read whole" : report.reasons.front()));
      }
    }
  }

  // Those before the first that has a time go with that one.
  void give_first_time(std::size_t first) {
    const auto at = std::find_if(items_.begin() + static_cast<std::ptrdiff_t>(first), items_.end(),
                                 [](const Item& i) { return i.has_time; });
    if (at == items_.end()) return;
    for (auto it = items_.begin() + static_cast<std::ptrdiff_t>(first); it != at; ++it)
      it->time = at->time;
  }

  void send_all() {
    using Steady = std::chrono::steady_clock;
    const base::Time first = items_.front().time, last = items_.back().time;
    const auto offset = [&](base::Time t) {
      return options_.speed > 0 ? std::chrono::duration<double, std::micro>(
                                      static_cast<double>((t - first).count()) / options_.speed)
                                : std::chrono::duration<double, std::micro>(0);
    };
    base::Duration shift = options_.shift.value_or(base::Duration(0));
    if (options_.to_now) {
      const base::Time now = hooks_.now();
      // Distances stay. Nothing lies in the future when it is sent: the last event is of the moment
      // it goes out; slower than life, the first one is.
      shift = options_.speed > 0 && options_.speed < 1
                  ? now - first
                  : now + std::chrono::duration_cast<base::Duration>(offset(last)) - last;
    }
    if (hooks_.tell) {
      const double seconds = offset(last).count() / 1e6;
      hooks_.tell(
          std::to_string(items_.size()) + " events of " + base::format_utc(first) + " to " +
          base::format_utc(last) +
          (shift.count() != 0 ? ", sent as " + base::format_utc(first + shift) + " to " +
                                    base::format_utc(last + shift)
                              : "") +
          (options_.speed > 0
               ? ", in " + std::to_string(static_cast<std::int64_t>(seconds + 0.5)) + " seconds"
               : ""));
    }
    const auto begin = Steady::now();
    for (Item& item : items_) {
      const auto due = begin + std::chrono::duration_cast<Steady::duration>(offset(item.time));
      if (Steady::now() < due) {
        // Nothing is held back while nothing is to be sent.
        if (due - Steady::now() > std::chrono::milliseconds(50) && !flush()) return;
        while (Steady::now() < due && !stopped()) {
          std::this_thread::sleep_for(
              std::min<Steady::duration>(due - Steady::now(), std::chrono::milliseconds(50)));
        }
      }
      if (stopped()) break;
      if (shift.count() != 0) item.raw = shift_times(item.raw, item.time, shift);
      if (auto done = destination_.send(inputs_[item.input].names, item.raw); !done) {
        report_.failure = done.error();
        return;
      }
      ++taken_;
      taken_bytes_ += item.raw.size();
      if (hooks_.progress) hooks_.progress(taken_bytes_, total_bytes_);
    }
    flush();
  }

  bool flush() {
    auto done = destination_.flush();
    if (!done) report_.failure = done.error();
    return done.ok();
  }

  const std::vector<SendInput>& inputs_;
  Destination& destination_;
  const SendOptions& options_;
  const SendHooks& hooks_;
  std::vector<Item> items_;
  std::uint64_t total_bytes_ = 0;
  std::uint64_t taken_ = 0, taken_bytes_ = 0;
  SendReport report_;
};

}  // namespace

SendReport send(const std::vector<SendInput>& inputs, Destination& destination,
                const SendOptions& options, const SendHooks& hooks) {
  return Sender(inputs, destination, options, hooks).run();
}

}  // namespace escudo::replay
