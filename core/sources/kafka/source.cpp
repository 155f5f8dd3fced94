// Tested by tests/unit/sources/kafka.cpp against librdkafka's own mock cluster.

#include "sources/kafka/source.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <charconv>
#include <mutex>
#include <set>
#include <utility>

#include "base/files.hpp"
#include "base/properties.hpp"
#include "base/spec.hpp"
#include "sources/kafka/progress.hpp"
#include "sources/messages.hpp"

namespace escudo::sources {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::size_t block_messages = 1000, block_bytes = 1 << 20;
constexpr int ask_ms = 10'000;
// While something is wrong the brokers are asked so often whether it still is.
constexpr auto between_questions = std::chrono::seconds(2);
constexpr int question_ms = 300;

struct PartitionsCloser {
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
};
using Partitions = std::unique_ptr<rd_kafka_topic_partition_list_t, PartitionsCloser>;
struct MessageCloser {
  void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using Message = std::unique_ptr<rd_kafka_message_t, MessageCloser>;

struct Settings {
  std::string topic;
  std::int64_t rebuild_ms = 0;
  bool from_end = false, once = false;
};

class Kafka final : public LiveSource {
 public:
  Kafka(Settings settings, const std::string& name, const OpenOptions& open)
      : settings_(std::move(settings)), progress_(settings_.rebuild_ms), messages_(name, open) {}
  ~Kafka() override {
    if (!consumer_) return;
    held_.reset();
    rd_kafka_consumer_close(consumer_);
    rd_kafka_destroy(consumer_);
  }

  base::Result<void> start(rd_kafka_conf_t* conf, const std::string& position) {
    if (!position.empty() && !progress_.parse(position)) {
      rd_kafka_conf_destroy(conf);
      return base::Error{"the position kept for the topic " + settings_.topic + " is damaged"};
    }
    tell_ends();
    rd_kafka_conf_set_opaque(conf, this);
    rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t*, int, const char*, const char*) {});
    rd_kafka_conf_set_rebalance_cb(conf, [](rd_kafka_t*, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list,
                                            void* self) { static_cast<Kafka*>(self)->rebalance(what, list); });
    rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t*, int, const char* reason, void* self) {
      static_cast<Kafka*>(self)->set_trouble(reason);
    });
    char error[512];
    consumer_ = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof error);
    if (!consumer_) {
      rd_kafka_conf_destroy(conf);
      return base::Error{error};
    }
    rd_kafka_poll_set_consumer(consumer_);
    const Partitions topics(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(topics.get(), settings_.topic.c_str(), RD_KAFKA_PARTITION_UA);
    const rd_kafka_resp_err_t code = rd_kafka_subscribe(consumer_, topics.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return base::Error{rd_kafka_err2str(code)};
    return {};
  }

  Got poll(event::Batch& batch, milliseconds wait) override {
    const Got got = read(batch, wait);
    tell_ends();
    return got;
  }

  std::optional<int> part() const override { return part_; }

  std::optional<std::string> position() const override {
    if (!messages_.drained()) return {};
    return progress_.text();
  }

  void committed(const std::string& position) override {
    KafkaProgress done(settings_.rebuild_ms);
    if (!done.parse(position)) return;
    const Partitions list(rd_kafka_topic_partition_list_new(4));
    for (const auto& [number, partition] : done.partitions()) {
      if (!assigned_.contains(number)) continue;  // another member's by now
      auto* each = rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(), number);
      each->offset = partition.next;
      // librdkafka frees what it finds here with its own allocator.
      const std::string rebuild = std::to_string(done.rebuild(number));
      each->metadata = rd_kafka_mem_malloc(consumer_, rebuild.size());
      each->metadata_size = rebuild.size();
      std::copy(rebuild.begin(), rebuild.end(), static_cast<char*>(each->metadata));
    }
    if (list->cnt > 0) rd_kafka_commit(consumer_, list.get(), 1);
  }

  std::vector<LogNotice> take_notices() override { return std::exchange(notices_, {}); }

  LiveReport report() const override {
    const std::scoped_lock lock(mutex_);
    return report_;
  }
  void stop() override { stopped_ = true; }

 private:
  Got read(event::Batch& batch, milliseconds wait) {
    batch.clear();
    const auto until = Steady::now() + wait;
    for (;;) {
      if (messages_.next(batch)) {
        const std::scoped_lock lock(mutex_);
        report_.events += batch.events.size();
        return Got::events;
      }
      if (stopped_) return Got::nothing;
      if (settings_.once && given_ && std::ranges::includes(at_end_, assigned_)) return Got::ended;
      const auto left = std::chrono::ceil<milliseconds>(until - Steady::now());
      if (read_block(std::clamp(left, milliseconds(0), milliseconds(100)))) continue;
      ask_whether_well();
      if (Steady::now() >= until) return Got::nothing;
    }
  }

  // Where the partitions stand. Until the group has given them, none of those that were read is known
  // to be at its end.
  void tell_ends() {
    std::vector<int> behind;
    if (given_ && in_doubt_) {
      behind.assign(assigned_.begin(), assigned_.end());
    } else if (given_) {
      std::ranges::set_difference(assigned_, at_end_, std::back_inserter(behind));
      if (!messages_.drained() && part_ && at_end_.contains(*part_)) behind.push_back(*part_);
    } else {
      for (const auto& [number, partition] : progress_.partitions()) behind.push_back(number);
    }
    const std::scoped_lock lock(mutex_);
    report_.at_end = given_ && behind.empty();
    report_.behind = std::move(behind);
  }

  // Of one partition, so that each has a time of its own. False when no message came.
  bool read_block(milliseconds wait) {
    std::vector<std::string> texts;
    std::size_t bytes = 0;
    while (texts.size() < block_messages && bytes < block_bytes) {
      Message message = std::move(held_);
      if (!message) message.reset(rd_kafka_consumer_poll(consumer_, texts.empty() ? static_cast<int>(wait.count()) : 0));
      if (!message) break;
      if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        at_end_.insert(message->partition);
        break;
      }
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        set_trouble(rd_kafka_message_errstr(message.get()));
        break;
      }
      if (!texts.empty() && message->partition != part_) {
        held_ = std::move(message);
        break;
      }
      part_ = message->partition;
      // With `once` the end that was reached first is the end.
      if (!settings_.once) at_end_.erase(message->partition);
      rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
      progress_.read(message->partition, message->offset, rd_kafka_message_timestamp(message.get(), &type));
      texts.emplace_back(static_cast<const char*>(message->payload), message->len);
      bytes += message->len;
    }
    if (texts.empty()) return false;
    messages_.take(std::move(texts));
    const std::uint64_t backlog = count_backlog();
    const std::scoped_lock lock(mutex_);
    report_.bytes += bytes;
    report_.damaged = messages_.damaged();
    report_.backlog_records = backlog;
    report_.trouble.clear();
    return true;
  }

  // A silent topic tells of trouble but not of its end.
  void ask_whether_well() {
    if (!in_doubt_ || !given_ || Steady::now() - asked_ < between_questions) return;
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto code = rd_kafka_metadata(consumer_, 0, nullptr, &metadata, question_ms);
    asked_ = Steady::now();
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    bool well = false;
    for (int i = 0; i < metadata->topic_cnt; ++i) {
      const auto& topic = metadata->topics[i];
      well = well || (topic.topic == settings_.topic && topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && topic.partition_cnt > 0);
    }
    rd_kafka_metadata_destroy(metadata);
    if (!well || !look_again()) return;
    in_doubt_ = false;
    const std::scoped_lock lock(mutex_);
    report_.trouble.clear();
  }

  // What came meanwhile is not heard of yet: each partition must tell anew that this is its end, and it
  // does so for a reader that begins.
  bool look_again() {
    held_.reset();
    const Partitions list(rd_kafka_topic_partition_list_new(4));
    for (const int partition : assigned_)
      if (const auto next = progress_.next(partition))
        rd_kafka_topic_partition_list_add(list.get(), settings_.topic.c_str(), partition)->offset = *next;
    if (list->cnt == 0) return true;
    if (rd_kafka_error_t* error = rd_kafka_seek_partitions(consumer_, list.get(), question_ms)) {
      rd_kafka_error_destroy(error);
      return false;
    }
    for (int i = 0; i < list->cnt; ++i) {
      if (list->elems[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) return false;
      at_end_.erase(list->elems[i].partition);
    }
    return true;
  }

  std::uint64_t count_backlog() const {
    std::uint64_t out = 0;
    for (const int partition : assigned_) {
      std::int64_t low = 0, high = 0;
      const auto next = progress_.next(partition);
      if (next && rd_kafka_get_watermark_offsets(consumer_, settings_.topic.c_str(), partition, &low, &high) ==
                      RD_KAFKA_RESP_ERR_NO_ERROR && high > *next) {
        out += static_cast<std::uint64_t>(high - *next);
      }
    }
    return out;
  }

  void rebalance(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t* list) {
    if (what != RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      assigned_.clear();
      at_end_.clear();
      given_ = false;
      rd_kafka_assign(consumer_, nullptr);
      return;
    }
    // Where the group stands, with what its members left as metadata.
    const Partitions committed(rd_kafka_topic_partition_list_copy(list));
    const bool known = rd_kafka_committed(consumer_, committed.get(), ask_ms) == RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; i < list->cnt; ++i) {
      auto& each = list->elems[i];
      assigned_.insert(each.partition);
      if (known) {
        each.offset = start_of(each.partition, committed->elems[i]);
      } else {
        // What this member has read itself it knows without the group.
        each.offset = progress_.next(each.partition).value_or(RD_KAFKA_OFFSET_STORED);
      }
    }
    given_ = true;
    rd_kafka_assign(consumer_, list);
  }

  std::int64_t start_of(int partition, const rd_kafka_topic_partition_t& group) {
    std::int64_t start = settings_.from_end ? RD_KAFKA_OFFSET_END : RD_KAFKA_OFFSET_BEGINNING;
    if (group.offset >= 0) {
      // The state of what stands before the group's offset, as far back as it matters.
      start = group.offset;
      std::int64_t rebuild = 0;
      const std::string_view metadata(static_cast<const char*>(group.metadata), group.metadata_size);
      const auto [end, error] = std::from_chars(metadata.data(), metadata.data() + metadata.size(), rebuild);
      if (error == std::errc() && rebuild >= 0 && rebuild < start) start = rebuild;
    }
    // What this member has read already is in its state: never twice.
    if (const auto own = progress_.next(partition); own && *own > start) start = *own;
    if (start < 0) return start;
    std::int64_t low = 0, high = 0;
    if (rd_kafka_query_watermark_offsets(consumer_, settings_.topic.c_str(), partition, &low, &high, ask_ms) ==
            RD_KAFKA_RESP_ERR_NO_ERROR && start < low) {
      const std::int64_t unread = std::max(start, group.offset);
      if (unread < low) tell_lost(partition, unread, low - 1);
      start = low;
    }
    if (progress_.next(partition) != start) progress_.begin(partition, start);
    return start;
  }

  void tell_lost(int partition, std::int64_t first, std::int64_t last) {
    LogNotice notice;
    notice.kind = "lost";
    notice.channel = settings_.topic + "/" + std::to_string(partition);
    notice.first = static_cast<std::uint64_t>(first);
    notice.last = static_cast<std::uint64_t>(last);
    notice.text = "the topic's retention removed " + std::to_string(last - first + 1) + " messages of partition " +
                  std::to_string(partition) + " before they were read";
    notices_.push_back(std::move(notice));
  }

  void set_trouble(const char* why) {
    in_doubt_ = true;
    const std::scoped_lock lock(mutex_);
    report_.trouble = std::string("Kafka: ") + why;
  }

  const Settings settings_;
  rd_kafka_t* consumer_ = nullptr;
  KafkaProgress progress_;
  Messages messages_;
  std::set<int> assigned_, at_end_;
  bool given_ = false;   // partitions were handed out, and not taken back
  bool in_doubt_ = false;     // after trouble: more may have come than was told
  std::optional<int> part_;   // the partition of the block
  Message held_;         // of the next block; nobody polls while there is one
  Steady::time_point asked_{};
  std::vector<LogNotice> notices_;
  std::atomic<bool> stopped_ = false;
  mutable std::mutex mutex_;
  LiveReport report_;
};

}  // namespace

base::Result<std::unique_ptr<LiveSource>> open_kafka(const std::string& rest, const std::string& position,
                                                     const LiveOptions& options) {
  auto spec = base::Spec::parse("kafka:" + rest);
  if (!spec) return base::Error{spec.error()};
  const std::size_t slash = spec->target.find('/');
  const std::string group = spec->text("group", ""), config = spec->text("config", ""),
                    instance = spec->text("instance", ""), start = spec->text("start", "begin");
  auto rebuild = spec->number("rebuild", 5400, 0, 31 * 86'400);
  if (!rebuild) return base::Error{rebuild.error()};
  if (auto known = spec->all_known(); !known) return base::Error{known.error()};
  if (slash == 0 || slash == std::string::npos || slash + 1 == spec->target.size() || group.empty()) {
    return base::Error{"it wants kafka:HOST:PORT[,HOST:PORT]/TOPIC?group=GROUP"};
  }
  if (start != "begin" && start != "end") return base::Error{"start is begin or end, not \"" + start + "\""};

  std::vector<std::pair<std::string, std::string>> settings = {
      {"bootstrap.servers", spec->target.substr(0, slash)}, {"client.id", "escudo"}};
  if (!config.empty()) {
    auto text = base::read_file(config, 1u << 20);
    if (!text) return base::Error{text.error()};
    if (auto read = base::read_properties(*text, settings); !read) return base::Error{config + ": " + read.error()};
  }
  if (!instance.empty()) settings.emplace_back("group.instance.id", instance);
  // What the promise rests on is not for a file to change.
  settings.insert(settings.end(), {{"group.id", group},
                                   {"enable.auto.commit", "false"},
                                   {"enable.auto.offset.store", "false"},
                                   {"partition.assignment.strategy", "range"},
                                   {"enable.partition.eof", "true"},
                                   {"auto.offset.reset", "earliest"}});
  std::unique_ptr<rd_kafka_conf_t, void (*)(rd_kafka_conf_t*)> conf(rd_kafka_conf_new(), rd_kafka_conf_destroy);
  for (const auto& [key, value] : settings) {
    char error[512];
    if (rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), error, sizeof error) != RD_KAFKA_CONF_OK) {
      return base::Error{error};
    }
  }
  Settings own{spec->target.substr(slash + 1), static_cast<std::int64_t>(*rebuild) * 1000, start == "end", options.once};
  auto source = std::make_unique<Kafka>(std::move(own), "kafka:" + spec->target, options.open);
  if (auto started = source->start(conf.release(), position); !started) return base::Error{started.error()};
  return std::unique_ptr<LiveSource>(std::move(source));
}

}  // namespace escudo::sources
