#pragma once
// librdkafka's built-in mock cluster, with the little that tests need around it. It holds about 5 MB a
// partition and forgets the oldest without a word; everything is gone when it ends.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

struct rd_kafka_s;
struct rd_kafka_mock_cluster_s;

namespace escudo::test {

class KafkaMock {
 public:
  explicit KafkaMock(int brokers = 3);
  ~KafkaMock();
  KafkaMock(const KafkaMock&) = delete;
  KafkaMock& operator=(const KafkaMock&) = delete;

  const std::string& bootstrap() const { return bootstrap_; }  // HOST:PORT,HOST:PORT,…
  void create(const std::string& topic, int partitions);
  // Coming produce requests fail so: librdkafka must retry them.
  void fail_produce(int times);
  void set_down(bool down);  // all brokers
  // A member's next heartbeat tells it to join its group again; then nobody may ask what the group committed.
  void rebalance_without_offsets();
  // Appends; partition -1 lets the key choose. Returns when all are stored.
  void produce(const std::string& topic, const std::vector<std::pair<std::string, std::string>>& keys_and_values,
               int partition = -1);
  // Reads `count` messages from the beginning of all partitions, fewer when `limit` is over.
  std::vector<std::pair<std::string, std::string>> consume(const std::string& topic, std::size_t count,
                                                           std::chrono::seconds limit = std::chrono::seconds(20));
  // As a member of the group would.
  void commit(const std::string& group, const std::string& topic, int partition, long long offset,
              const std::string& metadata);
  // The offset that a group has committed for a partition, -1001 when it has none.
  long long committed(const std::string& group, const std::string& topic, int partition);

 private:
  const int brokers_;
  rd_kafka_s* owner_ = nullptr;
  rd_kafka_mock_cluster_s* cluster_ = nullptr;
  std::string bootstrap_;
};

}  // namespace escudo::test
