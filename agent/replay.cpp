// escudo replay list, fetch, verify
#include <algorithm>
#include <cstdio>
#include <map>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "replay_options.hpp"
#include "terminal.hpp"

namespace escudo::agent {
namespace {

std::string padded(std::string text, std::size_t width, bool left = true) {
  if (text.size() >= width) return text;
  const std::string blanks(width - text.size(), ' ');
  return left ? text + blanks : blanks + text;
}

// Rows of cells, columns as wide as they need; the last is not padded.
void print_table(const std::vector<std::vector<std::string>>& rows, const std::vector<bool>& left) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], row[k].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k)
      line += k + 1 == row.size() ? row[k] : padded(row[k], widths[k], left[k]) + "  ";
    std::printf("%s\n", base::harmless(line).c_str());
  }
}

base::Result<bool> wants_jsonl(const Arguments& arguments) {
  const std::string format = arguments.text("format", "table");
  if (format != "table" && format != "jsonl") return base::Error{"--format is table or jsonl, not `" + base::harmless(format) + "`"};
  return format == "jsonl";
}

std::string counted(std::uint64_t n, const std::string& what) { return std::to_string(n) + " " + what + (n == 1 ? "" : "s"); }

std::string size_text(std::optional<std::uint64_t> bytes) { return bytes ? human_bytes(*bytes) : "?"; }

void put_content(base::JsonWriter& json, const std::optional<replay::Content>& content) {
  if (content) json.member("sha256", content->sha256).member("bytes", content->bytes);
  else json.key("sha256").null().key("bytes").null();
}

const char* state_name(replay::FetchState state) {
  using enum replay::FetchState;
  switch (state) {
    case present: return "stored";
    case fetched: return "fetched";
    case planned: return "to fetch";
    case too_large: return "too large";
    case dead: return "dead";
    case failed: return "failed";
    case missing: return "missing";
    case interrupted: return "interrupted";
  }
  return "";
}

// What the commands begin with.
struct Setup {
  std::optional<replay::Store> store;
  replay::Catalogue catalogue;
  std::vector<const replay::Dataset*> datasets;
  bool jsonl = false;
};

base::Result<std::unique_ptr<Setup>> set_up(const Arguments& arguments, Status& status) {
  auto out = std::make_unique<Setup>();
  auto jsonl = wants_jsonl(arguments);
  if (!jsonl) return base::Error{jsonl.error()};
  out->jsonl = *jsonl;
  auto store = dataset_store(arguments);
  if (!store) return base::Error{store.error()};
  out->store = *store;
  auto catalogue = dataset_catalogue(arguments, status);
  if (!catalogue) return base::Error{catalogue.error()};
  out->catalogue = std::move(*catalogue);
  auto datasets = chosen_datasets(arguments, out->catalogue);
  if (!datasets) return base::Error{datasets.error()};
  out->datasets = std::move(*datasets);
  return out;
}

}  // namespace

int run_replay_list(const Arguments& arguments) {
  Status status(arguments.has("quiet"));
  auto setup = set_up(arguments, status);
  if (!setup) return usage_error(setup.error(), &arguments.command());
  std::vector<std::vector<std::string>> rows{{"STATE", "SIZE", "DETECTIONS", "DATASET"}};
  std::uint64_t bytes = 0, stored = 0, unknown = 0;
  for (const replay::Dataset* dataset : (*setup)->datasets) {
    const replay::Store::Found found = (*setup)->store->find(dataset->name);
    std::optional<replay::Content> content = found.content ? found.content : dataset->content;
    std::optional<std::uint64_t> size;
    if (content) size = content->bytes;
    else if (!found.path.empty()) size = base::file_size(found.path);
    if (size) bytes += *size;
    else ++unknown;
    std::string state = found.path.empty() ? "missing" : "stored", reason = found.missing;
    // A file put in place of a dataset, of another length than the index tells.
    if (!found.path.empty() && !found.content && content && base::file_size(found.path) != content->bytes) {
      state = "damaged";
      reason = replay::trouble_of_file(found.path, *content);
    }
    const bool there = state == "stored";
    if (there) ++stored;
    if ((*setup)->jsonl) {
      std::string line;
      base::JsonWriter json(line);
      json.begin_object().member("dataset", dataset->name).member("state", state);
      put_content(json, content);
      json.key("path");
      if (there) json.value(found.path);
      else json.null();
      json.member("reason", reason).member("source", dataset->source).member("sourcetype", dataset->sourcetype);
      json.key("detections").begin_array();
      for (const std::string& name : dataset->detections) json.value(name);
      json.end_array().end_object();
      std::printf("%s\n", line.c_str());
    } else {
      rows.push_back({state, size_text(size), std::to_string(dataset->detections.size()), dataset->name});
    }
  }
  if (!(*setup)->jsonl && rows.size() > 1) print_table(rows, {true, false, false, true});
  status.print("[+] " + counted((*setup)->datasets.size(), "dataset") + ", " + human_bytes(bytes) +
               (unknown ? " and " + std::to_string(unknown) + " of unknown size" : "") + "; " + std::to_string(stored) + " stored in " + (*setup)->store->folder() + "\n");
  if ((*setup)->datasets.empty()) status.warn("no detection names a dataset");
  return (*setup)->datasets.empty() ? kNothing : kDone;
}

int run_replay_fetch(const Arguments& arguments) {
  auto options = fetch_options(arguments);
  if (!options) return usage_error(options.error(), &arguments.command());
  Status status(arguments.has("quiet"));
  auto setup = set_up(arguments, status);
  if (!setup) return usage_error(setup.error(), &arguments.command());
  if ((*setup)->datasets.empty()) {
    status.warn("no detection names a dataset: nothing to fetch");
    return kNothing;
  }
  const replay::FetchHooks hooks = fetch_hooks(status);
  const auto results = replay::fetch(*(*setup)->store, (*setup)->datasets, *options, hooks);

  std::map<replay::FetchState, std::uint64_t> counts;
  std::vector<std::vector<std::string>> rows;
  for (const replay::Fetched& item : results) {
    ++counts[item.state];
    using enum replay::FetchState;
    if (!item.reason.empty() && item.state != interrupted && item.state != planned) status.warn(item.name + ": " + item.reason);
    if ((*setup)->jsonl) {
      std::string line;
      base::JsonWriter json(line);
      json.begin_object().member("dataset", item.name).member("state", state_name(item.state)).key("bytes");
      if (item.bytes) json.value(*item.bytes);
      else json.null();
      json.member("path", item.path).member("reason", item.reason).end_object();
      std::printf("%s\n", line.c_str());
    } else {
      rows.push_back({state_name(item.state), size_text(item.bytes), item.name});
    }
  }
  if (!rows.empty()) print_table(rows, {true, false, true});
  std::string summary;
  for (const auto& [state, n] : counts) summary += (summary.empty() ? "" : ", ") + std::to_string(n) + " " + state_name(state);
  status.print("[+] " + summary + ", in " + (*setup)->store->folder() + "\n");
  if (counts[replay::FetchState::interrupted] > 0) return kInterrupted;
  using enum replay::FetchState;
  return counts[dead] + counts[failed] + counts[missing] > 0 ? kIncomplete : kDone;
}

int run_replay_verify(const Arguments& arguments) {
  auto jsonl = wants_jsonl(arguments);
  if (!jsonl) return usage_error(jsonl.error(), &arguments.command());
  if (!arguments.positional().empty()) return usage_error("replay verify checks the whole store; it takes no name", &arguments.command());
  auto store = dataset_store(arguments);
  if (!store) return usage_error(store.error(), &arguments.command());
  Status status(arguments.has("quiet"));
  replay::Catalogue index;
  for (const std::string& path : arguments.list("index"))
    if (auto done = add_index(index, path, true, status); !done) return usage_error(done.error(), &arguments.command());
  const std::atomic<bool>& stop = watch_interrupt();
  const auto checked = store->verify([&](std::uint64_t done, std::uint64_t total) {
    status.progress(done, total, 0, 1);
    return !stop.load();
  }, [&](const std::string& name) {
    const replay::Dataset* dataset = index.find(name);
    return dataset ? dataset->content : std::nullopt;
  });
  if (stop) return kInterrupted;
  if (!checked) {
    status.fatal(checked.error());
    return base::exists(store->folder()) ? kIncomplete : kNothing;
  }
  std::uint64_t good = 0, bad = 0, unchecked = 0, bytes = 0;
  for (const replay::Store::Checked& c : *checked) {
    if (!c.unchecked) {
      if (c.object || c.trouble.empty()) bytes += c.bytes;
      c.trouble.empty() ? ++good : ++bad;
    } else {
      ++unchecked;
    }
    const std::string name = c.names.empty() ? c.path : c.names.front();
    if (*jsonl) {
      std::string line;
      base::JsonWriter json(line);
      json.begin_object().member("path", c.path).member("state", c.unchecked ? "unchecked" : c.trouble.empty() ? "good" : "damaged").member("bytes", c.bytes).member("reason", c.trouble);
      json.key("datasets").begin_array();
      for (const std::string& n : c.names) json.value(n);
      json.end_array().end_object();
      std::printf("%s\n", line.c_str());
    }
    if (c.trouble.empty()) continue;
    status.warn(name + ": " + c.trouble);
    if (c.object && arguments.has("remove")) {
      if (auto done = store->remove_object(base::file_name(c.path)); !done) status.warn(done.error());
    }
  }
  status.print("[+] " + counted(good, "content") + " as the hash says (" + human_bytes(bytes) + ")" + (bad ? ", " + std::to_string(bad) + " damaged or missing" : "") +
               (unchecked ? ", " + counted(unchecked, "file") + " without a hash to check against" : "") + ", in " + store->folder() + "\n");
  if (checked->empty()) {
    status.warn("no dataset lies in " + store->folder());
    return kNothing;
  }
  if (good + bad == 0) {
    status.warn("nothing could be checked: the files in " + store->folder() + " have no pointers; --index names one that tells their hashes");
    return kNothing;
  }
  return bad > 0 ? kIncomplete : kDone;
}

}  // namespace escudo::agent
