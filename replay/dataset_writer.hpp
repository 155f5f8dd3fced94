#pragma once
// DatasetWriter: a capture as attack_data keeps it: a folder with one log a channel and a YAML that
// says what Splunk calls each.
//
// Lifetime: logs appear whole at finish(); without it the folder stays as it was. Threads: one.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "event/event.hpp"
#include "sinks/event_writer.hpp"

namespace escudo::replay {

struct CaptureInfo {
  std::string folder;  // …/datasets/attack_techniques/T1047/my_capture
  std::string author, description, environment;
  std::vector<std::string> techniques;  // none: those in the folder's path
  std::string source, sourcetype;       // instead of what the events tell
};

struct CaptureLog {
  std::string name;  // "windows-sysmon"
  std::string path;  // "/datasets/attack_techniques/T1047/my_capture/windows-sysmon.log"
  std::string source, sourcetype;
  std::uint64_t events = 0;
};

class DatasetWriter final : public sinks::EventWriter {
 public:
  // Fails with a sentence: the folder is not below one called datasets, has a YAML already, names
  // no technique.
  static base::Result<std::unique_ptr<DatasetWriter>> create(CaptureInfo info);

  void add(const event::Event& event) override;
  // Writes everything. Fails, with nothing written but perhaps some logs, when a file cannot be.
  base::Result<void> write();
  const std::vector<CaptureLog>& logs() const { return logs_; }
  const std::string& yaml_path() const { return yaml_path_; }
  // A detection's `tests:` over these logs.
  std::string tests_yaml() const;

 private:
  explicit DatasetWriter(CaptureInfo info) : info_(std::move(info)) {}
  std::size_t log_of(const event::Event& event);
  std::string yaml() const;

  CaptureInfo info_;
  std::string upstream_, name_, yaml_path_;
  std::map<std::string, std::size_t> by_kind_;  // index into logs_
  std::vector<CaptureLog> logs_;
  std::vector<std::unique_ptr<sinks::Output>> outputs_;
  std::optional<base::Time> last_time_;
  std::string failure_;
};

}  // namespace escudo::replay
