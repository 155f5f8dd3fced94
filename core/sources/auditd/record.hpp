#pragma once
// One line of a Linux audit log:
//
//   node=web01 type=SYSCALL msg=audit(1722950859.266:6994): arch=c000003e syscall=59 …
//   key="k"<GS>ARCH=x86_64 …
//
// Records are read as Splunk reads them: a line is an event, records of one audit event are not
// joined, and hexadecimal values (proctitle, cmd, arguments with blanks) stay as they are written.
// Pure, thread-safe.

#include <functional>
#include <optional>
#include <string_view>

#include "base/timestamp.hpp"

namespace escudo::sources {

struct AuditHeader {
  std::string_view node;  // empty: the line names none
  std::string_view type;
  std::string_view msg;  // "audit(1722950859.266:6994):"
  base::Time time{};
  std::string_view rest;  // what follows
};

// Nothing when the line is no audit record.
std::optional<AuditHeader> audit_header(std::string_view line);

// What ausearch puts between records: blank lines, "----" and "time->…".
bool is_audit_separator(std::string_view line);

// The key=value pairs of the rest, in order, also those within msg='…' and the enriched ones behind
// the group separator. `found(key, value)`: views into `rest`, values without their quotes. A key
// may come again.
void audit_fields(std::string_view rest,
                  const std::function<void(std::string_view, std::string_view)>& found);

}  // namespace escudo::sources
