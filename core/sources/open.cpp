// open(): what a file is decides its content; each format has its reader. Tested by
// tests/unit/sources/open.cpp.

#include <algorithm>
#include <filesystem>

#include "sources/archive/source.hpp"
#include "sources/auditd/source.hpp"
#include "sources/bytes.hpp"
#include "sources/classic/source.hpp"
#include "sources/evtx/native.hpp"
#include "sources/evtx/source.hpp"
#include "sources/jsonl/source.hpp"
#include "sources/reader.hpp"
#include "sources/sniff.hpp"
#include "sources/source.hpp"
#include "sources/winxml/source.hpp"

namespace escudo::sources {
namespace {

std::unique_ptr<Source> of_state(const Job& job, FileReport::State state, std::string format,
                                 std::uint64_t bytes) {
  FileReport report;
  report.path = job.path;
  report.format = std::move(format);
  report.state = state;
  report.bytes = bytes;
  return finished(std::move(report), job.progress);
}

// Origins and reports use '/' on every platform.
std::string with_slashes([[maybe_unused]] std::string path) {
  if constexpr (std::filesystem::path::preferred_separator == '\\') {
    std::ranges::replace(path, '\\', '/');
  }
  return path;
}

Job first_job(const std::string& path, const OpenOptions& options) {
  Job job;
  job.path = with_slashes(path);
  job.options = options;
  job.progress = std::make_shared<Progress>();
  return job;
}

}  // namespace

std::unique_ptr<Source> open_job(Job job) {
  auto head = peek(job.bytes, head_bytes);
  if (!head) return unreadable(job.path, head.error(), job.progress);
  return open_as(std::move(job), sniff(*head, head->size() < head_bytes), head->size());
}

std::unique_ptr<Source> open_as(Job job, Format format, std::size_t head_size) {
  switch (format) {
    case Format::empty:
      return of_state(job, FileReport::State::read, "empty", head_size);
    case Format::unknown:
      return of_state(job, FileReport::State::not_a_log, "", head_size);
    case Format::evtx:
      return job.options.evtx == EvtxReader::native ? open_evtx_native(std::move(job))
                                                    : open_evtx(std::move(job));
    case Format::winxml:
      return open_winxml(std::move(job), false);
    case Format::syslog:
      return open_winxml(std::move(job), true);
    case Format::auditd:
      return open_auditd(std::move(job));
    case Format::classic:
      return open_classic(std::move(job));
    case Format::json:
      return open_json(std::move(job));
    default:
      return open_archive(std::move(job), format);
  }
}

std::unique_ptr<Source> open(const std::string& path, const OpenOptions& options) {
  Job job = first_job(path, options);
  if (path == "-") {
    job.bytes = standard_input(job.progress.get());
  } else {
    auto bytes = open_file(path, job.progress.get());
    if (!bytes) return unreadable(job.path, bytes.error(), job.progress);
    job.bytes = std::move(bytes).value();
  }
  return open_job(std::move(job));
}

std::unique_ptr<Source> open_memory(std::string bytes, const std::string& name,
                                    const OpenOptions& options) {
  Job job = first_job(name, options);
  job.bytes = memory_bytes(std::move(bytes), job.progress.get());
  return open_job(std::move(job));
}

}  // namespace escudo::sources
