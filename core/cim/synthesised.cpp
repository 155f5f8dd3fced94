#include "cim/synthesised.hpp"

#include <charconv>
#include <cstdlib>

#include "cim/render.hpp"

namespace escudo::cim {
namespace {

struct Names {
  event::FieldId time = event::intern("_time"), raw = event::intern("_raw"),
                 index = event::intern("index"), host = event::intern("host"),
                 source = event::intern("source"), sourcetype = event::intern("sourcetype"),
                 event_id = event::intern("EventID"), event_code = event::intern("EventCode"),
                 channel = event::intern("Channel"), tag = event::intern("tag");
};

const Names& names() {
  static const Names n;
  return n;
}

class Null : public Node {
 public:
  FieldValues evaluate(const Context&) const override { return {}; }
  Known known() const override { return Known::always; }
};

class Fixed : public Node {  // borrows its text from the kind, or from literals
 public:
  explicit Fixed(std::string_view text) : text_{text} {}
  FieldValues evaluate(const Context&) const override { return text_; }
  Known known() const override { return Known::always; }

 private:
  std::string_view text_[1];
};

class Several : public Node {
 public:
  explicit Several(const std::vector<std::string>& texts) : texts_(texts.begin(), texts.end()) {}
  FieldValues evaluate(const Context&) const override { return texts_; }
  Known known() const override { return Known::always; }

 private:
  std::vector<std::string_view> texts_;
};

class EventIdNumber : public Node {
 public:
  explicit EventIdNumber(std::int32_t id) : id_(std::to_string(id)), text_{id_} {}
  FieldValues evaluate(const Context&) const override { return text_; }
  Known known() const override { return Known::always; }

 private:
  std::string id_;
  std::string_view text_[1];
};

class HeaderId : public Node {  // formats that keep the id outside the columns
 public:
  FieldValues evaluate(const Context& c) const override {
    if (c.event.event_id < 0) return {};
    char* out = c.scratch.allocate(16);
    auto end = std::to_chars(out, out + 16, c.event.event_id).ptr;
    return one({out, static_cast<std::size_t>(end - out)}, c.scratch);
  }
};

class HeaderChannel : public Node {
 public:
  FieldValues evaluate(const Context& c) const override { return one(c.event.channel, c.scratch); }
};

class Column : public Node {
 public:
  Column(event::FieldId field, std::uint16_t slot) : field_(field), slot_(slot) {}
  FieldValues evaluate(const Context& c) const override {
    FieldValues value = c.event.values.subspan(slot_, 1);
    return value.front().empty() ? FieldValues{} : value;
  }
  void columns_read(std::vector<event::FieldId>& out) const override { out.push_back(field_); }
  bool copies(std::vector<std::string_view>&) const override { return true; }

 private:
  event::FieldId field_;
  std::uint16_t slot_;
};

class Columns : public Node {
 public:
  Columns(event::FieldId field, std::span<const std::uint16_t> slots)
      : field_(field), slots_(slots) {}
  FieldValues evaluate(const Context& c) const override {
    auto out = c.scratch.array<std::string_view>(slots_.size());
    std::size_t used = 0;
    for (std::uint16_t slot : slots_) {
      if (!c.event.values[slot].empty()) out[used++] = c.event.values[slot];
    }
    return out.first(used);
  }
  void columns_read(std::vector<event::FieldId>& out) const override { out.push_back(field_); }
  bool copies(std::vector<std::string_view>&) const override { return true; }

 private:
  event::FieldId field_;
  std::span<const std::uint16_t> slots_;
};

// "1600085161.826": the shortest decimal, as a number of that value prints.
class EpochTime : public Node {
 public:
  FieldValues evaluate(const Context& c) const override {
    if (!c.event.has_time) return {};
    std::int64_t micros = c.event.time.time_since_epoch().count();
    bool negative = micros < 0;
    std::uint64_t size =
        negative ? 0 - static_cast<std::uint64_t>(micros) : static_cast<std::uint64_t>(micros);
    char* out = c.scratch.allocate(32);
    char* at = out;
    if (negative) *at++ = '-';
    at = std::to_chars(at, out + 24, size / 1'000'000).ptr;
    if (std::uint64_t fraction = size % 1'000'000; fraction != 0) {
      *at++ = '.';
      for (std::uint64_t unit = 100'000; fraction != 0; unit /= 10) {
        *at++ = static_cast<char>('0' + fraction / unit);
        fraction %= unit;
      }
    }
    return one({out, static_cast<std::size_t>(at - out)}, c.scratch);
  }
};

class RawText : public Node {
 public:
  FieldValues evaluate(const Context& c) const override {
    return one(raw_text(c.event, c.scratch), c.scratch);
  }
  void columns_read(std::vector<event::FieldId>& out) const override {
    out.push_back(names().raw);
  }
};

class OriginFirst : public Node {
 public:
  OriginFirst(const std::string event::Origin::*member, bool others, NodePtr made)
      : member_(member), others_(others), made_(std::move(made)) {}

  FieldValues evaluate(const Context& c) const override {
    const std::string& own = c.origin.*member_;
    if (own.empty()) return made_->evaluate(c);
    FieldValues rest;
    if (others_) rest = made_->evaluate(c);
    auto out = c.scratch.array<std::string_view>(rest.size() + 1);
    out[0] = own;
    for (std::size_t i = 0; i < rest.size(); ++i) out[i + 1] = rest[i];
    return out;
  }
  Known known() const override {
    return made_->known() == Known::never ? Known::never : Known::per_origin;
  }
  bool has_aliases() const override { return others_; }
  void columns_read(std::vector<event::FieldId>& out) const override { made_->columns_read(out); }

 private:
  const std::string event::Origin::*member_;
  bool others_;
  NodePtr made_;
};

NodePtr event_id_of(const Kind& kind, const event::Schema& schema) {
  if (kind.event_id >= 0) return std::make_unique<EventIdNumber>(kind.event_id);
  if (!schema.slots(names().event_id).empty()) return raw_column(schema, names().event_id);
  return std::make_unique<HeaderId>();
}

constexpr std::string_view all_names[] = {"_time", "_raw",       "index",   "host",      "source",
                                          "tag",   "sourcetype", "EventID", "EventCode", "Channel"};

}  // namespace

NodePtr null_node() { return std::make_unique<Null>(); }

bool is_null(const Node& node) { return dynamic_cast<const Null*>(&node) != nullptr; }

NodePtr raw_column(const event::Schema& schema, event::FieldId field) {
  auto slots = schema.slots(field);
  if (slots.empty()) return null_node();
  if (slots.size() == 1) return std::make_unique<Column>(field, slots.front());
  return std::make_unique<Columns>(field, slots);
}

NodePtr synthesised(const Kind& kind, const event::Schema& schema, event::FieldId field) {
  const Names& n = names();
  if (field == n.time) return std::make_unique<EpochTime>();
  if (field == n.raw) return std::make_unique<RawText>();
  if (field == n.index) return std::make_unique<Fixed>("main");
  if (field == n.tag) {
    return kind.tags.empty() ? null_node() : std::make_unique<Several>(kind.tags);
  }
  if (field == n.event_id) return event_id_of(kind, schema);
  if (field == n.event_code) {
    bool own = kind.event_id < 0 && !schema.slots(field).empty();
    return own ? raw_column(schema, field) : event_id_of(kind, schema);
  }
  if (field == n.channel) {
    if (!kind.channel.empty()) return std::make_unique<Fixed>(kind.channel);
    if (!schema.slots(field).empty()) return raw_column(schema, field);
    return std::make_unique<HeaderChannel>();
  }
  return nullptr;
}

bool is_origin_field(event::FieldId field) {
  const Names& n = names();
  return field == n.source || field == n.sourcetype || field == n.host;
}

NodePtr with_origin(event::FieldId field, NodePtr made) {
  const Names& n = names();
  if (field == n.host) {
    return std::make_unique<OriginFirst>(&event::Origin::host, false, std::move(made));
  }
  auto member = field == n.source ? &event::Origin::source : &event::Origin::sourcetype;
  return std::make_unique<OriginFirst>(member, true, std::move(made));
}

std::span<const std::string_view> synthesised_names() { return all_names; }

}  // namespace escudo::cim
