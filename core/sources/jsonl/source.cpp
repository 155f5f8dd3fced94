// Tested by tests/unit/sources/json.cpp; fuzzed by tests/fuzz/json.cpp.

#include "sources/jsonl/source.hpp"

#include <simdjson.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sources/jsonl/repair.hpp"
#include "sources/jsonl/shape.hpp"
#include "sources/jsonl/splitter.hpp"
#include "sources/text_window.hpp"
#include "sources/winxml/decoder.hpp"

namespace escudo::sources {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

static_assert(TextWindow::padding >= simdjson::SIMDJSON_PADDING);

// So many objects without an event, and the file is some other JSON.
constexpr std::size_t patience = 1000;

// Names that stand in events and hardly elsewhere: a torn object that has one was an event.
bool hints_at_event(std::string_view text) {
  text = text.substr(0, 64 * 1024);
  for (std::string_view name :
       {"\"EventID\"", "\"event_id\"", "\"winlog", "\"EventTime\"", "\"EventCode\"", "\"_raw\"",
        "\"TimeCreated\"", "\"EventRecordID\""}) {
    if (text.find(name) != std::string_view::npos) return true;
  }
  return false;
}

class JsonReader final : public Reader {
 public:
  explicit JsonReader(Job job)
      : Reader(job, "json"),
        window_(std::move(job.bytes)),
        splitter_(window_, job.options.limits.event_bytes),
        draft_(job.options.limits),
        xml_(job.options.limits),
        parser_(largest_document(job.options.limits)),
        inner_parser_(largest_document(job.options.limits)) {
    for (simdjson::dom::parser* parser : {&parser_, &inner_parser_}) {
      allocated_ = allocated_ && !parser->allocate(64 * 1024, job.options.limits.json_depth);
    }
    shapes_.push_back(evtx_dump_shape());
    shapes_.push_back(splunk_shape());
    shapes_.push_back(winlogbeat_shape());
    shapes_.push_back(nxlog_shape());
    shapes_.push_back(flat_shape());
  }

 private:
  // Repairs make a text longer: a control character takes six.
  static std::size_t largest_document(const Limits& limits) {
    return std::min<std::uint64_t>(limits.event_bytes * 6 + 4096, simdjson::SIMDJSON_MAXSIZE_BYTES);
  }

  bool fill(event::Batch& batch) override {
    if (!allocated_) {
      give_up("there is not enough memory to parse JSON");
      return false;
    }
    while (!full(batch)) {
      const JsonPiece piece = splitter_.next();
      report().bytes = window_.bytes_read();
      took(piece.text.size());
      switch (piece.kind) {
        case JsonPiece::Kind::object:
          text_object(piece.text, batch);
          break;
        case JsonPiece::Kind::torn:
          damage("is torn: it has no end", hints_at_event(piece.text));
          break;
        case JsonPiece::Kind::junk:
          damage("is not JSON", false);
          break;
        case JsonPiece::Kind::too_large:
          damage("is larger than " + std::to_string(options_.limits.event_bytes) +
                     " bytes, the limit for one event (event_bytes)",
                 true);
          break;
        case JsonPiece::Kind::end:
          finish();
          return false;
      }
      if (!is_log_ && waiting_.size() >= patience) {
        report().state = FileReport::State::not_a_log;
        return false;
      }
    }
    return true;
  }

  void text_object(std::string_view text, event::Batch& batch) {
    element root;
    simdjson::error_code error = parser_.parse(text.data(), text.size(), false).get(root);
    std::string_view raw = text;
    if (error && error != simdjson::DEPTH_ERROR) {
      std::string repaired = repair_json(text);
      if (repaired != text && !parser_.parse(repaired).get(root)) {
        error = simdjson::SUCCESS;
        repaired_ = std::move(repaired);
        raw = repaired_;
      }
    }
    if (error) {
      if (splitter_.rescan()) return;
      const bool deep = error == simdjson::DEPTH_ERROR;
      damage(deep ? "is nested more than " + std::to_string(options_.limits.json_depth) +
                        " levels deep, the limit (json_depth)"
                  : std::string("is not well-formed JSON: ") + simdjson::error_message(error),
             deep || hints_at_event(text));
      return;
    }
    object members;
    if (root.get(members)) return;
    simdjson::dom::array rows;
    if (!members.at_key("results").get(rows)) {
      for (element row : rows) {
        object fields;
        if (!row.get(fields)) one_event(fields, simdjson::to_string(row), batch);
      }
      return;
    }
    if (!is_bookkeeping(members)) one_event(members, raw, batch);
  }

  // Lines of a bulk export or of Splunk that stand between events and are none.
  static bool is_bookkeeping(object members) {
    object inner;
    const bool bulk = members.size() == 1 &&
                      (!members.at_key("index").get(inner) || !members.at_key("create").get(inner));
    const bool no_row = !members.at_key("preview").error() && members.at_key("result").error();
    return bulk || no_row;
  }

  void one_event(object members, std::string_view raw, event::Batch& batch) {
    Shape* shape = shape_of(members);
    if (!shape) {
      damage("is JSON, but no Windows event in a shape that is known", false);
      return;
    }
    draft_.start(batch);
    RecordPlace place;
    place.ordinal = ++ordinal_;
    const std::string_view inner = shape->read(members, batch.arena, draft_);
    const auto decoded = inner.empty()
                             ? draft_.commit(Draft::Kind::json, place, batch.arena.copy(raw))
                             : inner_event(inner, batch, place);
    become_log();
    if (report().format == "json") report().format += "/" + std::string(shape->name());
    if (!decoded) add_damage(ordinal_, decoded.error());
  }

  // The event a row carries as text.
  base::Result<void> inner_event(std::string_view text, event::Batch& batch,
                                 const RecordPlace& place) {
    if (text.starts_with('<')) return xml_.decode(text, batch, place);
    element root;
    object members;
    if (inner_parser_.parse(text.data(), text.size(), true).get(root) || root.get(members)) {
      return base::Error{"carries text that is not well-formed JSON"};
    }
    Shape* shape = shape_of(members);
    if (!shape || shape->name() == "splunk") {
      return base::Error{"carries JSON, but no Windows event in a shape that is known"};
    }
    draft_.start(batch);
    shape->read(members, batch.arena, draft_);
    return draft_.commit(Draft::Kind::json, place, batch.arena.copy(text));
  }

  // Files keep to one shape: the one that fitted last is asked first.
  Shape* shape_of(object members) {
    if (last_ && last_->fits(members)) return last_;
    for (const auto& shape : shapes_) {
      if (shape.get() != last_ && shape->fits(members)) return last_ = shape.get();
    }
    return nullptr;
  }

  // Before the first event it is not known whether damage is damage: it waits.
  void damage(std::string what, bool was_event) {
    ++ordinal_;
    if (was_event) become_log();
    if (is_log_) {
      add_damage(ordinal_, what);
    } else {
      waiting_.push_back({ordinal_, std::move(what)});
    }
  }

  void become_log() {
    is_log_ = true;
    for (const Waiting& waiting : waiting_) add_damage(waiting.ordinal, waiting.what);
    waiting_.clear();
  }

  void finish() {
    if (!window_.failure().empty()) {
      give_up(window_.failure());
    } else if (!is_log_) {
      report().state = FileReport::State::not_a_log;
    } else if (window_.ends_in_half_a_character()) {
      report().add_damage("the text ends within a UTF-16 character");
    }
  }

  struct Waiting {
    std::uint64_t ordinal;
    std::string what;
  };

  TextWindow window_;
  JsonSplitter splitter_;
  Draft draft_;
  XmlDecoder xml_;
  simdjson::dom::parser parser_, inner_parser_;
  bool allocated_ = true;
  std::vector<std::unique_ptr<Shape>> shapes_;
  Shape* last_ = nullptr;
  std::string repaired_;
  std::vector<Waiting> waiting_;
  bool is_log_ = false;
  std::uint64_t ordinal_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_json(Job job) { return std::make_unique<JsonReader>(std::move(job)); }

}  // namespace escudo::sources
