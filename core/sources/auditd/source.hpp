#pragma once
// Linux audit logs: /var/log/audit/audit.log and what `ausearch --raw` or plain ausearch prints.
// See docs/formats.md.

#include <memory>

#include "sources/reader.hpp"

namespace escudo::sources {

std::unique_ptr<Source> open_auditd(Job job);

}  // namespace escudo::sources
