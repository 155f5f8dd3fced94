// Splunk's HTTP Event Collector. A batch is a POST of JSON objects one behind another, gzipped; where
// the token has indexer acknowledgement the answer carries an ackId, and the batch is delivered only
// once the indexers have said so. Tested by tests/unit/sinks/live_hec.cpp against a server that
// misbehaves.

#include <zlib.h>

#include <array>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "base/json.hpp"
#include "base/text.hpp"
#include "sinks/live/http_post.hpp"
#include "sinks/live/kinds.hpp"
#include "sinks/live/risk_event.hpp"
#include "sinks/live/secret.hpp"
#include "sinks/live/spooled.hpp"
#include "sinks/sink.hpp"

namespace escudo::sinks {
namespace {

using std::chrono::milliseconds;

struct HecOptions {
  std::string url;  // without a path
  std::string token;
  std::string index, sourcetype, source, host, risk_index;
  bool findings = true, risk = false;
  bool gzip = true;
  bool need_ack = false;
  std::chrono::seconds ack_wait{60};
  HttpPostOptions http;
};

// What deflate gives cannot fail but for want of memory: then the batch goes as it is.
bool gzip(std::string_view from, std::string& to) {
  z_stream stream = {};
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  to.resize(deflateBound(&stream, static_cast<uLong>(from.size())));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from.data()));
  stream.avail_in = static_cast<uInt>(from.size());
  stream.next_out = reinterpret_cast<Bytef*>(to.data());
  stream.avail_out = static_cast<uInt>(to.size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  to.resize(stream.total_out);
  deflateEnd(&stream);
  return whole;
}

// Acknowledgements are kept by channel: each sender has its own, a random UUID.
std::string new_channel() {
  std::random_device random;
  std::string out = "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx";
  for (char& c : out) {
    if (c == 'x') c = "0123456789abcdef"[random() % 16];
  }
  return out;
}

class Hec final : public Delivery {
 public:
  explicit Hec(HecOptions options) : options_(std::move(options)), http_(options_.http), channel_(new_channel()) {}

  std::vector<std::string> encode(const findings::Finding& finding) override {
    std::vector<std::string> out;
    const std::string name = "ESCU - " + finding.rule->name + " - Rule";
    if (options_.findings) {
      out.push_back(wrap(finding.last_time, options_.source.empty() ? name : options_.source, options_.sourcetype,
                         options_.index, finding_json(finding)));
    }
    if (options_.risk) {
      // ES takes `source` of a risk event for the name of the search.
      for (const std::string& event : risk_events_json(finding)) {
        out.push_back(wrap(finding.last_time, name, "stash", options_.risk_index, event));
      }
    }
    return out;
  }

  std::vector<std::string> encode(const Notice& notice) override {
    if (!options_.findings) return {};
    return {wrap(notice.time, options_.source.empty() ? "escudo" : options_.source, options_.sourcetype,
                 options_.index, notice_json(notice))};
  }

  Outcome deliver(const std::vector<std::string_view>& records, const std::atomic<bool>& stop) override {
    std::string body, packed;
    for (const std::string_view record : records) body.append(record) += '\n';
    std::vector<std::string> headers = {"Authorization: Splunk " + options_.token, "Content-Type: application/json",
                                        "X-Splunk-Request-Channel: " + channel_};
    const bool zipped = options_.gzip && gzip(body, packed);
    if (zipped) headers.emplace_back("Content-Encoding: gzip");
    const HttpPost::Answer answer =
        http_.post(options_.url + "/services/collector/event", headers, zipped ? packed : body, stop);
    if (answer.status == 0) return {.trouble = options_.url + ": " + answer.trouble};
    const auto json = nlohmann::json::parse(answer.body, nullptr, false);
    if (answer.status == 200) return taken(json, records.size(), stop);
    return refused(answer, json, records.size());
  }

 private:
  static bool has_number(const nlohmann::json& json, const char* key) {
    return json.is_object() && json.contains(key) && json[key].is_number_unsigned();
  }

  std::string wrap(const std::optional<base::Time>& time, const std::string& source, const std::string& sourcetype,
                   const std::string& index, const std::string& event) const {
    std::string out;
    base::JsonWriter json(out);
    json.begin_object();
    if (time) json.member("time", base::to_epoch_seconds(*time));
    if (!options_.host.empty()) json.member("host", options_.host);
    json.member("source", source).member("sourcetype", sourcetype);
    if (!index.empty()) json.member("index", index);
    json.key("event").raw(event).end_object();
    return out;
  }

  Outcome taken(const nlohmann::json& json, std::size_t count, const std::atomic<bool>& stop) {
    if (!json.is_object()) return {.trouble = options_.url + " does not answer as an HTTP Event Collector does"};
    if (has_number(json, "ackId")) return acknowledged(json["ackId"].get<std::uint64_t>(), count, stop);
    if (!options_.need_ack) return {.delivered = count};
    return {.trouble = "the token has no indexer acknowledgement, which ack=yes asks for"};
  }

  Outcome acknowledged(std::uint64_t id, std::size_t count, const std::atomic<bool>& stop) {
    const auto deadline = std::chrono::steady_clock::now() + options_.ack_wait;
    const std::string body = "{\"acks\":[" + std::to_string(id) + "]}";
    const std::vector<std::string> headers = {"Authorization: Splunk " + options_.token,
                                              "Content-Type: application/json",
                                              "X-Splunk-Request-Channel: " + channel_};
    milliseconds pause(20);
    while (!stop && std::chrono::steady_clock::now() < deadline) {
      const HttpPost::Answer answer =
          http_.post(options_.url + "/services/collector/ack?channel=" + channel_, headers, body, stop);
      const auto json = nlohmann::json::parse(answer.body, nullptr, false);
      if (answer.status == 200 && json.is_object() && json.contains("acks") && json["acks"].is_object()) {
        const auto& acks = json["acks"];
        const auto it = acks.find(std::to_string(id));
        if (it != acks.end() && it->is_boolean() && it->get<bool>()) return {.delivered = count};
      }
      for (milliseconds slept(0); slept < pause && !stop; slept += milliseconds(20)) {
        std::this_thread::sleep_for(milliseconds(20));
      }
      pause = std::min(pause * 2, milliseconds(1000));
    }
    // A channel of its own for what comes now: an id that comes late must not count for another batch.
    channel_ = new_channel();
    return {.trouble = "the indexers did not acknowledge within " + std::to_string(options_.ack_wait.count()) + " s"};
  }

  Outcome refused(const HttpPost::Answer& answer, const nlohmann::json& json, std::size_t count) {
    Outcome out;
    std::string text;
    if (json.is_object() && json.contains("text") && json["text"].is_string()) text = json["text"].get<std::string>();
    const std::uint64_t code = has_number(json, "code") ? json["code"].get<std::uint64_t>() : 0;
    out.trouble = options_.url + " answers " + std::to_string(answer.status);
    if (!text.empty()) out.trouble += ": " + base::harmless(text.substr(0, 200));
    out.wait = answer.retry_after;
    if (answer.status == 413) {
      out.too_large = true;
      out.refused = count == 1;
    } else if (answer.status == 400 && (code == 5 || code == 6 || code == 12 || code == 13 || code == 15)) {
      // The events before the invalid one were taken; without its number it is found by halving.
      if (has_number(json, "invalid-event-number")) {
        out.delivered = std::min<std::size_t>(json["invalid-event-number"].get<std::size_t>(), count);
        out.refused = out.delivered < count;
      } else {
        out.too_large = true;
        out.refused = count == 1;
      }
    }
    return out;
  }

  const HecOptions options_;
  HttpPost http_;
  std::string channel_;
};

base::Result<HecOptions> read_options(base::Spec& spec) {
  HecOptions out;
  const std::string_view url = spec.target;
  const std::size_t host = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (host == 0 || url.size() == host) return base::Error{"it wants a URL: hec:https://HOST:8088"};
  if (url.find('@') != std::string_view::npos) return base::Error{"a URL must not carry a user or a password"};
  out.url = std::string(url);
  while (out.url.ends_with('/')) out.url.pop_back();
  if (out.url.find('/', host) != std::string::npos) return base::Error{"the URL must not have a path: the collector's is known"};
  auto token = secret(spec, "token", "ESCUDO_HEC_TOKEN");
  if (!token) return base::Error{token.error()};
  if (token->empty()) return base::Error{"it wants a token: token_file=PATH, token_env=VARIABLE or ESCUDO_HEC_TOKEN"};
  if (token->find_first_of("\r\n") != std::string::npos) return base::Error{"the token has a line break"};
  out.token = *token;
  out.index = spec.text("index", "");
  out.source = spec.text("source", "");
  out.sourcetype = spec.text("sourcetype", "escudo:finding");
  out.host = spec.text("host", "");
  out.risk_index = spec.text("risk_index", "risk");
  const std::string events = spec.text("events", "findings");
  if (events != "findings" && events != "risk" && events != "both") {
    return base::Error{"events is findings, risk or both, not \"" + events + "\""};
  }
  out.findings = events != "risk";
  out.risk = events != "findings";
  auto zip = spec.yes_no("gzip", true);
  if (!zip) return base::Error{zip.error()};
  auto ack = spec.yes_no("ack", false);
  if (!ack) return base::Error{ack.error()};
  auto ack_wait = spec.number("ack_wait", 60, 1, 3600);
  if (!ack_wait) return base::Error{ack_wait.error()};
  auto answer = spec.number("timeout", 60, 1, 3600);
  if (!answer) return base::Error{answer.error()};
  out.gzip = *zip;
  out.need_ack = *ack;
  out.ack_wait = std::chrono::seconds(*ack_wait);
  out.http.answer_seconds = static_cast<long>(*answer);
  out.http.ca_file = spec.text("ca", "");
  return out;
}

}  // namespace

MadeSink make_hec(base::Spec& spec, const LiveSinkOptions& live) {
  auto options = read_options(spec);
  if (!options) return base::Error{options.error()};
  auto spooled = spooled_options(spec, live);
  if (!spooled) return base::Error{spooled.error()};
  if (auto known = spec.all_known(); !known) return base::Error{known.error()};
  return make_spooled(std::make_unique<Hec>(std::move(*options)), *spooled);
}

}  // namespace escudo::sinks
