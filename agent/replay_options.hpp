#pragma once
// What the replay commands read from their arguments.

#include "arguments.hpp"
#include "replay/catalogue.hpp"
#include "replay/fetch.hpp"
#include "replay/store.hpp"
#include "scan.hpp"
#include "status.hpp"

namespace escudo::agent {

// --data, or the user's cache. Fails when there is neither.
base::Result<replay::Store> dataset_store(const Arguments& arguments);
// The tests of --rules (default: those shipped) and what --index tells.
base::Result<replay::Catalogue> dataset_catalogue(const Arguments& arguments, Status& status);
// One --index; what cannot be used of it is warned of.
base::Result<void> add_index(replay::Catalogue& to, const std::string& index, bool all, Status& status);
// The datasets NAME... stand for; a NAME that fits none is an error.
base::Result<std::vector<const replay::Dataset*>> chosen_datasets(const Arguments& arguments, replay::Catalogue& catalogue);
// --base-url --offline --max-size --parallel --retries --retry-wait --timeout
base::Result<replay::FetchOptions> fetch_options(const Arguments& arguments);

// What `replay run` and `replay send` read: datasets of the store, and files named by path. --source,
// --sourcetype and --host win over what the catalogue says. What is not there is warned of and counted.
base::Result<ScanInputs> replay_inputs(const Arguments& arguments, Status& status);

// Tells what is to be downloaded before it is, and how far it is. `status` must outlive them.
replay::FetchHooks fetch_hooks(Status& status);

// "25MB", "1.5 GB", "1000": units of 1000; nothing when it is no size.
std::optional<std::uint64_t> parse_bytes(std::string_view text);
// A number of at least zero; nothing when the option is not there.
base::Result<std::optional<double>> positive(const Arguments& arguments, std::string_view option);

}  // namespace escudo::agent
