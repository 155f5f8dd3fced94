#include "event_mix.hpp"

#include <algorithm>
#include <string>

#include "bench/kinds.hpp"
#include "bench/values.hpp"

namespace escudo::bench {
namespace {

constexpr std::size_t events_a_batch = 512;
constexpr std::uint64_t ticks_to_1970 = 116'444'736'000'000'000;

constexpr std::string_view computers[] = {"WKS0117.corp.example", "DC01.corp.example",
                                          "FILES02.corp.example"};
constexpr const char* system_columns[] = {
    "Name",     "Guid",       "EventID",       "Version",   "Level",    "Task",    "Opcode",
    "Keywords", "SystemTime", "EventRecordID", "ProcessID", "ThreadID", "Channel", "Computer"};

struct Kind {
  const writer::BenchKind* data;
  const writer::BenchProvider* provider;
  const event::Schema* schema;
  std::vector<const writer::ValueSource::Generator*> make;
};

bool belongs(const writer::BenchKind& kind) {
  const std::string_view provider = writer::bench_providers()[kind.provider].name;
  if (provider == "Microsoft-Windows-Security-Auditing") return true;
  if (provider == "Microsoft-Windows-PowerShell") return kind.event_id == 4104;
  if (provider != "Microsoft-Windows-Sysmon") return false;
  constexpr std::uint16_t ids[] = {1, 3, 7, 10, 11, 13};
  return std::find(std::begin(ids), std::end(ids), kind.event_id) != std::end(ids);
}

Kind make_kind(const writer::BenchKind& data, const writer::ValueSource& values) {
  Kind out{&data, &writer::bench_providers()[data.provider], nullptr, {}};
  std::vector<event::Column> columns;
  for (const char* name : system_columns) {
    const event::FieldId field = event::intern(name);
    columns.push_back({field, field, event::Section::system});
  }
  const std::string_view list = data.fields;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(' ', at), list.size());
    const std::string_view item = list.substr(at, end - at);
    const std::size_t equals = item.find('=');
    const event::FieldId field = event::intern(item.substr(0, equals));
    columns.push_back({field, field, event::Section::event_data});
    out.make.push_back(&values.generator(item.substr(equals + 1)));
    at = end + 1;
  }
  out.schema = event::intern_schema(columns);
  return out;
}

std::string hex(std::uint64_t n) {
  std::string out;
  for (; n; n >>= 4) out.insert(out.begin(), "0123456789abcdef"[n & 15]);
  return "0x" + (out.empty() ? "0" : out);
}

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : values_(seed), random_(values_.random()) {
    const auto all = writer::bench_kinds();
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (!belongs(all[k])) continue;
      if (k == writer::sysmon_1 || k == writer::security_4688) creations_.push_back(kinds_.size());
      for (int i = 0; i < all[k].weight; ++i) draw_.push_back(kinds_.size());
      kinds_.push_back(make_kind(all[k], values_));
    }
  }

  EventMix make(std::uint64_t count) {
    EventMix out;
    auto origin = std::make_shared<event::Origin>();
    origin->path = "generated";
    while (out.events < count) {
      event::Batch& batch = out.batches.emplace_back();
      batch.origin = origin;
      while (batch.events.size() < events_a_batch && out.events < count) add(batch, out);
    }
    return out;
  }

 private:
  void add(event::Batch& batch, EventMix& out) {
    ++out.events;
    time_ += random_.below(2'000'000);
    const bool creation = random_.one_in(20);
    if (creation) ++out.process_creations;
    const Kind& kind = kinds_[creation ? creations_[random_.below(creations_.size())]
                                       : draw_[random_.below(draw_.size())]];
    event::Event event;
    event.schema = kind.schema;
    event.time = base::Time(base::Time::duration((time_ - ticks_to_1970) / 10));
    event.has_time = true;
    event.event_id = kind.data->event_id;
    event.record_id = 1'000'000 + out.events;
    event.ordinal = out.events;
    event.channel = kind.provider->channel;
    event.provider = kind.provider->name;
    auto values = batch.arena.array<std::string_view>(kind.schema->columns().size());
    std::size_t at = 0;
    const auto put = [&](std::string_view text) {
      out.text_bytes += text.size();
      values[at++] = batch.arena.copy(text);
    };
    put(event.provider);
    put(kind.provider->guid);
    put(std::to_string(event.event_id));
    put(std::to_string(kind.data->version));
    put(std::to_string(kind.data->level));
    put(std::to_string(kind.data->task));
    put("0");
    put(hex(kind.provider->keywords));
    put((*utc_)(time_).text());
    put(std::to_string(event.record_id));
    put(std::to_string(600 + 4 * random_.below(900)));
    put(std::to_string(600 + 4 * random_.below(2000)));
    put(event.channel);
    put(computers[random_.below(std::size(computers))]);
    for (const auto* make : kind.make) put((*make)(time_).text());
    event.values = values;
    batch.events.push_back(event);
  }

  writer::ValueSource values_;
  writer::Random& random_;
  const writer::ValueSource::Generator* utc_ = &values_.generator("utc");
  std::vector<Kind> kinds_;
  std::vector<std::size_t> draw_, creations_;
  std::uint64_t time_ = 133'594'596'000'000'000;   // 2024-05-06T07:00:00Z
};

}  // namespace

EventMix make_events(std::uint64_t count, std::uint64_t seed) { return Maker(seed).make(count); }

}  // namespace escudo::bench
