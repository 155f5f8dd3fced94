// What a tail says of itself: Prometheus text and JSON.
#include "base/files.hpp"
#include "base/json.hpp"
#include "runtime/state_lock.hpp"
#include "runtime/tail.hpp"
#include "store/store.hpp"

namespace escudo::runtime {
namespace {

std::string label(const std::string& name, const std::string& value) {
  std::string out = name + "=\"";
  for (char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') out += "\\n";
    else out += c;
  }
  return out + "\"";
}

class Metrics {
 public:
  void family(const std::string& name, const std::string& kind, const std::string& help) {
    name_ = "escudo_" + name;
    out_ += "# HELP " + name_ + " " + help + "\n# TYPE " + name_ + " " + kind + "\n";
  }
  void value(double v, const std::string& labels = {}) {
    out_ += name_ + (labels.empty() ? "" : "{" + labels + "}") + " " + base::number_text(v) + "\n";
  }
  void one(const std::string& name, const std::string& kind, const std::string& help, double v) {
    family(name, kind, help);
    value(v);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string name_, out_;
};

double d(std::uint64_t n) { return static_cast<double>(n); }

}  // namespace

bool TailStatus::healthy() const {
  if (!trouble.empty()) return false;
  for (const SourceStatus& s : sources)
    if (!s.report.trouble.empty()) return false;
  for (const sinks::SinkReport& s : sinks)
    if (!s.trouble.empty()) return false;
  return true;
}

std::string prometheus_text(const TailStatus& s) {
  Metrics m;
  m.one("healthy", "gauge", "1 when every source is read and every sink takes findings", s.healthy() ? 1 : 0);
  m.one("events_total", "counter", "Events read", d(s.events));
  m.one("damaged_total", "counter", "Records that could not be read", d(s.damaged));
  m.one("matches_total", "counter", "Rows that detections wanted", d(s.counts.matches));
  m.one("findings_total", "counter", "Findings told for the first time", d(s.counts.findings));
  m.one("revisions_total", "counter", "Later revisions of findings", d(s.counts.revisions));
  m.one("drops_total", "counter", "Findings dropped: always 0, a full spool stops reading", 0);
  m.one("late_total", "counter", "Rows that came after their windows were searched", d(s.counts.late));
  m.one("future_total", "counter", "Batches with events from the future, which do not move time on", d(s.future));
  m.one("groups_forgotten_total", "counter", "Groups of monotone searches that were kept long enough", d(s.counts.forgotten));
  m.one("throttled_total", "counter", "Findings held back by throttling", d(s.counts.throttled));
  m.one("windows_total", "counter", "Windows searched", d(s.counts.windows));
  m.one("groups", "gauge", "Groups of monotone searches in memory", d(s.counts.groups));
  m.one("notices_total", "counter", "Gaps, cleared logs and losses told", d(s.notices));
  m.one("commits_total", "counter", "Commits of the state", d(s.commits));
  m.one("state_bytes", "gauge", "Size of the state", d(s.state_bytes));
  m.one("rules", "gauge", "Detections that run", d(s.rules_running));
  m.one("rules_not_running", "gauge", "Detections that are invalid or unsupported", d(s.rules_not_running));
  m.one("reloads_total", "counter", "Rule sets taken", d(s.reloads));
  m.one("reloads_failed_total", "counter", "Rule sets refused", d(s.reloads_failed));
  m.family("source_lag_seconds", "gauge", "Age of the last event read, while a source is behind");
  for (const SourceStatus& x : s.sources) m.value(x.lag_seconds, label("source", x.name));
  m.family("source_backlog_bytes", "gauge", "Bytes that lie ahead, as far as the source can tell");
  for (const SourceStatus& x : s.sources) m.value(d(x.report.backlog_bytes), label("source", x.name));
  m.family("source_backlog_records", "gauge", "Records that lie ahead, as far as the source can tell");
  for (const SourceStatus& x : s.sources) m.value(d(x.report.backlog_records), label("source", x.name));
  m.family("source_ok", "gauge", "1 when the source can be read");
  for (const SourceStatus& x : s.sources) m.value(x.report.trouble.empty() ? 1 : 0, label("source", x.name));
  m.family("sink_findings_total", "counter", "Findings given to a sink");
  for (const sinks::SinkReport& x : s.sinks) m.value(d(x.findings), label("sink", x.name));
  m.family("sink_waiting", "gauge", "Findings not yet at their destination");
  for (const sinks::SinkReport& x : s.sinks) m.value(d(x.waiting), label("sink", x.name));
  m.family("sink_spool_bytes", "gauge", "Size of the spool");
  for (const sinks::SinkReport& x : s.sinks) m.value(d(x.spool_bytes), label("sink", x.name));
  m.family("sink_retries_total", "counter", "Deliveries tried again");
  for (const sinks::SinkReport& x : s.sinks) m.value(d(x.retries), label("sink", x.name));
  m.family("sink_ok", "gauge", "1 when the sink takes findings");
  for (const sinks::SinkReport& x : s.sinks) m.value(x.trouble.empty() ? 1 : 0, label("sink", x.name));
  m.family("rule_rows_total", "counter", "Rows a detection wanted; the twenty dearest detections");
  for (const auto& [name, cost] : s.costs) m.value(d(cost.rows), label("detection", name));
  m.family("rule_seconds_total", "counter", "Time a detection took; the twenty dearest detections");
  for (const auto& [name, cost] : s.costs) m.value(d(cost.nanoseconds) / 1e9, label("detection", name));
  return m.take();
}

std::string status_json(const TailStatus& s) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().member("healthy", s.healthy()).member("trouble", s.trouble).member("event_time", s.event_time);
  json.member("events", s.events).member("damaged", s.damaged).member("matches", s.counts.matches);
  json.member("findings", s.counts.findings).member("revisions", s.counts.revisions).member("drops", 0);
  json.member("late", s.counts.late).member("throttled", s.counts.throttled).member("windows", s.counts.windows);
  json.member("notices", s.notices).member("commits", s.commits).member("state_bytes", s.state_bytes);
  json.member("rules", s.rules_running).member("rules_not_running", s.rules_not_running);
  json.key("sources").begin_array();
  for (const SourceStatus& x : s.sources) {
    json.begin_object().member("source", x.name).member("events", x.report.events).member("damaged", x.report.damaged);
    json.member("lag_seconds", x.lag_seconds).member("backlog_bytes", x.report.backlog_bytes);
    json.member("backlog_records", x.report.backlog_records).member("caught_up", x.caught_up).member("trouble", x.report.trouble).end_object();
  }
  json.end_array().key("sinks").begin_array();
  for (const sinks::SinkReport& x : s.sinks) {
    json.begin_object().member("sink", x.name).member("findings", x.findings).member("waiting", x.waiting);
    json.member("spool_bytes", x.spool_bytes).member("retries", x.retries).member("trouble", x.trouble).end_object();
  }
  json.end_array().end_object();
  return out;
}

base::Result<StoredStatus> stored_status(const std::string& folder) {
  const std::string path = base::join_path(folder, "state.db");
  if (!base::exists(path)) return base::Error{"there is no state of escudo tail in " + folder};
  auto opened = store::Store::open_to_read(path);
  if (!opened) return base::Error{opened.error()};
  StoredStatus out;
  out.running = StateLock::is_taken(folder);
  store::Store& s = *opened.value();
  out.json = s.get(s.space("status"), "status").value_or("");
  return out;
}

}  // namespace escudo::runtime
