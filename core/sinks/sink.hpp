#pragma once
// Sink: where findings go. Formats write to an Output (stdout or a file); nothing here throws.
// Threads: a sink belongs to one thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "findings/finding.hpp"
#include "risk/entities.hpp"

namespace escudo::sinks {

// Bytes out. write() after a failure does nothing; finish() tells what went wrong.
class Output {
 public:
  virtual ~Output() = default;
  virtual void write(std::string_view bytes) = 0;
  virtual base::Result<void> finish() = 0;  // flushes; a file is complete only after this
};
std::unique_ptr<Output> standard_output();
// Writes beside the target and renames at finish(), so a broken run leaves no half file; without
// finish() the target stays as it was. A target that is no regular file (/dev/null, a pipe) is
// written as it is. Fails at once when the target cannot be created.
base::Result<std::unique_ptr<Output>> file_output(const std::string& path);
// `into` must outlive the output.
std::unique_ptr<Output> string_output(std::string& into);

// What a run did; the `json` format and the summary on stderr print it.
struct FileSummary {
  std::string path;
  std::uint64_t records = 0, damaged = 0, recovered = 0;
  std::string format;
  std::vector<std::string> reasons;
};
using risk::EntityRisk;
struct RunSummary {
  std::vector<FileSummary> files;
  std::uint64_t files_total = 0, files_unreadable = 0, files_skipped = 0;
  std::uint64_t records = 0, damaged = 0, bytes = 0, findings = 0;
  std::uint64_t rules = 0, rules_invalid = 0, rules_unsupported = 0, rules_partly = 0;
  std::vector<EntityRisk> risk;  // highest first
  double seconds = 0;
  bool interrupted = false;
  bool rows_lost = false;  // matched rows could not be read back: findings are missing
  std::vector<int> exit_codes;  // all that apply, the one returned first
};

class FindingSink {
 public:
  virtual ~FindingSink() = default;
  virtual void add(const findings::Finding& finding) = 0;  // in output order
  virtual void finish(const RunSummary& summary) = 0;      // once, last
};

struct TableStyle {
  bool color = false;
  int width = 0;  // columns of the terminal, 0 = not a terminal, do not fold
};

// `format` is one of format_names(); an unknown one fails with a sentence. `out` must outlive the
// sink.
base::Result<std::unique_ptr<FindingSink>> make_sink(const std::string& format, Output& out,
                                                     const TableStyle& style);
// table, jsonl, json, csv, in the order help lists them.
std::vector<std::string> format_names();

// One finding as a line of JSON without newline: the contract of docs/cli.md, keys in that order.
std::string finding_json(const findings::Finding& finding);
// The closing lines for stderr, harmless to show.
std::string summary_text(const RunSummary& summary, bool color);

}  // namespace escudo::sinks
