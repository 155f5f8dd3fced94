#pragma once
// The text in which Splunk's forwarder renders Windows events (sourcetype WinEventLog): a line with
// the time, lines LogName=… to Message=…, and the message as Event Viewer shows it, over many
// lines. See docs/formats.md.

#include <memory>

#include "sources/reader.hpp"

namespace escudo::sources {

std::unique_ptr<Source> open_classic(Job job);

}  // namespace escudo::sources
