#pragma once
// A live sink for a destination that may be down: findings go into a spool, a thread of the sink's own
// delivers from it, in order, one batch at a time. Only what the run has committed is sent, so after a
// kill at most the batch that was in flight arrives twice.
// Private to sinks: what a destination must be able to do is Delivery.

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sinks/live.hpp"
#include "base/spec.hpp"

namespace escudo::sinks {

class Delivery {
 public:
  virtual ~Delivery() = default;

  // The records of the spool that this finding or notice becomes: none, one or several. From the
  // thread of the run, and a pure function of its argument.
  virtual std::vector<std::string> encode(const findings::Finding& finding) = 0;
  virtual std::vector<std::string> encode(const Notice& notice) = 0;

  struct Outcome {
    // How many of the records, from the first, are delivered.
    std::size_t delivered = 0;
    // Why the rest is not; "" when all are.
    std::string trouble;
    // The record behind the delivered ones can never be: it is set aside, named and counted.
    bool refused = false;
    // The destination asks to wait so long; 0: back off as usual.
    std::chrono::milliseconds wait{0};
    // The batch is too large for the destination: smaller ones from now on.
    bool too_large = false;
  };
  // Returns once the destination has the records or it failed; soon once `stop` is set. From the
  // thread of the sink.
  virtual Outcome deliver(const std::vector<std::string_view>& records, const std::atomic<bool>& stop) = 0;
};

struct SpooledOptions {
  std::string name;    // for reports
  std::string folder;  // of the spool
  std::uint64_t spool_bytes = 256ull << 20;
  std::uint64_t batch_bytes = 512ull << 10;
  std::size_t batch_records = 1000;
  std::chrono::milliseconds retry_first{250}, retry_most{30'000};
};

// Reads name=NAME, spool=BYTES, batch=BYTES and retry=MILLISECONDS, which all such sinks know.
base::Result<SpooledOptions> spooled_options(base::Spec& spec, const LiveSinkOptions& options);

base::Result<std::unique_ptr<LiveSink>> make_spooled(std::unique_ptr<Delivery> delivery,
                                                     const SpooledOptions& options);

}  // namespace escudo::sinks
