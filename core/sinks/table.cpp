// Findings one below the other, in blocks whose headings line up. Past a screenful, a list of the
// detections closes it.

#include <algorithm>
#include <map>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sinks/finding_text.hpp"
#include "sinks/formats.hpp"
#include "sinks/layout.hpp"

namespace escudo::sinks {
namespace {

constexpr std::uint64_t screenful = 10;
constexpr std::string_view totals_heading =
    "findings  score  first                 last                  detection";

class Table final : public FindingSink {
 public:
  Table(Output& out, const TableStyle& style) : out_(out), style_(style) {}

  void add(const findings::Finding& finding) override {
    out_.write((count_++ > 0 ? "\n" : "") + finding_text(finding, style_));
    Total& total = totals_[finding.rule->name];
    ++total.findings;
    if (finding.risk) total.score = std::max(total.score, finding.risk->score);
    if (!finding.first_time) return;
    if (!total.first) total.first = finding.first_time;  // they come in the order of time
    total.last = finding.first_time;
  }

  void finish(const RunSummary&) override {
    if (count_ == 0) out_.write("no findings\n");
    if (count_ > screenful) out_.write(detections());
  }

 private:
  struct Total {
    std::uint64_t findings = 0;
    double score = 0;
    std::optional<base::Time> first, last;
  };

  std::string detections() const {
    std::vector<std::pair<std::string, Total>> order(totals_.begin(), totals_.end());
    std::ranges::stable_sort(order, [](const auto& a, const auto& b) {
      if (a.second.score != b.second.score) return a.second.score > b.second.score;
      return a.second.findings > b.second.findings;
    });
    const Paint paint(style_.color);
    const auto time = [](const std::optional<base::Time>& t) {
      return pad_right(t ? base::format_utc(*t) : "-", 22);
    };
    std::string out = '\n' + paint.dim(totals_heading) + '\n';
    for (const auto& [name, total] : order) {
      const std::string score = total.score > 0 ? base::number_text(total.score) : "-";
      out += pad_left(grouped(total.findings), 8) + "  " +
             paint.score(total.score, pad_left(score, 5)) + "  " + time(total.first) +
             time(total.last) + paint.bold(base::harmless(name)) + '\n';
    }
    return out;
  }

  Output& out_;
  TableStyle style_;
  std::uint64_t count_ = 0;
  std::map<std::string, Total> totals_;  // by detection
};

}  // namespace

std::unique_ptr<FindingSink> make_table(Output& out, const TableStyle& style) {
  return std::make_unique<Table>(out, style);
}

}  // namespace escudo::sinks
