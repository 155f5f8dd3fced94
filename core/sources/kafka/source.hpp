#pragma once
// A Kafka topic as a member of a consumer group. docs/fleet.md tells the whole.
//
// Offsets are committed to the group only by committed(): when the findings of what was read are
// durable. A commit carries, as its metadata, where a successor must begin to rebuild the state that
// this member holds of the partition: so far back as `rebuild` says. A member that is given a partition
// whose state it does not hold reads from there; what that tells again has the same finding_id.

#include "sources/live.hpp"

namespace escudo::sources {

// `rest` is BROKERS/TOPIC?group=G[&config=FILE][&rebuild=SECONDS][&instance=NAME][&start=end].
base::Result<std::unique_ptr<LiveSource>> open_kafka(const std::string& rest, const std::string& position,
                                                     const LiveOptions& options);

}  // namespace escudo::sources
