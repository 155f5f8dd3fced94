#pragma once
// MetricsServer: GET /metrics (Prometheus text) and GET /status (JSON) on a port of the loopback
// address, from a thread of its own. Only this machine can ask, and nothing it asks changes anything.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace escudo::runtime {

class MetricsServer {
 public:
  // `metrics` and `status` are called from its thread. Port 0: any free one.
  static base::Result<std::unique_ptr<MetricsServer>> start(std::uint16_t port, std::function<std::string()> metrics,
                                                            std::function<std::string()> status);
  ~MetricsServer();
  std::uint16_t port() const;

 private:
  struct Parts;
  explicit MetricsServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace escudo::runtime
