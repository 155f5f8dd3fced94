// Tested by tests/unit/sources/archive.cpp.

#include "sources/archive/source.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include "sources/archive/expansion.hpp"
#include "sources/archive/library.hpp"

namespace escudo::sources {
namespace {

std::string_view name_of(Format format) {
  switch (format) {
    case Format::zip:
      return "zip";
    case Format::seven_zip:
      return "7z";
    case Format::tar:
      return "tar";
    case Format::gzip:
      return "gzip";
    case Format::bzip2:
      return "bzip2";
    case Format::xz:
      return "xz";
    case Format::zstd:
      return "zstd";
    default:
      return "lz4";
  }
}

bool is_container(Format format) {
  return format == Format::zip || format == Format::seven_zip || format == Format::tar;
}

// How a zip ends: its table of contents, then a comment of up to 64 KiB.
constexpr std::string_view zip_end = "PK\5\6";

base::Result<bool> has_table_of_contents(RandomBytes& zip) {
  std::string tail(66'000, '\0');
  const std::uint64_t from = zip.size() > tail.size() ? zip.size() - tail.size() : 0;
  auto got = zip.read_at(from, tail.data(), tail.size());
  if (!got) return base::Error{got.error()};
  return tail.find(zip_end) != std::string::npos;
}

// The data of the member an archive stands at.
class MemberBytes final : public Bytes {
 public:
  // `expands`: the archive packs its members, a tar does not.
  MemberBytes(Archive& archive, bool expands, Expansion& expansion, std::uint64_t& delivered)
      : archive_(archive), expands_(expands), expansion_(expansion), delivered_(delivered) {}

  base::Result<std::size_t> read(char* to, std::size_t size) override {
    std::size_t total = 0;
    while (total < size) {
      auto got = archive_.read(to + total, size - total);
      if (!got) return total > 0 ? base::Result<std::size_t>(total) : got;
      if (*got == 0) break;
      total += *got;
      delivered_ += *got;
      if (expands_) expansion_.expanded(*got);
      if (auto why = expansion_.exceeded()) return base::Error{"the archive " + *why};
    }
    return total;
  }

 private:
  Archive& archive_;
  bool expands_;
  Expansion& expansion_;
  std::uint64_t& delivered_;
};

class ArchiveSource final : public Source {
 public:
  // `counts`: nobody else tells the progress how much of the outermost file was read.
  ArchiveSource(Job job, Format format, bool counts, std::unique_ptr<Bytes> bytes,
                std::shared_ptr<Expansion> expansion)
      : job_(std::move(job)),
        format_(format),
        counts_(counts),
        bytes_(std::move(bytes)),
        expansion_(std::move(expansion)) {}

  base::Result<void> start() {
    auto opened = Archive::open(*bytes_, format_, [this](std::uint64_t read) {
      if (job_.depth > 0) return;
      expansion_->read_packed(read);
      packed_ += read;
      // Tables of contents are read more than once.
      if (counts_) job_.progress->at_least(std::min(packed_, bytes_->random()->size()));
    });
    if (!opened) return base::Error{opened.error()};
    archive_ = std::move(opened).value();
    return {};
  }

  // Something is wrong with the archive that does not keep its members from being read.
  void add_damage(std::string what) { damage_ = std::move(what); }

  bool next(event::Batch& batch) override {
    for (;;) {
      if (member_) {
        if (member_->next(batch)) return true;
        end_member();
      }
      batch.clear();
      if (done_ || !next_member()) return false;
    }
  }

  const std::vector<FileReport>& reports() const override { return reports_; }
  std::uint64_t bytes_read() const override { return job_.progress->bytes(); }

 private:
  // Opens the next member worth it; false when there are no more.
  bool next_member() {
    skip_rest();
    if (auto why = expansion_->exceeded()) return give_up(*why);
    ArchiveMember member;
    switch (archive_->next(member)) {
      case Archive::Step::end:
        return finish();
      case Archive::Step::failed:
        return give_up(members_ == 0 ? archive_->error() : after_members());
      case Archive::Step::member:
        break;
    }
    member_bytes_ = member.size;
    delivered_ = 0;
    if (!member.regular) return true;
    ++members_;
    expansion_->one_more_member();
    if (auto why = expansion_->exceeded()) return give_up(*why);

    Job inner;
    // A compressed file is still the file it was called; a container has members with names.
    inner.path = is_container(format_) ? job_.path + "!" + member.path : job_.path;
    inner.options = job_.options;
    inner.progress = job_.progress;
    inner.expansion = expansion_;
    inner.depth = job_.depth + 1;
    if (member.encrypted) {
      member_ = unreadable(inner.path, "is encrypted", job_.progress);
    } else if (format_ != Format::tar && expansion_->is_bomb(member.size)) {
      member_ = unreadable(inner.path, expansion_->ratio_exceeded(), job_.progress);
    } else {
      inner.bytes =
          std::make_unique<MemberBytes>(*archive_, format_ != Format::tar, *expansion_, delivered_);
      member_ = open_job(std::move(inner));
    }
    return true;
  }

  // The members of a 7z are one stream: what nobody reads is expanded all the same.
  void skip_rest() {
    if (format_ == Format::seven_zip && member_bytes_ > delivered_) {
      expansion_->expanded(member_bytes_ - delivered_);
    }
    member_bytes_ = 0;
  }

  void end_member() {
    const auto& reports = member_->reports();
    reports_.insert(reports_.end(), reports.begin(), reports.end());
    member_.reset();
  }

  std::string after_members() const {
    return "is damaged behind " + std::to_string(members_) + " members: " + archive_->error();
  }

  bool finish() {
    if (!damage_.empty()) {
      report({}, FileReport::State::read);
      reports_.back().add_damage(damage_);
    } else if (members_ == 0) {
      report({}, FileReport::State::read);
    }
    done_ = true;
    return false;
  }

  bool give_up(std::string why) {
    report(std::move(why), FileReport::State::unreadable);
    done_ = true;
    return false;
  }

  void report(std::string why, FileReport::State state) {
    FileReport& report = reports_.emplace_back();
    report.path = job_.path;
    report.format = name_of(format_);
    report.state = state;
    if (!why.empty()) report.reasons.push_back(std::move(why));
    if (RandomBytes* random = bytes_->random()) report.bytes = random->size();
  }

  Job job_;
  Format format_;
  bool counts_;
  std::unique_ptr<Bytes> bytes_;
  std::shared_ptr<Expansion> expansion_;
  std::unique_ptr<Archive> archive_;  // reads bytes_
  std::unique_ptr<Source> member_;    // reads archive_
  std::vector<FileReport> reports_;
  std::string damage_;
  std::uint64_t packed_ = 0;
  std::uint64_t members_ = 0;
  std::uint64_t member_bytes_ = 0, delivered_ = 0;  // of the member the archive stands at
  bool done_ = false;
};

}  // namespace

std::unique_ptr<Source> open_archive(Job job, Format format) {
  const std::string path = job.path;
  const auto progress = job.progress;
  const Limits& limits = job.options.limits;
  if (job.depth >= limits.archive_depth) {
    return unreadable(path,
                      "is packed more than " + std::to_string(limits.archive_depth) +
                          " times over, the limit (archive_depth)",
                      progress);
  }
  std::unique_ptr<Bytes> bytes = std::move(job.bytes);
  const bool counts = job.depth == 0 && bytes->random();
  // zip and 7z have their table of contents at the end.
  if (format == Format::zip || format == Format::seven_zip) {
    auto whole = spool(std::move(bytes), limits.spool_bytes);
    if (!whole) return unreadable(path, whole.error(), progress);
    bytes = std::move(whole).value();
  }
  auto expansion = job.expansion;
  if (!expansion) {
    RandomBytes* random = bytes->random();
    expansion = std::make_shared<Expansion>(limits, random ? random->size() : 0);
  }
  bool complete = true;
  if (format == Format::zip) {
    char head[4];
    auto got = bytes->random()->read_at(0, head, sizeof head);
    if (got && std::string_view(head, *got) == zip_end) {  // libarchive does not know it as a zip
      FileReport report;
      report.path = path;
      report.format = "zip";
      report.bytes = bytes->random()->size();
      return finished(std::move(report), progress);
    }
    auto found = has_table_of_contents(*bytes->random());
    if (!found) return unreadable(path, found.error(), progress);
    complete = *found;
  }
  auto source = std::make_unique<ArchiveSource>(std::move(job), format, counts, std::move(bytes),
                                                std::move(expansion));
  if (auto started = source->start(); !started) return unreadable(path, started.error(), progress);
  if (!complete) {
    source->add_damage("the archive is cut: without its table of contents, what there is was read");
  }
  return source;
}

}  // namespace escudo::sources
