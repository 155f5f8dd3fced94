// Tested by tests/unit/sources/auditd.cpp.

#include "sources/auditd/source.hpp"

#include <unordered_set>

#include "sources/auditd/record.hpp"
#include "sources/lines.hpp"

namespace escudo::sources {
namespace {

class AuditReader final : public Reader {
 public:
  explicit AuditReader(Job job)
      : Reader(job, "auditd"),
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
          record(line, batch);
          break;
        case Lines::Line::Kind::too_large:
          add_damage(++ordinal_, "is larger than " + std::to_string(options_.limits.event_bytes) +
                                     " bytes, the limit for one event (event_bytes)");
          break;
        case Lines::Line::Kind::end:
          if (!window_.failure().empty()) give_up(window_.failure());
          return false;
      }
    }
    return true;
  }

  void record(const Lines::Line& line, event::Batch& batch) {
    if (is_audit_separator(line.text)) return;
    RecordPlace place;
    place.ordinal = ++ordinal_;
    const std::string_view raw = batch.arena.copy(line.text);
    const auto header = audit_header(raw);
    if (!header) {
      add_damage(ordinal_, line.whole ? "is no audit record" : "is torn: it has no end");
      return;
    }
    draft_.start(batch);
    seen_.clear();
    if (!header->node.empty()) add("node", header->node);
    add("type", header->type);
    add("msg", header->msg);
    audit_fields(header->rest, [this](std::string_view k, std::string_view v) { add(k, v); });
    const auto done = draft_.commit(Stated{header->time, "auditd", "auditd"}, place, raw);
    if (!done) add_damage(ordinal_, done.error());
  }

  // Of a key that comes again Splunk keeps the first value.
  void add(std::string_view key, std::string_view value) {
    const bool too_many = seen_.size() > options_.limits.fields_per_event;
    if (too_many || seen_.insert(key).second) draft_.add(event::Section::event_data, key, value);
  }

  TextWindow window_;
  Lines lines_;
  Draft draft_;
  std::unordered_set<std::string_view> seen_;
  std::uint64_t ordinal_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_auditd(Job job) {
  return std::make_unique<AuditReader>(std::move(job));
}

}  // namespace escudo::sources
