#pragma once
// Logs of process creations for tests of the native reader of EVTX, and where their bytes stand.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "binxml/damage.hpp"
#include "binxml/evtx_file.hpp"
#include "catch.hpp"
#include "reading.hpp"
#include "sources/binxml/little_endian.hpp"
#include "sources/evtx/chunk.hpp"

namespace escudo::sources {

namespace w = escudo::writer;

inline constexpr std::uint64_t start = 133'541'009'300'000'000;  // 2024-03-05T08:28:50Z
inline constexpr std::uint64_t second = 10'000'000;

using Nodes = std::vector<w::Node>;

inline Nodes data(const std::vector<std::string>& names) {
  Nodes nodes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto slot = static_cast<std::uint16_t>(3 + i);
    nodes.push_back(w::element("Data", {w::attribute("Name", names[i])},
                               {w::slot(slot, w::Type::string)}));
  }
  return nodes;
}

// Slots: 0 the event id, 1 the time, 2 the record id, from 3 on those of `body`.
inline std::shared_ptr<const w::Template> sysmon(
    Nodes body, const std::string& root = "Event",
    Nodes channel = {w::text("Microsoft-Windows-Sysmon/Operational")}) {
  Nodes system;
  system.push_back(w::element("Provider", {w::attribute("Name", "Microsoft-Windows-Sysmon")}));
  system.push_back(w::element("EventID", {}, {w::slot(0, w::Type::uint16)}));
  system.push_back(w::element(
      "TimeCreated", {w::attribute("SystemTime", Nodes{w::slot(1, w::Type::filetime)})}));
  system.push_back(w::element("EventRecordID", {}, {w::slot(2, w::Type::uint64)}));
  system.push_back(w::element("Channel", {}, std::move(channel)));
  Nodes event;
  event.push_back(w::element("System", {}, std::move(system)));
  event.push_back(w::element("EventData", {}, std::move(body)));
  Nodes roots;
  roots.push_back(w::element(root, {}, std::move(event)));
  return w::make_template(std::move(roots));
}

class Log {
 public:
  explicit Log(std::shared_ptr<const w::Template> of) : of_(std::move(of)) {}

  Log& add(std::uint16_t event_id, std::vector<w::Value> data) {
    ++id_;
    std::vector<w::Value> values{w::Value::uint16(event_id),
                                 w::Value::filetime(start + id_ * second), w::Value::uint64(id_)};
    for (w::Value& value : data) values.push_back(std::move(value));
    image_.add(id_, start + id_ * second, w::instance(of_, std::move(values)));
    return *this;
  }
  Log& add(std::uint16_t event_id, const std::string& a, const std::string& b) {
    return add(event_id, {w::Value::string(a), w::Value::string(b)});
  }
  Log& new_chunk() { return image_.close_chunk(), *this; }
  std::string bytes(const w::FileOptions& options = {}) { return image_.bytes(options); }

 private:
  std::shared_ptr<const w::Template> of_;
  w::EvtxImage image_;
  std::uint64_t id_ = 0;
};

inline Log processes() { return Log(sysmon(data({"Image", "CommandLine"}))); }

inline std::size_t place_of(std::size_t slot) { return layout::file_header + slot * layout::chunk; }

// Where the records of a chunk begin, within the file.
inline std::vector<std::size_t> records_of(const std::string& file, std::size_t slot) {
  std::vector<std::size_t> out;
  const Chunk chunk(std::string_view(file).substr(place_of(slot), layout::chunk));
  ChunkWalk walk(chunk);
  for (EvtxRecordPlace record; walk.next(record);) out.push_back(place_of(slot) + record.at);
  return out;
}

inline void write64(std::string& file, std::size_t at, std::uint64_t n) {
  for (std::size_t i = 0; i < 8; ++i) file[at + i] = static_cast<char>(n >> (8 * i));
}

inline std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += text + "\n";
  return out;
}

}  // namespace escudo::sources
