// rooms: sources event base
// An EVTX file through the native reader: all of it with its XML, then what a demand leaves, with
// JSON. Never crashes, and reports add up.

#include <cstddef>
#include <cstdint>

#include "source_target.hpp"
#include "sources/demand.hpp"

namespace {

using namespace escudo;

class EveryOther final : public sources::Demand {
 public:
  Interest interest(const event::Event& header) override {
    return header.event_id % 4 == 1 ? Interest::time : Interest::event;
  }
  Columns columns(const event::Event& shape) override {
    Columns columns;
    for (std::size_t i = 0; i < shape.schema->columns().size(); ++i) {
      columns.read.push_back(i % 2 == 0);
    }
    columns.raw = true;
    // In events of some kinds one of two literals must be there.
    for (std::uint16_t i = 0; shape.event_id % 2 == 0 && i < columns.read.size(); i += 3) {
      columns.one_of.push_back({i, i % 2 == 0 ? "e" : "windows"});
    }
    return columns;
  }
};

// Of one half of the kinds nothing but the text, of the other not even that.
class Nothing final : public sources::Demand {
 public:
  Interest interest(const event::Event&) override { return Interest::event; }
  Columns columns(const event::Event& shape) override {
    Columns columns;
    columns.read.assign(shape.schema->columns().size(), false);
    columns.raw = shape.event_id % 2 == 0;
    columns.members = false;
    return columns;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sources::OpenOptions options = sources::small_limits();
  options.verify = true;
  sources::read_to_the_end(data, size, options);
  options.recover = false;
  options.raw = sources::RawText::json;
  options.demand = std::make_shared<EveryOther>();
  options.from = base::from_filetime(1);
  sources::read_to_the_end(data, size, options);
  options.demand = std::make_shared<Nothing>();
  options.from = {};
  sources::read_to_the_end(data, size, options);
  return 0;
}
