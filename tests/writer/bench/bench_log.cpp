#include "bench/bench_log.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <stdexcept>
#include <vector>

#include "bench/kinds.hpp"
#include "bench/values.hpp"
#include "binxml/evtx_file.hpp"
#include "describe/event_record.hpp"

namespace escudo::writer {
namespace {

constexpr const char* computers[] = {"WKS0117.corp.example", "DC01.corp.example",
                                     "FILES02.corp.example"};

struct Field {
  std::string name;
  Type type;
  const ValueSource::Generator* make;
};

struct Kind {
  const BenchKind* data;
  std::vector<Field> fields;
  std::shared_ptr<const Template> body;
};

std::vector<Field> fields_of(const std::string& list, const ValueSource& values) {
  std::vector<Field> out;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(' ', at), list.size());
    const std::string item = list.substr(at, end - at);
    const std::size_t equals = item.find('=');
    std::string name = item.substr(0, equals);
    std::replace(name.begin(), name.end(), '#', ' ');  // names with blanks, as Defender writes them
    const std::string generator = item.substr(equals + 1);
    out.push_back({name, values.type_of(generator), &values.generator(generator)});
    at = end + 1;
  }
  return out;
}

std::shared_ptr<const Template> body_of(const std::vector<Field>& fields) {
  std::vector<Node> rows;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    rows.push_back(element("Data", {attribute("Name", fields[i].name)},
                           {slot(static_cast<std::uint16_t>(i), fields[i].type)}));
  }
  return make_template({element("EventData", {}, std::move(rows))});
}

class BenchLog {
 public:
  BenchLog(const std::string& path, const BenchOptions& options)
      : options_(options), values_(options.seed), random_(values_.random()), file_(path) {
    for (const BenchKind& k : bench_kinds()) {
      std::vector<Field> fields = fields_of(k.fields, values_);
      kinds_.push_back({&k, fields, body_of(fields)});
      for (int i = 0; i < k.weight; ++i) draw_.push_back(kinds_.size() - 1);
    }
    for (const char* computer : computers) outer_.push_back(templates_.outer(computer, ""));
    for (const BenchProvider& p : bench_providers()) {
      names_.push_back(Value::string(p.name));
      guids_.push_back(Value::guid(p.guid));
      channels_.push_back(Value::string(p.channel));
      sids_.push_back(*p.user_sid ? Value::sid(p.user_sid) : Value::null());
    }
  }

  BenchSummary write() {
    while (file_.bytes_written() < options_.bytes) add();
    file_.finish();
    summary_.chunks = file_.chunks_written();
    summary_.templates = used_.size();
    return summary_;
  }

 private:
  std::size_t choose() {
    if (options_.kind == "worst") return sysmon_1;
    if (random_.one_in(20)) return random_.one_in(2) ? sysmon_1 : security_4688;
    return draw_[random_.below(draw_.size())];
  }

  void add() {
    time_ += random_.below(2'000'000);
    const bool match = ++summary_.records % options_.matches_every == options_.matches_every / 2;
    const std::size_t index = match && options_.kind != "worst" ? summary_.matches % 2 : choose();
    const Kind& kind = kinds_[index];
    std::vector<Value> inner;
    inner.reserve(kind.fields.size());
    for (const Field& f : kind.fields) inner.push_back((*f.make)(time_));
    if (index == sysmon_1 || index == security_4688) ++summary_.process_creations;
    if (match) make_matching(kind, inner);
    const std::size_t host = random_.below(std::size(computers));
    used_.insert(kind.body.get());
    used_.insert(outer_[host].get());
    file_.add(summary_.records, time_, system(kind, host, std::move(inner)));
  }

  void make_matching(const Kind& kind, std::vector<Value>& inner) {
    ++summary_.matches;
    for (std::size_t i = 0; i < inner.size(); ++i) {
      const std::string& name = kind.fields[i].name;
      if (name == "Image" || name == "NewProcessName") inner[i] = values_.matching_image();
      if (name == "CommandLine") inner[i] = values_.matching_command_line();
      if (name == "OriginalFileName") inner[i] = values_.matching_original_name();
    }
  }

  Fragment system(const Kind& kind, std::size_t host, std::vector<Value> inner) {
    const BenchKind& k = *kind.data;
    const auto p = static_cast<std::size_t>(k.provider);
    return instance(
        outer_[host],
        {Value::uint8(k.level), Value::uint8(0), Value::uint16(k.task), Value::uint16(k.event_id),
         Value::null(), Value::hex64(bench_providers()[p].keywords), Value::filetime(time_),
         Value::null(), Value::uint32(static_cast<std::uint32_t>(600 + 4 * random_.below(900))),
         Value::uint32(static_cast<std::uint32_t>(600 + 4 * random_.below(2000))),
         Value::uint64(1'000'000 + summary_.records), Value::uint8(k.version), sids_[p],
         Value::null(), names_[p], guids_[p], channels_[p],
         Value::nested(instance(kind.body, std::move(inner)))});
  }

  BenchOptions options_;
  ValueSource values_;
  Random& random_;
  EvtxStream file_;
  EventTemplates templates_;
  std::vector<Kind> kinds_;
  std::vector<std::size_t> draw_;
  std::vector<std::shared_ptr<const Template>> outer_;
  std::vector<Value> names_, guids_, channels_, sids_;
  std::set<const Template*> used_;
  std::uint64_t time_ = filetime_from_text("2024-05-06T07:00:00Z");
  BenchSummary summary_;
};

}  // namespace

BenchSummary write_bench_log(const std::string& path, const BenchOptions& options) {
  if (options.kind != "ordinary" && options.kind != "worst") {
    throw std::invalid_argument("no kind of benchmark log is named " + options.kind);
  }
  return BenchLog(path, options).write();
}

}  // namespace escudo::writer
