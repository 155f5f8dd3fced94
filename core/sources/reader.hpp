#pragma once
// Reader: the common part of every Source that reads one file or one member of an archive: its
// report, its origin, when a batch is full. Job: what such a reader is given.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sources/bytes.hpp"
#include "sources/draft.hpp"
#include "sources/sniff.hpp"
#include "sources/source.hpp"

namespace escudo::sources {

class Expansion;  // archive/expansion.hpp

struct Job {
  std::string path;  // what reports and origins call it
  std::unique_ptr<Bytes> bytes;
  OpenOptions options;
  std::shared_ptr<Progress> progress;
  std::shared_ptr<Expansion> expansion;  // set within archives
  std::uint32_t depth = 0;               // how many archives this is in
};

// Deep enough to see behind an XML declaration, comments or the first lines of a syslog.
inline constexpr std::size_t head_bytes = 64 * 1024;

// Looks at the content and makes the reader for it (open.cpp).
std::unique_ptr<Source> open_job(Job job);
// The reader of a format that is known already.
std::unique_ptr<Source> open_as(Job job, Format format, std::size_t head_size);
// A Source that yields nothing and has this one report.
std::unique_ptr<Source> finished(FileReport report, std::shared_ptr<Progress> progress);
// The same, `unreadable` with a sentence.
std::unique_ptr<Source> unreadable(const std::string& path, std::string reason,
                                   std::shared_ptr<Progress> progress);

class Reader : public Source {
 public:
  bool next(event::Batch& batch) final;
  const std::vector<FileReport>& reports() const final { return reports_; }
  std::uint64_t bytes_read() const final { return progress_->bytes(); }

 protected:
  Reader(const Job& job, std::string format);

  // Adds events until the batch is full or there are none left. False when there are none left.
  virtual bool fill(event::Batch& batch) = 0;

  // For restart(): an empty report, and events again.
  void begin_anew();

  // Readers tell how many bytes of input a record took, whether it was decoded or not.
  void took(std::size_t bytes) { taken_ += bytes; }
  bool full(const event::Batch& batch) const;
  std::size_t taken() const { return taken_; }  // since the batch was begun
  // A record was read and left out, because nobody wants it.
  void pass_over() {
    ++report().records;
    ++passed_over_;
  }

  FileReport& report() { return reports_.front(); }
  void add_damage(std::uint64_t ordinal, const std::string& what);  // "record 12 " + what
  // The file has to be given up.
  void give_up(std::string reason);

  const OpenOptions options_;
  const std::shared_ptr<Progress> progress_;

 private:
  std::shared_ptr<const event::Origin> origin_;
  std::vector<FileReport> reports_;
  std::size_t taken_ = 0;
  std::uint64_t passed_over_ = 0;  // since an event was delivered
  bool done_ = false;
};

}  // namespace escudo::sources
