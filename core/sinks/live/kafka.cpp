// Kafka, by librdkafka: an idempotent producer with acks=all, so that what librdkafka sends again is
// stored once. The key is the finding_id: revisions of a finding stay in order in one partition.
// Tested by tests/unit/sinks/live_kafka.cpp against librdkafka's own mock cluster.

#include <librdkafka/rdkafka.h>

#include <cstring>

#include "base/files.hpp"
#include "base/properties.hpp"
#include "sinks/live/kinds.hpp"
#include "sinks/live/spooled.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {
namespace {

constexpr std::size_t id_size = 32;

struct ProducerCloser {
  void operator()(rd_kafka_t* producer) const { rd_kafka_destroy(producer); }
};

// What a batch hears of its messages.
struct Batch {
  std::vector<bool> stored;
  std::size_t open = 0;
  std::string trouble;
  bool too_large = false;
};

void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  // Messages of a batch that was given up are purged before the next begins.
  auto* batch = *static_cast<Batch**>(opaque);
  if (!batch) return;
  const auto index = reinterpret_cast<std::size_t>(message->_private);
  --batch->open;
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    batch->stored[index] = true;
  } else {
    batch->trouble = rd_kafka_err2str(message->err);
    batch->too_large = batch->too_large || message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
  }
}

class Kafka final : public Delivery {
 public:
  Kafka(std::string topic, rd_kafka_conf_t* conf) : topic_(std::move(topic)), conf_(conf) {
    rd_kafka_conf_set_dr_msg_cb(conf_, on_delivery);
    // Reports tell what is wrong. A null pointer would not survive the copy of the settings.
    rd_kafka_conf_set_log_cb(conf_, [](const rd_kafka_t*, int, const char*, const char*) {});
    rd_kafka_conf_set_opaque(conf_, &batch_);
  }
  ~Kafka() override {
    close();
    rd_kafka_conf_destroy(conf_);
  }

  std::vector<std::string> encode(const findings::Finding& finding) override {
    std::string key = finding.finding_id;
    key.resize(id_size, '0');
    return {key + finding_json(finding)};
  }
  std::vector<std::string> encode(const Notice& notice) override {
    return {std::string(id_size, ' ') + notice_json(notice)};  // blank: no key
  }

  Outcome deliver(const std::vector<std::string_view>& records, const std::atomic<bool>& stop) override {
    if (auto opened = open(); !opened) return {.trouble = opened.error()};
    Batch batch;
    batch.stored.resize(records.size());
    batch_ = &batch;
    for (std::size_t i = 0; i < records.size() && batch.trouble.empty() && !stop; ++i) produce(records[i], i, batch);
    while (batch.open > 0 && !stop) rd_kafka_poll(producer_.get(), 50);
    if (batch.open > 0) {
      rd_kafka_purge(producer_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
      rd_kafka_flush(producer_.get(), 1000);
    }
    batch_ = nullptr;
    Outcome out;
    // In the order of the spool: what stands behind the first failure is sent again.
    while (out.delivered < records.size() && batch.stored[out.delivered]) ++out.delivered;
    if (out.delivered == records.size()) return out;
    out.trouble = "Kafka: " + (batch.trouble.empty() ? "not all was sent" : batch.trouble);
    out.refused = batch.too_large && out.delivered == 0 && records.size() == 1;
    out.too_large = batch.too_large && records.size() > 1;
    // After a fatal error (the idempotent producer lost its sequence) only a new producer helps.
    char reason[256];
    if (rd_kafka_fatal_error(producer_.get(), reason, sizeof reason) != RD_KAFKA_RESP_ERR_NO_ERROR) close();
    return out;
  }

 private:
  void produce(std::string_view record, std::size_t index, Batch& batch) {
    const std::string_view key = record.substr(0, id_size), value = record.substr(id_size);
    const bool keyed = key.find_first_not_of(' ') != std::string_view::npos;
    for (;;) {
      const rd_kafka_resp_err_t error = rd_kafka_producev(
          producer_.get(), RD_KAFKA_V_TOPIC(topic_.c_str()), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
          RD_KAFKA_V_KEY(keyed ? key.data() : nullptr, keyed ? key.size() : 0),
          RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
          RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(index)), RD_KAFKA_V_END);
      if (error == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        rd_kafka_poll(producer_.get(), 50);
        continue;
      }
      if (error == RD_KAFKA_RESP_ERR_NO_ERROR) {
        ++batch.open;
      } else {
        batch.trouble = rd_kafka_err2str(error);
        batch.too_large = error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
      }
      return;
    }
  }

  base::Result<void> open() {
    if (producer_) return {};
    char error[512];
    rd_kafka_conf_t* conf = rd_kafka_conf_dup(conf_);
    producer_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error));
    if (producer_) return {};
    rd_kafka_conf_destroy(conf);
    return base::Error{std::string("Kafka: ") + error};
  }
  void close() { producer_.reset(); }

  const std::string topic_;
  rd_kafka_conf_t* conf_;
  Batch* batch_ = nullptr;
  std::unique_ptr<rd_kafka_t, ProducerCloser> producer_;
};

}  // namespace

MadeSink make_kafka(base::Spec& spec, const LiveSinkOptions& live) {
  const std::size_t slash = spec.target.find('/');
  if (slash == 0 || slash == std::string::npos || slash + 1 == spec.target.size()) {
    return base::Error{"it wants kafka:HOST:PORT[,HOST:PORT]/TOPIC"};
  }
  const std::string config = spec.text("config", ""), compression = spec.text("compression", "zstd");
  auto spooled = spooled_options(spec, live);
  if (!spooled) return base::Error{spooled.error()};
  if (auto known = spec.all_known(); !known) return base::Error{known.error()};

  std::unique_ptr<rd_kafka_conf_t, void (*)(rd_kafka_conf_t*)> conf(rd_kafka_conf_new(), rd_kafka_conf_destroy);
  std::vector<std::pair<std::string, std::string>> settings = {
      {"bootstrap.servers", spec.target.substr(0, slash)}, {"client.id", "escudo"}, {"linger.ms", "5"},
      {"compression.codec", compression}, {"delivery.timeout.ms", "30000"}};
  if (!config.empty()) {
    auto text = base::read_file(config, 1u << 20);
    if (!text) return base::Error{text.error()};
    if (auto read = base::read_properties(*text, settings); !read) return base::Error{config + ": " + read.error()};
  }
  // What the promise rests on is not for a file to change.
  settings.insert(settings.end(), {{"enable.idempotence", "true"}, {"acks", "all"}});
  for (const auto& [key, value] : settings) {
    char error[512];
    if (rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
      return base::Error{error};
    }
  }
  return make_spooled(std::make_unique<Kafka>(spec.target.substr(slash + 1), conf.release()), *spooled);
}

}  // namespace escudo::sinks
