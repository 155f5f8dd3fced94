// Tested by tests/unit/sources/messages.cpp.

#include "sources/messages.hpp"

#include <utility>

#include "sources/sniff.hpp"

namespace escudo::sources {
namespace {

bool is_text(Format format) {
  return format == Format::winxml || format == Format::syslog || format == Format::auditd ||
         format == Format::classic || format == Format::json;
}

}  // namespace

void Messages::take(std::vector<std::string> texts) {
  texts_ = std::move(texts);
  at_ = 0;
  reader_.reset();
  ahead_ = read(next_);
}

bool Messages::next(event::Batch& batch) {
  batch.clear();
  if (!ahead_) return false;
  std::swap(batch, next_);
  ahead_ = read(next_);
  return true;
}

bool Messages::read(event::Batch& batch) {
  for (;;) {
    if (reader_) {
      if (reader_->next(batch)) return true;
      for (const FileReport& report : reader_->reports()) {
        damaged_ += report.damaged;
        if (report.state != FileReport::State::read) ++damaged_;
      }
      reader_.reset();
    }
    if (at_ == texts_.size()) {
      batch.clear();
      return false;
    }
    // Neighbours of one format are read together.
    const Format format = sniff(texts_[at_], true);
    if (!is_text(format)) {
      damaged_ += format == Format::empty ? 0 : 1;
      ++at_;
      continue;
    }
    std::string joined;
    while (at_ < texts_.size() && sniff(texts_[at_], true) == format) joined.append(texts_[at_++]) += '\n';
    reader_ = open_memory(std::move(joined), name_, options_);
  }
}

}  // namespace escudo::sources
