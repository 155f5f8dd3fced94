// Tested by tests/replay/fetch.
#include "replay/fetch.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "replay/download.hpp"

namespace escudo::replay {
namespace {

// Copies a file into the store; it is hashed on its way.
base::Result<Content> import_file(const Store& store, const std::string& name,
                                  const std::string& path, const std::function<bool()>& stop) {
  auto file = store.open_partial(base::sha256_hex(name) + ".file", stop);
  if (!file) return base::Error{file.error()};
  if (!*file) return base::Error{"interrupted"};
  if (auto done = (*file)->truncate(); !done) return base::Error{done.error()};
  std::ifstream in(path, std::ios::binary);
  if (!in) return base::Error{"cannot open " + path};
  base::Sha256 hash;
  std::vector<char> block(256 * 1024);
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    const std::string_view piece(block.data(), static_cast<std::size_t>(in.gcount()));
    hash.update(piece);
    if (auto done = (*file)->append(piece); !done) return base::Error{done.error()};
    if (stop()) return base::Error{"interrupted"};
  }
  if (in.bad()) return base::Error{"cannot read " + path};
  const Content content{hash.finish_hex(), (*file)->size()};
  if (auto done = store.publish(std::move(*file), content); !done) return base::Error{done.error()};
  return content;
}

struct Job {
  std::size_t item = 0;  // its index
  std::optional<Addresses> addresses;
  std::optional<Content> content;
  std::vector<std::size_t> same;  // other items with the same content
};

class Fetcher {
 public:
  Fetcher(const Store& store, const std::vector<const Dataset*>& datasets,
          const FetchOptions& options, const FetchHooks& hooks)
      : store_(store),
        datasets_(datasets),
        options_(options),
        hooks_(hooks),
        items_(datasets.size()) {}

  std::vector<Fetched> run() {
    std::vector<Job> unsized, ready;
    for (std::size_t k = 0; k < datasets_.size(); ++k) look(k, unsized, ready);
    parallel(unsized, [this](Downloader& downloader, Job& job) { ask_pointer(downloader, job); });
    for (Job& job : unsized) {
      if (items_[job.item].state == FetchState::planned) ready.push_back(std::move(job));
    }
    std::vector<Job> jobs = share(std::move(ready));
    tell_plan(jobs);
    if (!options_.plan_only) {
      done_ = datasets_.size() - jobs.size();
      parallel(jobs, [this](Downloader& downloader, Job& job) { get(downloader, job); });
      for (Fetched& item : items_) {
        if (item.state == FetchState::planned) item.state = FetchState::interrupted;
      }
    }
    return std::move(items_);
  }

 private:
  bool stopped() const { return hooks_.stop && hooks_.stop->load(); }

  void settle(std::size_t item, FetchState state, std::string reason) {
    items_[item].state = state;
    items_[item].reason = std::move(reason);
  }

  // What the store, a checkout and the index say, without asking anybody.
  void look(std::size_t k, std::vector<Job>& unsized, std::vector<Job>& ready) {
    const Dataset& dataset = *datasets_[k];
    Fetched& item = items_[k];
    item.name = dataset.name;
    if (const std::string trouble = name_trouble(dataset.name); !trouble.empty()) {
      return settle(k, FetchState::failed, trouble);
    }
    Store::Found found = store_.find(dataset.name);
    std::optional<Content> content = found.content ? found.content : dataset.content;
    // The index tells a newer content than the pointer in the store.
    if (dataset.content && found.content && *dataset.content != *found.content) {
      content = dataset.content;
      found.path.clear();
    }
    if (!found.path.empty() && !found.content) {  // the file itself lies there
      item.bytes = base::file_size(found.path);
      if (const std::string trouble = differs(found.path, dataset.content); !trouble.empty())
        return settle(k, stopped() ? FetchState::interrupted : FetchState::failed, trouble);
      item.path = found.path;
      return settle(k, FetchState::present, "");
    }
    if (content) item.bytes = content->bytes;
    if (!found.path.empty() || (content && store_.has(*content))) {
      item.path = store_.object_path(content->sha256);
      settle(k, FetchState::present, "");
      return point(k, *content);
    }
    if (options_.max_bytes && content && content->bytes > *options_.max_bytes) return too_large(k);
    if (!dataset.file.empty()) {
      if (import(k, content)) return;
    }
    if (options_.offline) {
      return settle(k, FetchState::missing, content ? "not in " + store_.folder() : found.missing);
    }
    Job job{k, addresses(dataset), content, {}};
    if (!job.addresses)
      return settle(k, FetchState::failed,
                    "it is no path of attack_data and no address of http or https");
    settle(k, FetchState::planned, "");
    (content ? ready : unsized).push_back(std::move(job));
  }

  // A detection is a stranger's text: it names no files of this machine.
  static bool is_web_address(const std::string& address) {
    return base::istarts_with(address, "https://") || base::istarts_with(address, "http://");
  }

  std::optional<Addresses> addresses(const Dataset& dataset) const {
    auto out = addresses_of(dataset.name, options_.mirror);
    // As it was written: http and a query are part of it.
    if (out && out->content.empty() && dataset.address.find("://") != std::string::npos) {
      if (!is_web_address(dataset.address)) return {};
      out->pointer = dataset.address;
    }
    return out;
  }

  // A file put in place of a dataset: not this program's to replace, nor to pass off.
  std::string differs(const std::string& path, const std::optional<Content>& wanted) const {
    return wanted ? trouble_of_file(path, *wanted, [this](std::uint64_t) { return !stopped(); })
                  : std::string();
  }

  void too_large(std::size_t k) {
    settle(k, FetchState::too_large,
           "has " + std::to_string(*items_[k].bytes) + " bytes, more than --max-size");
  }

  bool import(std::size_t k, const std::optional<Content>& wanted) {
    const std::string& file = datasets_[k]->file;
    items_[k].bytes = base::file_size(file);
    if (options_.max_bytes && *items_[k].bytes > *options_.max_bytes) return too_large(k), true;
    if (options_.plan_only)
      return settle(k, FetchState::planned, "to be copied from " + file), true;
    const auto content = import_file(store_, items_[k].name, file, [this] { return stopped(); });
    if (!content) {
      settle(k, stopped() ? FetchState::interrupted : FetchState::failed, content.error());
      return true;
    }
    if (wanted && *wanted != *content) {  // it stays in the store, under its own hash
      warn(file + " is not the content its index tells of");
      items_[k].bytes = wanted->bytes;
      return false;
    }
    settle(k, FetchState::fetched, "");
    items_[k].path = store_.object_path(content->sha256);
    point(k, *content);
    return true;
  }

  void ask_pointer(Downloader& downloader, Job& job) {
    Fetched& item = items_[job.item];
    const Pointer pointer = downloader.pointer(job.addresses->pointer);
    if (pointer.outcome.state != FetchState::fetched) {
      return settle(job.item, pointer.outcome.state, pointer.outcome.reason);
    }
    job.content = pointer.content;
    item.bytes = pointer.bytes;
    if (job.content && job.addresses->content.empty()) {
      return settle(
          job.item, FetchState::failed,
          "its address gives a Git LFS pointer, and it is not told where the content lies");
    }
    if (options_.max_bytes && item.bytes && *item.bytes > *options_.max_bytes)
      return too_large(job.item);
    if (job.content && store_.has(*job.content)) {
      item.path = store_.object_path(job.content->sha256);
      settle(job.item, FetchState::present, "");
      point(job.item, *job.content);
    }
  }

  // One job a content.
  std::vector<Job> share(std::vector<Job> ready) const {
    std::vector<Job> out;
    std::map<std::string, std::size_t> seen;
    for (Job& job : ready) {
      if (job.content) {
        const auto [at, fresh] = seen.try_emplace(job.content->sha256, out.size());
        if (!fresh) {
          out[at->second].same.push_back(job.item);
          continue;
        }
      }
      out.push_back(std::move(job));
    }
    // Large ones first: none is left alone at the end.
    std::ranges::stable_sort(out, [&](const Job& a, const Job& b) {
      return items_[a.item].bytes.value_or(0) > items_[b.item].bytes.value_or(0);
    });
    return out;
  }

  void tell_plan(const std::vector<Job>& jobs) {
    FetchPlan plan;
    for (const Job& job : jobs) {
      ++plan.datasets;
      if (const auto bytes = items_[job.item].bytes)
        plan.bytes += *bytes;
      else
        ++plan.of_unknown_size;
      if (job.content) {
        const std::string partial =
            base::join_path(store_.folder(), "partial/" + job.content->sha256);
        plan.held += std::min(base::file_size(partial), job.content->bytes);
      }
    }
    bytes_total_ = plan.bytes;
    if (hooks_.plan) hooks_.plan(plan);
    if (options_.plan_only || jobs.empty()) return;
    const auto room = free_bytes(store_.folder());
    if (room && plan.bytes - plan.held > *room) {
      warn("the disk of " + store_.folder() + " has only " + std::to_string(*room) +
           " bytes left");
    }
  }

  void get(Downloader& downloader, Job& job) {
    Outcome outcome;
    if (job.content) {
      outcome = downloader.content(job.addresses->content, *job.content);
    } else {
      Content content;
      outcome = downloader.unknown(job.addresses->pointer, items_[job.item].name, content);
      if (outcome.state == FetchState::fetched) {
        job.content = content;
        items_[job.item].bytes = content.bytes;
      }
    }
    std::vector<std::size_t> all = job.same;
    all.push_back(job.item);
    for (const std::size_t k : all) {
      settle(k, outcome.state, outcome.reason);
      if (outcome.state != FetchState::fetched) continue;
      items_[k].path = store_.object_path(job.content->sha256);
      point(k, *job.content);
    }
  }

  // The pointer comes last: a dataset is there when its content is.
  void point(std::size_t k, const Content& content) {
    if (options_.plan_only) return;
    if (auto done = store_.set_pointer(items_[k].name, content); !done)
      settle(k, FetchState::failed, done.error());
  }

  template <class Work>
  void parallel(std::vector<Job>& jobs, const Work& work) {
    if (jobs.empty()) return;
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t running = std::min<std::size_t>(std::max(1u, options_.parallel), jobs.size());
    std::vector<std::thread> threads;
    for (std::size_t n = running; n > 0; --n) {
      threads.emplace_back([&] {
        Downloader downloader(store_, options_, hooks_.stop, bytes_done_);
        for (std::size_t k; (k = next.fetch_add(1)) < jobs.size();) {
          if (stopped())
            settle(jobs[k].item, FetchState::interrupted, "interrupted");
          else
            work(downloader, jobs[k]);
          ++done_;
        }
        std::lock_guard lock(mutex);
        --running;
        changed.notify_all();
      });
    }
    std::unique_lock lock(mutex);
    while (!changed.wait_for(lock, std::chrono::milliseconds(100), [&] { return running == 0; })) {
      if (hooks_.progress) hooks_.progress({bytes_done_, bytes_total_, done_, datasets_.size()});
    }
    lock.unlock();
    for (std::thread& thread : threads) thread.join();
  }

  void warn(const std::string& sentence) const {
    if (hooks_.warn) hooks_.warn(sentence);
  }

  const Store& store_;
  const std::vector<const Dataset*>& datasets_;
  const FetchOptions& options_;
  const FetchHooks& hooks_;
  std::vector<Fetched> items_;
  std::atomic<std::uint64_t> bytes_done_{0};
  std::atomic<std::size_t> done_{0};
  std::uint64_t bytes_total_ = 0;
};

}  // namespace

std::vector<Fetched> fetch(const Store& store, const std::vector<const Dataset*>& datasets,
                           const FetchOptions& options, const FetchHooks& hooks) {
  return Fetcher(store, datasets, options, hooks).run();
}

}  // namespace escudo::replay
