#include "world.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <random>

#include "base/files.hpp"
#include "base/text.hpp"
#include "pipeline/ops/row_filter.hpp"
#include "spl/field_names.hpp"

namespace spl_test {
namespace {

using Json = nlohmann::ordered_json;

pipeline::Value value_of(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number()) return json.get<double>();
  if (json.is_boolean()) return json.get<bool>() ? "true" : "false";
  pipeline::Value::Many many;
  if (json.is_array())
    for (const Json& item : json) many.push_back(value_of(item).text());
  return pipeline::Value::many(std::move(many));
}

bool wanted(const spl::FieldNeeds& needs, const std::string& name) {
  return needs.everything || needs.names.contains(name) ||
         std::any_of(needs.patterns.begin(), needs.patterns.end(),
                     [&](const std::string& p) { return spl::match_name(p, name); });
}

}  // namespace

World::World() {
  std::random_device random;
  folder_ = std::filesystem::temp_directory_path() / ("spl_test-" + std::to_string(random()));
  std::filesystem::create_directories(folder_);
  context_.catalog = &catalog_;
  context_.clock = &clock_;
  context_.lookups = &lookups_;
  context_.warn = [this](const std::string& text) {
    if (std::find(said_.begin(), said_.end(), text) == said_.end()) said_.push_back(text);
  };
  context_.run_search = [this](const std::string& search, std::vector<spl::TextProblem>& problems) {
    Outcome inner = run(search);
    problems = std::move(inner.problems);
    return std::move(inner.table);
  };
}

World::~World() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

base::Result<void> World::take(const Section& section) {
  if (section.name == "events") return add_events(section);
  if (section.name == "macros") return add_macros(section);
  if (section.name == "lookup") return add_lookup(section);
  if (section.name == "limits") return set_limits(section);
  if (section.name == "now") {
    const auto time = base::parse_time(section.arguments);
    if (!time) return base::Error{"`now` needs a time"};
    clock_.set(*time);
    clock_set_ = true;
  }
  return {};
}

void World::finish_setup() {
  base::Diagnostics problems;
  catalog_.add_folder(std::string(ESCUDO_ROOT) + "/content", problems);
  if (clock_set_) return;
  for (const Event& event : events_)
    if (event.row.evidence.timed && event.row.evidence.last > clock_.now())
      clock_.set(event.row.evidence.last);
}

base::Result<void> World::add_events(const Section& section) {
  for (std::string_view line : base::split(section.text, '\n')) {
    if (base::trim(line).empty()) continue;
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object())
      return base::Error{"an event is a JSON object, not " + std::string(line)};
    Event event;
    event.dataset = section.arguments;
    base::Time time{};
    bool timed = false;
    for (const auto& [name, item] : json.items()) {
      pipeline::Value value = value_of(item);
      if (name == "_time") {
        if (value.is_text()) {
          const auto parsed = base::parse_time(value.as_text());
          if (!parsed) return base::Error{"_time is no time: " + value.as_text()};
          value = base::to_epoch_seconds(*parsed);
        }
        time = base::from_epoch_seconds(value.as_number());
        timed = true;
      }
      event.names.push_back(name);
      event.row.cells.push_back(std::move(value));
    }
    event.row.evidence = pipeline::Evidence::of(events_.size() + 1, time, timed);
    events_.push_back(std::move(event));
  }
  return {};
}

// name = definition, or name(argument, argument) = definition; a line that begins with a blank goes
// on.
base::Result<void> World::add_macros(const Section& section) {
  std::vector<std::string> lines;
  for (std::string_view line : base::split(section.text, '\n')) {
    if (base::trim(line).empty()) continue;
    if (base::is_space(line.front()) && !lines.empty())
      lines.back() += "\n" + std::string(base::trim(line));
    else
      lines.emplace_back(line);
  }
  for (const std::string& line : lines) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) return base::Error{"a macro is written name = definition"};
    catalog::Macro macro;
    std::string_view name = base::trim(std::string_view(line).substr(0, equals));
    if (const std::size_t open = name.find('('); open != std::string_view::npos) {
      for (std::string_view argument :
           base::split(name.substr(open + 1, name.size() - open - 2), ','))
        macro.arguments.emplace_back(base::trim(argument));
      name = name.substr(0, open);
    }
    macro.name = name;
    macro.definition = base::trim(std::string_view(line).substr(equals + 1));
    catalog_.add_macro(std::move(macro));
  }
  return {};
}

// NAME.csv [wildcard=F,F] [cidr=F,F] [case=no] [default=TEXT] [min=N] [max=N] [filter=EXPRESSION];
// the definition is called NAME. Without ".csv" the table is one that only a site has.
base::Result<void> World::add_lookup(const Section& section) {
  catalog::LookupDefinition lookup;
  std::string_view rest = section.arguments;
  auto word = [&] {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string out(rest.substr(0, end));
    rest = base::trim(rest.substr(end));
    return out;
  };
  lookup.name = word();
  if (lookup.name.ends_with(".csv")) {
    lookup.file = (folder_ / lookup.name).generic_string();
    lookup.name.resize(lookup.name.size() - 4);
    if (auto written = base::write_file(lookup.file, section.text); !written)
      return base::Error{written.error()};
  } else {
    lookup.optional_table = true;
  }
  while (!rest.empty()) {
    if (rest.starts_with("filter=")) {
      lookup.filter = rest.substr(7);
      break;
    }
    const std::string option = word();
    const std::string name = option.substr(0, option.find('='));
    const std::string value = option.substr(std::min(option.find('='), option.size() - 1) + 1);
    auto list = [&](std::vector<std::string>& out) {
      for (std::string_view item : base::split(value, ',')) out.emplace_back(item);
    };
    if (name == "wildcard")
      list(lookup.wildcard_fields);
    else if (name == "cidr")
      list(lookup.cidr_fields);
    else if (name == "case")
      lookup.case_sensitive = value != "no";
    else if (name == "default")
      lookup.default_match = value;
    else if (name == "min")
      lookup.min_matches = std::stoi(value);
    else if (name == "max")
      lookup.max_matches = std::stoi(value);
    else
      return base::Error{"a lookup has no option " + name};
  }
  catalog_.add_lookup(std::move(lookup));
  return {};
}

base::Result<void> World::set_limits(const Section& section) {
  for (std::string_view option : base::split(section.arguments, ' ')) {
    const std::size_t equals = option.find('=');
    const auto value = event::parse_number(option.substr(std::min(equals, option.size() - 1) + 1));
    if (!value) return base::Error{"limits are written name=number"};
    const std::string_view name = option.substr(0, equals);
    pipeline::Limits& limits = context_.limits;
    if (name == "subsearch_rows")
      limits.subsearch_rows = static_cast<std::uint64_t>(*value);
    else if (name == "filter_rows")
      limits.filter_rows = static_cast<std::uint64_t>(*value);
    else if (name == "data_columns")
      limits.data_columns = static_cast<std::size_t>(*value);
    else if (name == "document_bytes")
      limits.document_bytes = static_cast<std::size_t>(*value);
    else if (name == "document_depth")
      limits.document_depth = static_cast<int>(*value);
    else if (name == "chart_cells")
      limits.chart_cells = static_cast<std::size_t>(*value);
    else if (name == "regex_match_steps")
      limits.regex_match_steps = static_cast<std::uint32_t>(*value);
    else
      return base::Error{"no limit is called " + std::string(name)};
  }
  return {};
}

void World::feed(const spl::Feed& feed, pipeline::Stream& stream) const {
  pipeline::RowFilter filter(feed.filter);
  pipeline::Table all;
  for (const Event& event : events_) {
    const std::string& dataset = feed.dataset.empty() ? std::string("raw") : feed.dataset;
    if (!event.dataset.empty() && event.dataset != dataset) continue;
    filter.bind(event.names);
    if (!filter.matches(event.row)) continue;
    pipeline::Table table;
    pipeline::Row row;
    row.evidence = event.row.evidence;
    for (std::size_t k = 0; k < event.names.size(); ++k) {
      if (!wanted(feed.needs, event.names[k])) continue;
      table.columns.push_back(event.names[k]);
      row.cells.push_back(event.row.cells[k]);
    }
    table.rows.push_back(std::move(row));
    if (one_chunk_)
      all.append(std::move(table));
    else
      stream.push(std::move(table));
  }
  if (!all.rows.empty()) stream.push(std::move(all));
}

Outcome World::run(const std::string& search) {
  Outcome out;
  out.plan = spl::make_plan(search, catalog_, out.problems);
  if (!out.plan) return out;
  std::vector<spl::TextProblem> problems;
  auto stream = pipeline::Stream::build(*out.plan, *out.plan->root, context_, problems);
  for (spl::TextProblem& problem : problems) {
    problem.span = out.plan->expanded.original(problem.span);
    out.problems.push_back(std::move(problem));
  }
  if (!stream) return out;
  std::vector<pipeline::Stream*> by_feed;
  stream->collect(by_feed);
  by_feed.resize(out.plan->feeds.size());
  for (std::size_t k = 0; k < by_feed.size(); ++k)
    if (by_feed[k]) feed(out.plan->feeds[k], *by_feed[k]);
  out.table = stream->finish();
  out.ran = true;
  return out;
}

twin::Answer World::run_twin(const std::string& search) const {
  std::vector<twin::Event> events;
  for (const Event& event : events_) {
    twin::Event one;
    const pipeline::Evidence::Record& record = event.row.evidence.records.front();
    one.record = {record.time, record.number};
    twin::View view;
    for (std::size_t k = 0; k < event.names.size(); ++k)
      if (!event.row.cells[k].is_null()) view.fields[event.names[k]] = event.row.cells[k];
    one.everywhere = event.dataset.empty();
    one.in_raw = event.dataset.empty() || event.dataset == "raw";
    if (one.in_raw)
      one.raw = std::move(view);
    else
      one.datasets[event.dataset] = std::move(view);
    events.push_back(std::move(one));
  }
  const twin::World world{&catalog_, &events, clock_.now(), context_.limits.filter_rows,
                          context_.limits.subsearch_rows};
  return twin::run(search, world);
}

}  // namespace spl_test
