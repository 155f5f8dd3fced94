// Tested by tests/unit/runtime/tail_test.cpp and tests/tail.
#include "runtime/tail.hpp"

#include <algorithm>
#include <filesystem>
#include <future>
#include <set>
#include <thread>

#include "base/files.hpp"
#include "risk/ledger.hpp"
#include "runtime/feeder.hpp"
#include "runtime/state_lock.hpp"
#include "runtime/stored_state.hpp"
#include "runtime/tail_channel.hpp"
#include "runtime/tail_sinks.hpp"
#include "store/store.hpp"

namespace escudo::runtime {
namespace {

using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

// Events from further in the future than this do not move time on.
constexpr auto kClockSkew = std::chrono::minutes(10);
// Sources that are read in blocks seldom end one at the same moment: after so long without a commit those
// that stand at an end wait for the others.
constexpr auto kCommitDue = 2s;
// How long a stop waits for sinks that do not take what they were given.
constexpr auto kPatienceAtStop = 5s;

base::Time wall_now() { return std::chrono::floor<base::Duration>(std::chrono::system_clock::now()); }
detect::Tick tick() { return std::chrono::floor<detect::Tick>(Steady::now().time_since_epoch()); }

}  // namespace

struct Tail::Parts {
  TailOptions options;
  TailHooks hooks;
  std::shared_ptr<const Knowledge> knowledge;
  std::unique_ptr<StateLock> lock;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<StoredState> state;
  std::unique_ptr<detect::LiveRun> run;
  std::unique_ptr<risk::Ledger> ledger;
  TailSinks sinks;
  std::vector<TailChannel> channels;
  Deliveries deliveries;
  std::int64_t space_sources = 0, space_status = 0;

  std::atomic<bool> stopping{false}, reload_wanted{false};
  std::future<std::shared_ptr<const Knowledge>> loading;
  bool dirty = false;          // something changed since the last commit
  Steady::time_point last_commit{};
  std::size_t warned = 0;      // of run->warnings()
  TailStatus status;           // of the run's thread
  std::string stored_status;
  std::mutex published_mutex;
  TailStatus published;        // what other threads get of it

  void warn(const std::string& sentence) const {
    if (hooks.warn) hooks.warn(sentence);
  }
  base::Result<void> open();
  base::Result<void> work();
  void take(Delivery delivery);
  void tell(bool all);
  base::Result<void> open_sources();
  std::vector<bool> within_blocks() const;
  base::Result<bool> commit(bool final);
  void advance();
  void start_loading();
  void use_loaded();
  void update_status();
  void publish();
  std::chrono::milliseconds until_next() const;
};

// ---- opening ---------------------------------------------------------------------------------------

base::Result<void> Tail::Parts::open() {
  std::string path = ":memory:";
  if (!options.state.empty()) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(std::u8string(options.state.begin(), options.state.end())), error);
    auto taken = StateLock::take(options.state);
    if (!taken) return base::Error{taken.error()};
    lock = std::move(taken).value();
    path = base::join_path(options.state, "state.db");
  }
  auto opened = store::Store::open(path);
  if (!opened) return base::Error{opened.error()};
  store = std::move(opened).value();
  state = std::make_unique<StoredState>(*store);
  space_sources = store->space("sources");
  space_status = store->space("status");
  ledger = std::make_unique<risk::Ledger>(*store);
  run = std::make_unique<detect::LiveRun>(*knowledge->book, *state, options.retention);
  if (auto opening = sinks.open(options.sinks, options.state, *store, [this](const std::string& text) { warn(text); }); !opening)
    return opening;
  if (auto sources_open = open_sources(); !sources_open) return sources_open;
  dirty = true;
  auto first = commit(false);
  if (!first) return base::Error{first.error()};
  return {};
}

// State is kept by what a source is, not by how its options are set today. What versions before kept under the
// whole of --source is taken over.
base::Result<void> Tail::Parts::open_sources() {
  std::set<std::string> names;
  for (const std::string& given : options.sources)
    for (const std::string& spec : sources::live_parts(given)) {
      TailChannel channel;
      channel.spec = spec;
      channel.name = sources::live_name(spec);
      if (!names.insert(channel.name).second) return base::Error{"two sources are `" + channel.name + "`"};
      auto saved = store->get(space_sources, channel.name);
      if (!saved) saved = store->get(space_sources, given);
      if (saved) channel.unpack(*saved);
      sources::LiveOptions how;
      how.open = options.open;
      how.once = options.once;
      auto source = sources::open_live(spec, channel.position, how);
      if (!source) return base::Error{source.error()};
      channel.behind = source.value()->report().behind;
      channel.feeder = std::make_unique<Feeder>(channels.size(), std::move(source).value(), knowledge, channel.last_ids, deliveries);
      channels.push_back(std::move(channel));
    }
  return {};
}

base::Result<std::unique_ptr<Tail>> Tail::open(TailOptions options, std::shared_ptr<const Knowledge> knowledge, TailHooks hooks) {
  auto parts = std::make_unique<Parts>();
  parts->options = std::move(options);
  parts->hooks = std::move(hooks);
  parts->knowledge = std::move(knowledge);
  if (auto opened = parts->open(); !opened) return base::Error{opened.error()};
  return std::unique_ptr<Tail>(new Tail(std::move(parts)));
}

Tail::Tail(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Tail::~Tail() {
  parts_->deliveries.close();
  for (TailChannel& channel : parts_->channels) channel.feeder->stop();
}

// ---- the loop --------------------------------------------------------------------------------------

base::Result<void> Tail::run() { return parts_->work(); }

void Tail::stop() {
  parts_->stopping = true;
  parts_->deliveries.wake();
}

void Tail::reload() {
  parts_->reload_wanted = true;
  parts_->deliveries.wake();
}

base::Result<void> Tail::Parts::work() {
  for (TailChannel& channel : channels) channel.feeder->start();
  while (!stopping && !store->failed()) {
    const bool due = Steady::now() - last_commit >= kCommitDue;
    for (Delivery& delivery : deliveries.take(until_next(), due ? within_blocks() : std::vector<bool>{})) take(std::move(delivery));
    advance();
    tell(false);
    if (reload_wanted.exchange(false)) start_loading();
    use_loaded();
    if (std::ranges::all_of(channels, [](const TailChannel& c) { return c.ended; })) break;
    if (Steady::now() - std::max(last_commit, sinks.last_settle()) < options.between_commits) continue;
    // Sinks that take no more stop the reading: the logs are the buffer.
    for (auto done = commit(false); sinks.blocked() && !stopping && !store->failed(); done = commit(false)) {
      if (sinks.broken()) return base::Error{done.error()};
      if (!done) std::this_thread::sleep_for(100ms);
    }
  }
  if (store->failed()) return base::Error{store->failure()};
  deliveries.close();
  for (TailChannel& channel : channels) channel.feeder->stop();
  tell(true);
  // A source that was stopped within a block goes back to the last position that was committed with
  // everything after it.
  const auto until = Steady::now() + kPatienceAtStop;
  for (;;) {
    auto done = commit(true);
    if (!done || store->failed()) return base::Error{done ? store->failure() : done.error()};
    if (*done) return {};
    if (Steady::now() >= until) return base::Error{"sinks did not take what was found last; it is found again next time"};
  }
}

std::chrono::milliseconds Tail::Parts::until_next() const {
  auto wait = std::chrono::milliseconds(1000);
  if (const auto due = run->next_due()) wait = std::clamp(std::chrono::milliseconds(*due == detect::Tick::min() ? 0ms : *due - tick()), 0ms, wait);
  if (dirty) {
    const auto since = std::chrono::floor<std::chrono::milliseconds>(Steady::now() - std::max(last_commit, sinks.last_settle()));
    wait = std::min(wait, std::max<std::chrono::milliseconds>(1ms, options.between_commits - since));
  }
  return wait;
}

void Tail::Parts::take(Delivery d) {
  TailChannel& channel = channels[d.source];
  dirty = true;
  status.events += d.events;
  for (auto& [key, id] : d.last_ids) channel.last_ids[key] = id;
  for (sources::LogNotice& n : d.notices) {
    ++status.notices;
    sinks.add(sinks::Notice{n.kind, channel.name, n.channel, n.host, n.first, n.last, wall_now(), n.text});
    warn(n.text);
  }
  if (d.matches.has_time) {
    const base::Time wall = wall_now();
    if (d.matches.last_time > wall + kClockSkew) {
      ++status.future;
    } else {
      channel.heard(d.part, d.matches.last_time, wall);
    }
  }
  channel.behind = std::move(d.behind);
  channel.caught_up = d.caught_up;
  channel.ended = channel.ended || d.ended;
  run->feed(std::move(d.matches), tick());
  channel.mid_block = !d.position.has_value();
  if (d.position) channel.position = std::move(*d.position);
}

void Tail::Parts::advance() {
  const std::optional<base::Time> now = time_of(channels, wall_now());
  if (!now) return;
  const auto window = run->next_window();
  // Time that only passes is nothing to keep.
  if (window && *window <= *now) dirty = true;
  run->advance(*now);
}

void Tail::Parts::tell(bool all) {
  for (const findings::Finding& finding : run->take(tick(), all)) {
    dirty = true;
    ledger->record(finding);
    sinks.add(finding);
  }
  for (; warned < run->warnings().size(); ++warned) warn(run->warnings()[warned]);
}

std::vector<bool> Tail::Parts::within_blocks() const {
  std::vector<bool> out;
  for (const TailChannel& channel : channels) out.push_back(channel.mid_block);
  return std::ranges::find(out, true) == out.end() ? std::vector<bool>{} : out;
}

// False: not possible yet (a block is half read, a sink is behind); nothing is lost by waiting.
base::Result<bool> Tail::Parts::commit(bool final) {
  update_status();
  if (!dirty) return true;
  // While a source is within a block its position is of before what was fed: all or nothing.
  const bool mid_block = std::ranges::any_of(channels, [](const TailChannel& c) { return c.mid_block; });
  if (mid_block && final) return true;   // what came after the last commit comes again
  auto settled = sinks.settle(final);
  status.trouble = sinks.trouble();
  if (!settled || !*settled) {
    publish();
    return settled;
  }
  run->save();
  // However long a block is: what was found in it waits in the sinks' files, not in memory.
  if (mid_block) return false;
  for (const TailChannel& channel : channels) store->put(space_sources, channel.name, channel.pack());
  sinks.save();
  update_status();
  store->put(space_status, "status", stored_status);
  if (auto committed = store->commit(); !committed) {
    status.trouble = committed.error();
    return base::Error{committed.error()};
  }
  ++status.commits;
  publish();
  dirty = false;
  last_commit = Steady::now();
  sinks.committed();
  for (TailChannel& channel : channels) channel.feeder->committed(channel.position);
  return true;
}

// ---- new rules -------------------------------------------------------------------------------------

void Tail::Parts::start_loading() {
  if (loading.valid()) {
    reload_wanted = true;   // again, once this is done
    return;
  }
  loading = std::async(std::launch::async, [this]() -> std::shared_ptr<const Knowledge> {
    std::shared_ptr<const Knowledge> loaded = load_knowledge(options.knowledge);
    deliveries.wake();
    return loaded;
  });
}

void Tail::Parts::use_loaded() {
  if (!loading.valid() || loading.wait_for(0s) != std::future_status::ready) return;
  std::shared_ptr<const Knowledge> loaded = loading.get();
  for (const base::Diagnostic& d : loaded->rule_set.problems)
    if (d.severity == base::Severity::error && hooks.show) hooks.show(d);
  if (const std::string wrong = why_refused(*loaded); !wrong.empty()) {
    ++status.reloads_failed;
    warn("the new rules are not taken, the old ones stay: " + wrong);
    return;
  }
  // Nobody matches while the rules change, and what was matched by the old ones goes through them.
  std::vector<std::unique_lock<std::mutex>> pauses;
  for (TailChannel& channel : channels)
    for (;;) {
      auto pause = channel.feeder->try_pause();
      if (pause.owns_lock()) {
        pauses.push_back(std::move(pause));
        break;
      }
      for (Delivery& delivery : deliveries.take(10ms)) take(std::move(delivery));
    }
  for (Delivery& delivery : deliveries.take(0ms)) take(std::move(delivery));
  tell(false);
  run->save();
  const std::shared_ptr<const Knowledge> old = std::exchange(knowledge, std::move(loaded));
  run.reset();
  run = std::make_unique<detect::LiveRun>(*knowledge->book, *state, options.retention);
  for (TailChannel& channel : channels) channel.feeder->set_knowledge(knowledge);
  warned = 0;
  dirty = true;
  ++status.reloads;
  warn("new rules are in use: " + std::to_string(knowledge->book->rules().size()) + " detections");
}

// ---- status ----------------------------------------------------------------------------------------

void Tail::Parts::update_status() {
  status.sources.clear();
  status.damaged = 0;
  const base::Time wall = wall_now();
  for (const TailChannel& channel : channels) {
    SourceStatus s{channel.spec, channel.feeder->report(), 0, channel.caught_up};
    if (!channel.caught_up && channel.latest) s.lag_seconds = std::chrono::duration<double>(wall - *channel.latest).count();
    status.damaged += s.report.damaged;
    status.sources.push_back(std::move(s));
  }
  status.sinks = sinks.reports();
  status.counts = run->counts();
  status.costs.clear();
  for (const detect::RuleCost& cost : run->costs()) {
    if (status.costs.size() >= 20) break;
    status.costs.emplace_back(cost.rule->name, cost);
  }
  status.rules_running = static_cast<std::uint64_t>(
      std::ranges::count_if(knowledge->book->rules(), [](const auto& r) { return r.executable(); }));
  status.rules_not_running = knowledge->book->rules().size() - status.rules_running + knowledge->rule_set.failed_paths.size();
  status.state_bytes = store->size();
  status.event_time = base::format_utc(run->event_time());
  stored_status = status_json(status);
  publish();
}

void Tail::Parts::publish() {
  std::lock_guard lock_published(published_mutex);
  published = status;
}

TailStatus Tail::status() const {
  std::lock_guard lock(parts_->published_mutex);
  return parts_->published;
}

}  // namespace escudo::runtime
