#include "sinks/finding_text.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sinks/layout.hpp"

namespace escudo::sinks {
namespace {

using findings::Finding;

constexpr int indent = 2;
constexpr int label_width = 10;
constexpr int narrowest = 20;        // of the text beside a label, however small the terminal
constexpr int longest_value = 1000;  // a script block of 30 kB is for jsonl
constexpr std::size_t shown_records = 3;

// Where and who when the detection names no risk objects: the first of these the row has.
constexpr std::array<std::string_view, 4> places{"dest", "Computer", "ComputerName", "host"};
constexpr std::array<std::string_view, 4> people{"user", "src_user", "user_id", "UserID"};
// Columns the heading has already told.
constexpr std::array<std::string_view, 4> told{"count", "firstTime", "lastTime", "_time"};

std::string clean(const std::string& text) {
  return shortened(base::harmless(text), longest_value);
}

std::string joined(const event::Value& cell) {
  std::string out;
  for (const std::string& text : cell.values()) out += (out.empty() ? "" : ", ") + text;
  return out;
}

// What the fills of a data model or a search left where nothing was known.
bool says_nothing(const std::string& text) {
  return text.empty() || text == "null" || text == "unknown" || text == "-";
}

class Writer {
 public:
  Writer(const Finding& finding, const TableStyle& style)
      : finding_(finding), style_(style), paint_(style.color) {}

  std::string write() {
    heading();
    who_and_where();
    message();
    seen();
    records();
    other_fields();
    return std::move(out_);
  }

 private:
  std::string text_of(std::string_view field) const {
    for (const auto& [name, cell] : finding_.fields) {
      if (name == field) return joined(cell);
    }
    return {};
  }

  // "2020-09-14T12:06:01Z     25  T1047      Windows WMI Process Call Create"
  void heading() {
    const std::string time =
        finding_.first_time ? base::format_utc(*finding_.first_time) : std::string("no time");
    std::string score = pad_left(finding_.risk ? base::number_text(finding_.risk->score) : "-", 5);
    if (finding_.risk) score = paint_.score(finding_.risk->score, score);
    const auto& techniques = finding_.rule->mitre_attack;
    std::string technique = techniques.empty() ? "-" : base::harmless(techniques.front());
    if (techniques.size() > 1) technique += '+' + std::to_string(techniques.size() - 1);
    out_ += pad_right(time, 20) + "  " + score + "  " + pad_right(technique, 12) + "  " +
            paint_.bold(base::harmless(finding_.rule->name)) + '\n';
  }

  // A label and its text, folded beside it.
  void line(std::string_view label, const std::string& text, const std::string& after = {}) {
    const int room = style_.width - indent - label_width;
    const auto lines = fold(text, style_.width > 0 ? std::max(room, narrowest) : 0);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string head = i == 0 ? std::string(label) : std::string();
      // A label too long for its place keeps a blank before the text.
      if (i == 0 && base::display_width(head) >= label_width) head += ' ';
      out_ += std::string(indent, ' ') + paint_.dim(pad_right(head, label_width)) + lines[i];
      if (i + 1 == lines.size()) out_ += after;
      out_ += '\n';
    }
  }

  void who_and_where() {
    if (!finding_.risk || finding_.risk->objects.empty()) {
      first_of(places);
      first_of(people);
    }
    if (!finding_.risk) return;
    for (const std::string_view type : {"system", "user", "other"}) {
      for (const findings::ScoredObject& object : finding_.risk->objects) {
        if (object.type != type) continue;
        shown_.insert(object.field);
        line(base::harmless(object.field), clean(object.value),
             "  " + paint_.score(object.score, '+' + base::number_text(object.score)));
      }
    }
    for (const findings::ThreatValue& threat : finding_.risk->threats) {
      shown_.insert(threat.field);
      line("threat", clean(threat.field + '=' + threat.value));
    }
  }

  template <std::size_t N>
  void first_of(const std::array<std::string_view, N>& names) {
    for (const std::string_view name : names) {
      const std::string text = text_of(name);
      if (says_nothing(text)) continue;
      shown_.emplace(name);
      line(name, clean(text));
      return;
    }
  }

  // The command line stands beside the message unless the message holds it.
  void message() {
    const std::string told_by_rule = finding_.risk ? finding_.risk->message : std::string();
    if (!told_by_rule.empty()) line("message", clean(told_by_rule));
    const std::string process = text_of("process");
    if (says_nothing(process)) return;
    const bool in_message = told_by_rule.find(process) != std::string::npos;
    const bool as_threat = shown_.count("process") > 0;
    shown_.insert("process");
    if (!in_message && !as_threat) line("process", clean(process));
  }

  void seen() {
    const bool spans = finding_.last_time && finding_.last_time != finding_.first_time;
    if (finding_.count <= 1 && !spans) return;
    std::string text = finding_.count == 1 ? "once" : grouped(finding_.count) + " times";
    if (spans) text += ", until " + base::format_utc(*finding_.last_time);
    line("seen", text);
  }

  void records() {
    const auto& events = finding_.evidence.events;
    const std::size_t shown = std::min(events.size(), shown_records);
    for (std::size_t i = 0; i < shown; ++i) {
      const findings::EvidenceEvent& event = events[i];
      std::string text = event.origin ? event.origin->path + ' ' : std::string();
      text += '#' + std::to_string(event.record_id);
      if (!event.channel.empty()) text += "  " + event.channel;
      if (event.event_id >= 0) text += ' ' + std::to_string(event.event_id);
      if (event.recovered) text += "  (recovered)";
      line(i == 0 ? "record" : "", clean(text));
    }
    if (finding_.evidence.total > shown) {
      line(shown == 0 ? "record" : "", (shown == 0 ? "" : "… and ") +
                                           grouped(finding_.evidence.total - shown) +
                                           (shown == 0 ? " not kept" : " more"));
    }
  }

  void other_fields() {
    std::string text;
    for (const auto& [name, cell] : finding_.fields) {
      const std::string value = joined(cell);
      if (says_nothing(value) || shown_.count(name) > 0) continue;
      if (std::ranges::find(told, name) != told.end()) continue;
      // Quotes of our own only where the value has none: doubled ones would hide what was logged.
      const bool quote = value.find(' ') != std::string::npos && value.find('"') == std::string::npos;
      text += (text.empty() ? "" : "  ") + base::harmless(name) + '=' +
              (quote ? '"' + clean(value) + '"' : clean(value));
    }
    if (!text.empty()) line("fields", text);
  }

  const Finding& finding_;
  const TableStyle& style_;
  Paint paint_;
  std::set<std::string, std::less<>> shown_;  // fields that need not be listed again
  std::string out_;
};

}  // namespace

std::string finding_text(const Finding& finding, const TableStyle& style) {
  return Writer(finding, style).write();
}

}  // namespace escudo::sinks
