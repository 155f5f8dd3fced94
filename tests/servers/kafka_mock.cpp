#include "kafka_mock.hpp"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <cstdio>
#include <cstdlib>

namespace escudo::test {
namespace {

void set(rd_kafka_conf_t* conf, const char* key, const std::string& value) {
  char error[256];
  if (rd_kafka_conf_set(conf, key, value.c_str(), error, sizeof error) == RD_KAFKA_CONF_OK) return;
  std::fprintf(stderr, "%s\n", error);
  std::abort();
}

rd_kafka_t* make(rd_kafka_type_t type, rd_kafka_conf_t* conf) {
  char error[256];
  rd_kafka_t* out = rd_kafka_new(type, conf, error, sizeof error);
  if (out) return out;
  std::fprintf(stderr, "%s\n", error);
  std::abort();
}

}  // namespace

KafkaMock::KafkaMock(int brokers) : brokers_(brokers) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "log_level", "0");
  owner_ = make(RD_KAFKA_PRODUCER, conf);
  cluster_ = rd_kafka_mock_cluster_new(owner_, brokers);
  if (!cluster_) std::abort();
  bootstrap_ = rd_kafka_mock_cluster_bootstraps(cluster_);
}

KafkaMock::~KafkaMock() {
  rd_kafka_mock_cluster_destroy(cluster_);
  rd_kafka_destroy(owner_);
}

void KafkaMock::create(const std::string& topic, int partitions) {
  rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1);
}

void KafkaMock::set_down(bool down) {
  for (int broker = 1; broker <= brokers_; ++broker) {
    if (down) rd_kafka_mock_broker_set_down(cluster_, broker);
    else rd_kafka_mock_broker_set_up(cluster_, broker);
  }
}

void KafkaMock::fail_produce(int times) {
  for (int i = 0; i < times; ++i) {
    rd_kafka_mock_push_request_errors(cluster_, 0 /* Produce */, 1, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
  }
}

void KafkaMock::rebalance_without_offsets() {
  for (int i = 0; i < 100; ++i) rd_kafka_mock_push_request_errors(cluster_, 9 /* OffsetFetch */, 1, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
  rd_kafka_mock_push_request_errors(cluster_, 12 /* Heartbeat */, 1, RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS);
}

void KafkaMock::produce(const std::string& topic,
                        const std::vector<std::pair<std::string, std::string>>& keys_and_values, int partition) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", bootstrap_);
  set(conf, "linger.ms", "1");
  rd_kafka_t* producer = make(RD_KAFKA_PRODUCER, conf);
  for (const auto& [key, value] : keys_and_values) {
    const auto error = rd_kafka_producev(
        producer, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition < 0 ? RD_KAFKA_PARTITION_UA : partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key.data(), key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()), RD_KAFKA_V_END);
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) std::abort();
    rd_kafka_poll(producer, 0);
  }
  if (rd_kafka_flush(producer, 20'000) != RD_KAFKA_RESP_ERR_NO_ERROR) std::abort();
  rd_kafka_destroy(producer);
}

std::vector<std::pair<std::string, std::string>> KafkaMock::consume(const std::string& topic, std::size_t count,
                                                                    std::chrono::seconds limit) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", bootstrap_);
  set(conf, "group.id", "none");
  set(conf, "enable.auto.commit", "false");
  set(conf, "auto.offset.reset", "earliest");
  rd_kafka_t* consumer = make(RD_KAFKA_CONSUMER, conf);
  rd_kafka_poll_set_consumer(consumer);
  const rd_kafka_metadata_t* metadata = nullptr;
  rd_kafka_topic_partition_list_t* all = rd_kafka_topic_partition_list_new(4);
  rd_kafka_topic_t* handle = rd_kafka_topic_new(consumer, topic.c_str(), nullptr);
  if (rd_kafka_metadata(consumer, 0, handle, &metadata, 10'000) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) {
      rd_kafka_topic_partition_list_add(all, topic.c_str(), metadata->topics[0].partitions[i].id)->offset =
          RD_KAFKA_OFFSET_BEGINNING;
    }
    rd_kafka_metadata_destroy(metadata);
  }
  rd_kafka_topic_destroy(handle);
  rd_kafka_assign(consumer, all);
  rd_kafka_topic_partition_list_destroy(all);
  std::vector<std::pair<std::string, std::string>> out;
  const auto end = std::chrono::steady_clock::now() + limit;
  while (out.size() < count && std::chrono::steady_clock::now() < end) {
    rd_kafka_message_t* message = rd_kafka_consumer_poll(consumer, 100);
    if (!message) continue;
    if (!message->err) {
      out.emplace_back(std::string(static_cast<const char*>(message->key), message->key_len),
                       std::string(static_cast<const char*>(message->payload), message->len));
    }
    rd_kafka_message_destroy(message);
  }
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return out;
}

void KafkaMock::commit(const std::string& group, const std::string& topic, int partition, long long offset,
                       const std::string& metadata) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", bootstrap_);
  set(conf, "group.id", group);
  rd_kafka_t* consumer = make(RD_KAFKA_CONSUMER, conf);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  auto* each = rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
  each->offset = offset;
  each->metadata = rd_kafka_mem_malloc(consumer, metadata.size());
  each->metadata_size = metadata.size();
  metadata.copy(static_cast<char*>(each->metadata), metadata.size());
  if (rd_kafka_commit(consumer, list, 0) != RD_KAFKA_RESP_ERR_NO_ERROR) std::abort();
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(consumer);
}

long long KafkaMock::committed(const std::string& group, const std::string& topic, int partition) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", bootstrap_);
  set(conf, "group.id", group);
  rd_kafka_t* consumer = make(RD_KAFKA_CONSUMER, conf);
  rd_kafka_topic_partition_list_t* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
  long long out = -1;
  if (rd_kafka_committed(consumer, list, 10'000) == RD_KAFKA_RESP_ERR_NO_ERROR) out = list->elems[0].offset;
  rd_kafka_topic_partition_list_destroy(list);
  rd_kafka_destroy(consumer);
  return out;
}

}  // namespace escudo::test
