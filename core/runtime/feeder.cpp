#include "runtime/feeder.hpp"

#include <algorithm>

namespace escudo::runtime {

namespace {
// A source that has nothing looks again at least so often.
constexpr std::chrono::milliseconds kPoll{1000};
}  // namespace

void Deliveries::push(Delivery delivery) {
  std::unique_lock lock(mutex_);
  const auto is_mine = [&](const Delivery& each) { return each.source == delivery.source; };
  changed_.wait(lock, [&] { return closed_ || std::ranges::count_if(queue_, is_mine) < static_cast<std::ptrdiff_t>(kMost); });
  if (closed_) return;
  queue_.push_back(std::move(delivery));
  changed_.notify_all();
}

std::deque<Delivery> Deliveries::take(std::chrono::milliseconds wait, std::vector<bool> within_block) {
  const auto wanted = [&](const Delivery& each) { return within_block.empty() || within_block[each.source]; };
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [&] { return woken_ || std::ranges::any_of(queue_, wanted); });
  woken_ = false;
  std::deque<Delivery> out, rest;
  for (Delivery& each : queue_) {
    const bool mine = wanted(each);
    if (mine && !within_block.empty()) within_block[each.source] = !each.position.has_value();
    (mine ? out : rest).push_back(std::move(each));
  }
  queue_ = std::move(rest);
  changed_.notify_all();
  return out;
}

void Deliveries::wake() {
  std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_all();
}

void Deliveries::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

Feeder::Feeder(std::size_t index, std::unique_ptr<sources::LiveSource> source, std::shared_ptr<const Knowledge> knowledge,
               std::map<std::string, std::uint64_t> last_ids, Deliveries& to)
    : index_(index), source_(std::move(source)), last_ids_(std::move(last_ids)), to_(to) {
  set_knowledge(std::move(knowledge));
}

Feeder::~Feeder() { stop(); }

void Feeder::start() {
  thread_ = std::thread([this] { work(); });
}

void Feeder::stop() {
  stopped_ = true;
  source_->stop();
  if (thread_.joinable()) thread_.join();
}

void Feeder::set_knowledge(std::shared_ptr<const Knowledge> knowledge) {
  matcher_.reset();
  knowledge_ = std::move(knowledge);
  matcher_ = std::make_unique<detect::Matcher>(*knowledge_->book);
}

void Feeder::committed(std::string position) {
  std::lock_guard lock(committed_mutex_);
  committed_ = std::move(position);
}

void Feeder::work() {
  event::Batch batch;
  bool told_caught_up = false, told_position = false;
  std::vector<int> told_behind;
  while (!stopped_) {
    const auto got = source_->poll(batch, kPoll);
    if (stopped_) return;
    {
      std::unique_lock lock(committed_mutex_);
      if (auto position = std::exchange(committed_, std::nullopt)) {
        lock.unlock();
        source_->committed(*position);
      }
    }
    std::lock_guard busy(busy_);
    Delivery delivery;
    delivery.source = index_;
    delivery.notices = source_->take_notices();
    delivery.ended = got == sources::LiveSource::Got::ended;
    // A source that cannot read what there is, or has not looked yet, does not know what lies ahead.
    sources::LiveReport report = source_->report();
    delivery.caught_up = delivery.ended || (got == sources::LiveSource::Got::nothing && report.at_end && (report.trouble.empty() || report.absent));
    delivery.part = source_->part();
    delivery.behind = std::move(report.behind);
    if (got == sources::LiveSource::Got::events) {
      delivery.events = batch.events.size();
      if (source_->numbers_records()) check_ids(batch, delivery);
      delivery.matches = matcher_->match(batch);
    }
    delivery.position = source_->position();
    if (got == sources::LiveSource::Got::nothing && delivery.caught_up == told_caught_up && delivery.notices.empty() &&
        delivery.position.has_value() == told_position && delivery.behind == told_behind)
      continue;   // nothing new
    told_caught_up = delivery.caught_up;
    told_position = delivery.position.has_value();
    told_behind = delivery.behind;
    to_.push(std::move(delivery));
    if (got == sources::LiveSource::Got::ended) return;
  }
}

// Ids of one channel of one host follow each other without a gap; smaller ones mean that the log was
// cleared and begins anew.
void Feeder::check_ids(const event::Batch& batch, Delivery& delivery) {
  static const event::FieldId computer = event::intern("Computer");
  std::string key;
  for (const event::Event& e : batch.events) {
    if (e.record_id == 0) continue;
    const std::string_view host = e.get(computer);
    key.assign(e.channel).append("\n").append(host);
    auto [at, fresh] = last_ids_.try_emplace(key, e.record_id);
    const std::uint64_t before = at->second;
    if (!fresh && e.record_id != before + 1 && e.record_id != before) {
      const bool gap = e.record_id > before;
      sources::LogNotice n;
      n.kind = gap ? "gap" : "cleared";
      n.channel = e.channel;
      n.host = host;
      n.first = gap ? before + 1 : e.record_id;
      n.last = gap ? e.record_id - 1 : before;
      n.text = gap ? std::to_string(e.record_id - before - 1) + " records of " + std::string(e.channel) + " are missing"
                   : std::string(e.channel) + " begins anew at record " + std::to_string(e.record_id);
      delivery.notices.push_back(std::move(n));
    }
    at->second = e.record_id;
    delivery.last_ids[key] = e.record_id;
  }
}

}  // namespace escudo::runtime
