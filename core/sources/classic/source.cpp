// Tested by tests/unit/sources/classic.cpp.

#include "sources/classic/source.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "sources/classic/header.hpp"
#include "sources/classic/message.hpp"
#include "sources/lines.hpp"
#include "sources/provider.hpp"

namespace escudo::sources {
namespace {

using event::Section;

class ClassicReader final : public Reader {
 public:
  explicit ClassicReader(Job job)
      : Reader(job, "wineventlog"),
        window_(std::move(job.bytes)),
        lines_(window_, job.options.limits.event_bytes),
        draft_(job.options.limits) {}

 private:
  bool fill(event::Batch& batch) override {
    while (!full(batch)) {
      const Lines::Line line = lines_.next();
      report().bytes = window_.bytes_read();
      took(line.bytes);
      switch (line.kind) {
        case Lines::Line::Kind::text:
          take(line.text, batch);
          break;
        case Lines::Line::Kind::too_large:
          too_large_ = true;
          break;
        case Lines::Line::Kind::end:
          if (waiting_) append(waiting_line_);
          waiting_ = false;
          finish_event(batch);
          if (!window_.failure().empty()) give_up(window_.failure());
          return false;
      }
    }
    return true;
  }

  // A time belongs to what follows only when LogName= does follow: it waits for one line.
  void take(std::string_view line, event::Batch& batch) {
    if (is_log_name(line) && (waiting_ || !timed_)) {
      finish_event(batch);
      if (waiting_) {
        time_ = classic_time(waiting_line_);
        text_ = waiting_line_ + "\n";
      } else {
        time_.reset();
      }
      waiting_ = false;
      begun_ = true;
      append(line);
      return;
    }
    if (waiting_) {
      waiting_ = false;
      append(waiting_line_);
    }
    if (classic_time(line)) {
      if (!begun_) timed_ = true;
      waiting_ = true;
      waiting_line_ = line;
      return;
    }
    append(line);
  }

  void append(std::string_view line) {
    if (text_.size() + line.size() > options_.limits.event_bytes) {
      too_large_ = true;
      return;
    }
    text_ += line;
    text_ += '\n';
  }

  void finish_event(event::Batch& batch) {
    const std::string_view text = base::trim(text_);
    if (too_large_) {
      add_damage(++ordinal_, "is larger than " + std::to_string(options_.limits.event_bytes) +
                                 " bytes, the limit for one event (event_bytes)");
    } else if (begun_) {
      decode(batch.arena.copy(text), batch);
    } else if (!text.empty()) {
      add_damage(++ordinal_, "is torn: its beginning is missing");
    }
    text_.clear();
    too_large_ = false;
    begun_ = false;
  }

  void decode(std::string_view raw, event::Batch& batch) {
    RecordPlace place;
    place.ordinal = ++ordinal_;
    draft_.start(batch);
    source_name_ = {};
    std::string_view rest = raw, message;
    bool has_message = false;
    while (!rest.empty() && !has_message) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      std::string_view line = rest.substr(0, end);
      const std::size_t equals = line.find('=');
      if (line.starts_with("Message=")) {
        message = rest.substr(8);
        has_message = true;
      } else if (equals != std::string_view::npos) {
        header(line.substr(0, equals), base::trim(line.substr(equals + 1)));
      }
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (draft_.event_id() < 0) {
      add_damage(ordinal_, "is torn: it has no EventCode");
      return;
    }
    name_provider();
    if (time_) {
      draft_.add(Section::system, "SystemTime", batch.arena.copy(base::format_utc_micros(*time_)));
    }
    if (has_message) {
      if (!message.empty()) draft_.add(Section::rendering, "Message", message);
      for (const MessageField& field : messages_.read(message, is_sysmon())) {
        draft_.add(field.of_xml ? Section::event_data : Section::rendering, field.name,
                   field.value);
      }
    }
    const auto done = draft_.commit(Stated{time_, {}, {}}, place, raw);
    if (!done) add_damage(ordinal_, done.error());
  }

  bool is_sysmon() const { return base::icontains(draft_.value(Role::channel), "Sysmon"); }

  // SourceName is the provider's name as it is shown, which the channel often knows better.
  void name_provider() {
    std::string_view name = provider_of_channel(draft_.value(Role::channel), draft_.event_id());
    if (name.empty()) name = source_name_;
    if (!name.empty()) draft_.add(Section::system, "Name", name);
  }

  // Each line under its own name, and under the one that System has for it.
  void header(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    if (name == "SourceName") source_name_ = value;
    if (name == "Keywords") {
      draft_.add(Section::system, name, value);
      return;
    }
    draft_.add(Section::rendering, name, value);
    constexpr std::pair<std::string_view, std::string_view> same[] = {
        {"LogName", "Channel"},
        {"EventCode", "EventID"},
        {"ComputerName", "Computer"},
        {"RecordNumber", "EventRecordID"},
        {"Sid", "UserID"}};
    for (const auto& [classic, system] : same) {
      if (classic == name) draft_.add(Section::system, system, value);
    }
  }

  TextWindow window_;
  Lines lines_;
  Draft draft_;
  MessageReader messages_;
  std::string text_;  // of the event so far
  std::optional<base::Time> time_;
  std::string waiting_line_;
  std::string_view source_name_;
  bool waiting_ = false;
  bool timed_ = false;  // events of this log begin with their time
  bool begun_ = false;
  bool too_large_ = false;
  std::uint64_t ordinal_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_classic(Job job) {
  return std::make_unique<ClassicReader>(std::move(job));
}

}  // namespace escudo::sources
