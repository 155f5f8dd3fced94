#include "sinks/event_writer.hpp"

#include "base/text.hpp"

namespace escudo::sinks {
namespace {

class AttackData final : public EventWriter {
 public:
  explicit AttackData(Output& out) : out_(out) {}
  void add(const event::Event& event) override { out_.write(attack_data_text(event) + "\n"); }

 private:
  Output& out_;
};

class Xml final : public EventWriter {
 public:
  explicit Xml(Output& out) : out_(out) { out_.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Events>\n"); }
  void add(const event::Event& event) override { out_.write(attack_data_text(event) + "\n"); }
  void finish() override { out_.write("</Events>\n"); }

 private:
  Output& out_;
};

class Jsonl final : public EventWriter {
 public:
  explicit Jsonl(Output& out) : out_(out) {}
  void add(const event::Event& event) override {
    // A reader that was asked for this form has written it already, types and nesting included.
    const bool done = event.raw.starts_with("{\"Event\":{");
    out_.write(done ? event.raw : std::string_view(text_ = evtx_dump_json(event)));
    out_.write("\n");
  }

 private:
  Output& out_;
  std::string text_;
};

}  // namespace

base::Result<std::unique_ptr<EventWriter>> make_event_writer(const std::string& format, Output& out) {
  if (format == "attack-data") return std::unique_ptr<EventWriter>(std::make_unique<AttackData>(out));
  if (format == "xml") return std::unique_ptr<EventWriter>(std::make_unique<Xml>(out));
  if (format == "jsonl") return std::unique_ptr<EventWriter>(std::make_unique<Jsonl>(out));
  return base::Error{"events are dumped as jsonl, xml or attack-data, not as `" + base::harmless(format) + "`"};
}

}  // namespace escudo::sinks
