// Tested by tests/unit/sources/sniff.cpp.

#include "sources/sniff.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"
#include "base/utf16.hpp"
#include "sources/auditd/record.hpp"
#include "sources/classic/header.hpp"
#include "sources/syslog.hpp"
#include "sources/text_window.hpp"

namespace escudo::sources {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  Format format;
};
constexpr Magic magics[] = {
    {"ElfFile\0"sv, Format::evtx},
    {"PK\3\4"sv, Format::zip},
    {"PK\5\6"sv, Format::zip},  // an archive without members
    {"7z\xBC\xAF\x27\x1C"sv, Format::seven_zip},
    {"\x1F\x8B"sv, Format::gzip},
    {"\xFD"
     "7zXZ\0"sv,
     Format::xz},
    {"\x28\xB5\x2F\xFD"sv, Format::zstd},
    {"\x04\x22\x4D\x18"sv, Format::lz4},
};

bool is_bzip2(std::string_view head) {
  return head.size() >= 10 && head.starts_with("BZh") && head[3] >= '1' && head[3] <= '9' &&
         (head.substr(4).starts_with("\x31\x41\x59\x26\x53\x59"sv) ||
          head.substr(4).starts_with("\x17\x72\x45\x38\x50\x90"sv));
}

// Old tar archives have no magic: their first header is told by its checksum.
bool is_tar(std::string_view head) {
  if (head.size() < 512) return false;
  if (head.substr(257, 5) == "ustar"sv) return true;
  long sum = 0;
  for (std::size_t i = 0; i < 512; ++i) {
    sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(head[i]);
  }
  long stored = 0;
  std::size_t digits = 0;
  for (char c : head.substr(148, 8)) {
    if (c >= '0' && c <= '7') {
      stored = stored * 8 + (c - '0');
      ++digits;
    } else if (digits > 0) {
      break;
    }
  }
  return digits > 0 && head[0] != 0 && sum == stored;
}

std::string as_utf8(std::string_view head) {
  const TextStart start = text_start(head);
  head.remove_prefix(start.mark_bytes);
  if (start.encoding == TextEncoding::utf8) return std::string(head);
  std::string text;
  base::utf16_to_utf8(head, start.encoding == TextEncoding::utf16_le, text);
  return text;
}

// `<Event …>` with `<System` behind it, at the start of a line or after a syslog header; a file cut
// within its first event counts too.
bool has_event_xml(std::string_view text, bool& in_syslog) {
  for (std::size_t at = text.find("<Event"); at != std::string_view::npos;
       at = text.find("<Event", at + 1)) {
    const std::string_view tag = text.substr(at);
    if (tag.size() > 6 && !base::is_space(tag[6]) && tag[6] != '>') continue;
    const std::size_t close = tag.find('>');
    if (close != std::string_view::npos) {
      const std::string_view behind = base::trim(tag.substr(close + 1, 512));
      if (!behind.empty() && !behind.starts_with("<System")) continue;
    }
    const std::size_t newline = text.rfind('\n', at);
    const std::size_t line = newline == std::string_view::npos ? 0 : newline + 1;
    const std::string_view before = base::trim(text.substr(line, at - line));
    in_syslog = is_syslog_line(text.substr(line, at - line + 1));
    if (before.empty() || before.ends_with('>') || in_syslog) return true;
  }
  return false;
}

bool begins_auditd(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (!is_audit_separator(line)) return audit_header(line).has_value();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

Format sniff(std::string_view head, bool whole) {
  for (const Magic& magic : magics) {
    if (head.starts_with(magic.bytes)) return magic.format;
  }
  // An EVTX file whose header is damaged is still one, and its reader says what is wrong with it.
  if (head.size() > 4104 && head.substr(4096).starts_with("ElfChnk\0"sv)) return Format::evtx;
  if (is_bzip2(head)) return Format::bzip2;
  if (is_tar(head)) return Format::tar;

  const std::string utf8 = as_utf8(head);
  const std::string_view text = base::trim(utf8);
  if (text.empty()) return whole ? Format::empty : Format::unknown;
  bool in_syslog = false;
  if (has_event_xml(text, in_syslog)) return in_syslog ? Format::syslog : Format::winxml;
  if (text.front() == '{' || text.front() == '[') return Format::json;
  if (begins_classic(text)) return Format::classic;
  if (begins_auditd(text)) return Format::auditd;
  if (text.starts_with("Record 1") && text.find('{') != std::string_view::npos) return Format::json;
  if (is_syslog_line(text.substr(0, text.find('\n')))) return Format::syslog;
  return Format::unknown;
}

}  // namespace escudo::sources
