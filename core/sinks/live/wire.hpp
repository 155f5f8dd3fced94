#pragma once
// Wire: bytes to a host over UDP, TCP or TLS. wire_stream.cpp: TCP and TLS by libcurl; UDP a file a
// platform. Private to sinks. Threads: one. A wire that failed connects anew at the next send.

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace escudo::sinks {

class Wire {
 public:
  virtual ~Wire() = default;
  // All of it, in one datagram where the wire has datagrams.
  virtual base::Result<void> send(std::string_view bytes, const std::atomic<bool>& stop) = 0;
  // What was sent has arrived at the other machine, as far as the protocol tells; UDP tells nothing.
  virtual base::Result<void> arrived(const std::atomic<bool>&) { return {}; }
};

struct TlsFiles {
  std::string ca, certificate, key;  // PEM; "" for the system's, none, none
};

std::unique_ptr<Wire> udp_wire(const std::string& host, const std::string& port);
std::unique_ptr<Wire> stream_wire(const std::string& host, const std::string& port, bool tls, const TlsFiles& files);

// Bytes a connected TCP socket holds that the peer has not acknowledged; 0 where the system cannot tell.
int unacknowledged_bytes(std::intptr_t socket);

}  // namespace escudo::sinks
