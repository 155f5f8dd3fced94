// The closing lines of a run, for stderr: what was read, what could not be, what was found, for
// whom it counts, and why the exit code is what it is. Every damaged file is named once.

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sinks/layout.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {
namespace {

constexpr std::size_t shown_entities = 10;
constexpr std::size_t shown_reasons = 3;

// "277 files, 8,255 records, 0 damaged; 36.2 MB in 1.20 s, 1 detection"
std::string totals(const RunSummary& s, const Paint& paint) {
  std::string out = counted(s.files_total, "file") + ", " + counted(s.records, "record") + ", ";
  std::uint64_t recovered = 0;
  for (const FileSummary& file : s.files) recovered += file.recovered;
  if (recovered > 0) out += grouped(recovered) + " of them recovered, ";
  const std::string damaged = grouped(s.damaged) + " damaged";
  out += s.damaged > 0 ? paint.red(damaged) : damaged;
  if (s.files_unreadable > 0) {
    out += ", " + paint.red(counted(s.files_unreadable, "file") + " unreadable");
  }
  if (s.files_skipped > 0) out += ", " + counted(s.files_skipped, "file") + " skipped (no log)";
  out += "; " + byte_count(s.bytes) + " in " + duration(s.seconds) + ", " +
         counted(s.rules, "detection");
  if (s.rules_partly > 0) out += ", " + grouped(s.rules_partly) + " partly supported";
  if (s.rules_unsupported > 0) out += ", " + grouped(s.rules_unsupported) + " unsupported";
  if (s.rules_invalid > 0) out += ", " + paint.red(grouped(s.rules_invalid) + " invalid");
  return out + '\n';
}

std::string reasons(const FileSummary& file) {
  std::string out;
  if (file.damaged > 0) out = counted(file.damaged, "record") + " damaged";
  const std::size_t shown = std::min(file.reasons.size(), shown_reasons);
  for (std::size_t i = 0; i < shown; ++i) {
    out += (out.empty() ? "" : i == 0 ? ": " : "; ") + base::harmless(file.reasons[i]);
  }
  const std::uint64_t all = std::max<std::uint64_t>(file.damaged, file.reasons.size());
  if (shown > 0 && all > shown) out += "; and " + grouped(all - shown) + " more";
  return out;
}

std::string damage(const RunSummary& s, const Paint& paint) {
  std::string out;
  for (const FileSummary& file : s.files) {
    const std::string why = reasons(file);
    if (!why.empty()) out += "  " + paint.red(base::harmless(file.path)) + ": " + why + '\n';
  }
  return out.empty() ? out : "damaged or unreadable:\n" + out;
}

std::string risk(const RunSummary& s, const Paint& paint) {
  if (s.risk.empty()) return {};
  const std::size_t shown = std::min(s.risk.size(), shown_entities);
  int type_width = 0, value_width = 0;
  for (std::size_t i = 0; i < shown; ++i) {
    type_width = std::max(type_width, base::display_width(base::harmless(s.risk[i].type)));
    value_width = std::max(value_width, base::display_width(base::harmless(s.risk[i].value)));
  }
  value_width = std::min(value_width, 60);  // one long name does not push the others away
  std::string out = "risk by entity:\n";
  for (std::size_t i = 0; i < shown; ++i) {
    const EntityRisk& e = s.risk[i];
    out += "  " + paint.bold(pad_left(base::number_text(e.score), 6)) + "  " +
           pad_right(base::harmless(e.type), type_width) + "  " +
           pad_right(base::harmless(e.value), value_width) + "  " + counted(e.findings, "finding") +
           '\n';
  }
  if (s.risk.size() > shown) {
    out += "  … and " + counted(s.risk.size() - shown, "more entity") + '\n';
  }
  return out;
}

const char* meaning(int code) {
  switch (code) {
    case 1:
      return "a finding at or above the fail level, or a failed test";
    case 2:
      return "an input could not be read whole, matched rows were lost, or a detection is invalid";
    case 3:
      return "nothing was scanned";
    case 64:
      return "wrong usage";
    case 130:
      return "interrupted";
    default:
      return "";
  }
}

std::string exit_codes(const RunSummary& s) {
  std::string out;
  for (const int code : s.exit_codes) {
    if (code == 0) continue;
    out += (out.empty() ? "exit code " : "; also ") + std::to_string(code);
    if (const std::string_view why = meaning(code); !why.empty()) {
      out += " (";
      out += why;
      out += ')';
    }
  }
  return out.empty() ? out : out + '\n';
}

}  // namespace

std::string summary_text(const RunSummary& s, bool color) {
  const Paint paint(color);
  std::string out = damage(s, paint);
  if (s.interrupted) out += paint.red("interrupted: only a part was read") + '\n';
  if (s.rows_lost) {
    out += paint.red("matched rows were lost with the temporary file: findings are missing") + '\n';
  }
  out += totals(s, paint);
  out += paint.bold(counted(s.findings, "finding")) + '\n';
  out += risk(s, paint);
  return out + exit_codes(s);
}

}  // namespace escudo::sinks
