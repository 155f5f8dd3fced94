// Tested by tests/unit/sinks/live_syslog.cpp.

#include "sinks/live/syslog_message.hpp"

#include "base/json.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {
namespace {

// emergency 0 … debug 7
int severity(const findings::Finding& finding) {
  const double score = finding.risk ? finding.risk->score : 0;
  if (score > 80) return 2;
  if (score > 60) return 3;
  if (score > 40) return 4;
  return score > 20 ? 5 : 6;
}

// Header fields are printable ASCII without blanks, "-" when there is nothing.
std::string field(const std::string& text, std::size_t limit) {
  std::string out;
  for (const char c : text) out += c > ' ' && c < '\x7f' ? c : '_';
  return out.empty() ? "-" : out.substr(0, limit);
}

std::string header_text(const SyslogHeader& header, int level, const std::optional<base::Time>& time, const char* id) {
  return "<" + std::to_string(header.facility * 8 + level) + ">1 " + (time ? base::format_utc_micros(*time) : "-") +
         ' ' + field(header.host, 255) + ' ' + field(header.app, 48) + ' ' + field(header.process, 128) + ' ' + id + ' ';
}

std::string short_json(const findings::Finding& finding) {
  std::string out;
  base::JsonWriter json(out);
  json.begin_object().member("type", "finding").member("finding_id", finding.finding_id);
  json.member("revision", static_cast<std::uint64_t>(finding.revision));
  json.member("detection", finding.rule->name).member("id", finding.rule->id);
  json.member("count", finding.count).member("shortened", true).end_object();
  return out;
}

}  // namespace

std::string syslog_message(const SyslogHeader& header, const findings::Finding& finding, std::size_t limit) {
  const std::string head =
      header_text(header, severity(finding), finding.last_time, "finding") + "[escudo@32473 finding_id=\"" +
      finding.finding_id + "\" revision=\"" + std::to_string(finding.revision) + "\" score=\"" +
      base::number_text(finding.risk ? finding.risk->score : 0) + "\"] ";
  std::string out = head + finding_json(finding);
  return out.size() <= limit ? out : head + short_json(finding);
}

std::string syslog_message(const SyslogHeader& header, const Notice& notice) {
  return header_text(header, 4, notice.time, "notice") + "- " + notice_json(notice);
}

}  // namespace escudo::sinks
