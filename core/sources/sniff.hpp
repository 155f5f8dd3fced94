#pragma once
// What a file is, told by its first bytes. Pure, thread-safe.

#include <string_view>

namespace escudo::sources {

enum class Format {
  empty,  // nothing, or blanks only
  evtx,
  winxml,
  syslog,  // may carry Sysmon's XML
  auditd,
  classic,  // Windows events as Splunk's forwarder renders them in text
  json,    // begins like JSON; whether it holds events the objects tell
  zip,
  seven_zip,
  tar,
  gzip,
  bzip2,
  xz,
  zstd,
  lz4,
  unknown,
};

// `whole`: `head` is all there is.
Format sniff(std::string_view head, bool whole);

}  // namespace escudo::sources
