// Tested by tests/unit/sources/evtx_native.cpp and by the twin with libevtx.

#include "sources/binxml/fields.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <functional>

#include "base/text.hpp"
#include "sources/binxml/little_endian.hpp"
#include "sources/event_time.hpp"

namespace escudo::sources {
namespace {

using event::Section;
using Kind = Part::Kind;

class Lister {
 public:
  Lister(const Shape& shape, const ParsedRecord& record, std::uint32_t depth_limit,
         std::vector<FieldCell>& out)
      : shape_(shape), record_(record), depth_limit_(depth_limit), out_(out) {}

  bool too_deep() const { return too_deep_; }

  void event(std::uint32_t root) {
    children(root, [&](std::uint32_t part) {
      const std::string_view name = local_name(shape_[part].text);
      if (name == "System") {
        children(part, [&](std::uint32_t node) { system(node); });
      } else if (name == "EventData") {
        children(part, [&](std::uint32_t node) { event_data(node); });
      } else {
        const Section section = name == "UserData"        ? Section::user_data
                                : name == "RenderingInfo" ? Section::rendering
                                                          : Section::event_data;
        children(part, [&](std::uint32_t node) { leaves(node, section, 3); });
      }
    });
  }

 private:
  template <class Visit>
  void children(std::uint32_t node, Visit visit) const {
    for (std::uint32_t i = node + 1; i < shape_[node].end; ++i) {
      const Part& part = shape_[i];
      if (part.kind == Kind::open) visit(i);
      if (part.kind == Kind::open || part.kind == Kind::attribute) i = part.end;
    }
  }

  template <class Visit>
  void attributes(std::uint32_t node, Visit visit) const {
    for (std::uint32_t i = node + 1; i < shape_[node].end; ++i) {
      if (shape_[i].kind != Kind::attribute) break;
      if (!declares_namespace(shape_[i].text)) visit(i);
      i = shape_[i].end;
    }
  }

  bool has_elements(std::uint32_t node) const {
    bool found = false;
    children(node, [&](std::uint32_t) { found = true; });
    return found;
  }

  // Where the element's content begins.
  std::uint32_t content(std::uint32_t node) const {
    std::uint32_t i = node + 1;
    while (shape_[i].kind == Kind::attribute) i = shape_[i].end + 1;
    return i;
  }

  FieldCell& add(Section section, std::string_view name, std::uint32_t begin, std::uint32_t end) {
    FieldCell& cell = out_.emplace_back();
    cell.section = section;
    cell.name = name;
    cell.begin = begin;
    cell.end = end;
    return cell;
  }

  void system(std::uint32_t node) {
    const std::uint32_t begin = content(node);
    if (!is_empty(begin, shape_[node].end)) {
      add(Section::system, local_name(shape_[node].text), begin, shape_[node].end);
    }
    attributes(node, [&](std::uint32_t a) {
      add(Section::system, local_name(shape_[a].text), a + 1, shape_[a].end);
    });
  }

  void event_data(std::uint32_t node) {
    std::uint32_t name = 0;
    for (std::uint32_t i = node + 1; shape_[i].kind == Kind::attribute; i = shape_[i].end + 1) {
      if (shape_[i].text == "Name") name = i;
    }
    if (name == 0 || has_elements(node)) return leaves(node, Section::event_data, 3);
    FieldCell& cell = add(Section::event_data, "", content(node), shape_[node].end);
    if (literal(name + 1, shape_[name].end, cell.name)) {
      if (cell.name.empty()) cell.name = "Data";
    } else {
      cell.name_begin = name + 1;
      cell.name_end = shape_[name].end;
    }
  }

  bool is_empty(std::uint32_t begin, std::uint32_t end) const {
    for (std::uint32_t i = begin; i < end; ++i) {
      const Part& part = shape_[i];
      if (part.kind == Kind::value ? !record_.values()[part.value].is_empty() : part.is_text()) {
        return false;
      }
    }
    return true;
  }

  bool literal(std::uint32_t begin, std::uint32_t end, std::string& out) const {
    for (std::uint32_t i = begin; i < end; ++i) {
      if (shape_[i].kind == Kind::value) return false;
      out += shape_[i].text;
    }
    return true;
  }

  // `depth` counts from Event, which is 1.
  void leaves(std::uint32_t node, Section section, std::uint32_t depth) {
    if (depth > depth_limit_) {
      too_deep_ = true;
      return;
    }
    const std::string_view name = local_name(shape_[node].text);
    if (section != Section::event_data) {
      attributes(node, [&](std::uint32_t a) {
        FieldCell& cell = add(section, name, a + 1, shape_[a].end);
        cell.name += '_';
        cell.name += local_name(shape_[a].text);
      });
    }
    if (!has_elements(node)) {
      add(section, name, content(node), shape_[node].end);
      return;
    }
    children(node, [&](std::uint32_t child) { leaves(child, section, depth + 1); });
  }

  const Shape& shape_;
  const ParsedRecord& record_;
  const std::uint32_t depth_limit_;
  std::vector<FieldCell>& out_;
  bool too_deep_ = false;
};

std::optional<std::uint64_t> integer_text(std::string_view text) {
  text = base::trim(text);
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || last != end || text.empty()) return std::nullopt;
  return number;
}

base::Error too_large(const Limits& limits) {
  return {"is larger than " + std::to_string(limits.event_bytes) +
          " bytes, the limit for one event (event_bytes)"};
}

}  // namespace

bool list_fields(const Shape& shape, const ParsedRecord& record, std::uint32_t depth_limit,
                 std::vector<FieldCell>& out) {
  out.clear();
  Lister lister(shape, record, depth_limit, out);
  for (std::uint32_t i = 0; i < shape.size(); ++i) {
    if (shape[i].kind != Kind::open) continue;
    lister.event(i);
    break;  // a second root has no place in an event
  }
  return !lister.too_deep();
}

FieldProgram FieldWriter::compile(const Shape& shape, const ParsedRecord& record,
                                  bool literals_last) {
  FieldProgram program;
  if (!list_fields(shape, record, limits_.xml_depth, cells_)) return program;
  if (cells_.size() > limits_.fields_per_event) return program;
  ids_.clear();
  columns_.restart();
  for (const FieldCell& cell : cells_) {
    if (cell.name_begin != cell.name_end) return program;
    const std::uint32_t id = columns_.id(cell.section, cell.name);
    if (id == Columns::no_column) return program;
    const auto at = static_cast<std::uint32_t>(ids_.size());
    ids_.push_back(id);
    FieldProgram::Cell& out = program.cells.emplace_back();
    out.begin = cell.begin;
    out.end = cell.end;
    out.single = cell.end == cell.begin + 1 && shape[cell.begin].kind == Kind::value;
    if (out.single) out.value = shape[cell.begin].value;
    if (literals_last && cell.end == cell.begin + 1 && shape[cell.begin].is_text()) {
      out.literal = shape[cell.begin].text;  // a value has none
    }
    const auto take = [&](std::uint32_t& member) {
      if (member == FieldProgram::nowhere) member = at;
    };
    switch (columns_.role(id)) {
      case Role::event_id:
        take(program.event_id);
        break;
      case Role::record_id:
        take(program.record_id);
        break;
      case Role::channel:
        take(program.channel);
        break;
      case Role::provider:
        take(program.provider);
        break;
      case Role::system_time:
        take(program.system_time);
        break;
      default:
        break;
    }
  }
  if (program.provider == FieldProgram::nowhere) return program;  // the channel may tell it
  program.schema = columns_.schema(ids_);
  return program;
}

void FieldWriter::apply(FieldProgram& program, const Demand::Columns& columns) {
  if (!program.schema) return;
  for (std::size_t i = 0; i < program.cells.size(); ++i) {
    program.cells[i].wanted = i < columns.read.size() && columns.read[i];
  }
  program.raw = columns.raw;
  program.nothing = !columns.members && std::ranges::none_of(columns.read, std::identity{});
}

std::string_view FieldWriter::text(const RawValue& value) {
  const std::size_t room = value_room(value);
  if (room == 0) return {};
  if (room > limits_.event_bytes) {
    written_ += room;
    return {};
  }
  const std::string_view text =
      pen_.done(write_value(value, Escape::none, Spelling::libevtx, pen_.begin(room)));
  written_ += text.size();
  return text;
}

std::string_view FieldWriter::text(const Shape& shape, const ParsedRecord& record,
                                   std::uint32_t begin, std::uint32_t end) {
  std::size_t room = 0;
  for (std::uint32_t i = begin; i < end; ++i) {
    const Part& part = shape[i];
    if (part.kind == Kind::open) {
      i = part.end;
    } else if (part.kind == Kind::value) {
      room += value_room(record.values()[part.value]);
    } else if (part.is_text()) {
      room += part.text.size();
    }
  }
  if (room == 0) return {};
  if (room > limits_.event_bytes) {  // one value in many places
    written_ += room;
    return {};
  }
  char* to = pen_.begin(room);
  for (std::uint32_t i = begin; i < end; ++i) {
    const Part& part = shape[i];
    if (part.kind == Kind::open) {
      i = part.end;
    } else if (part.kind == Kind::value) {
      to = write_value(record.values()[part.value], Escape::none, Spelling::libevtx, to);
    } else if (part.is_text()) {
      std::memcpy(to, part.text.data(), part.text.size());
      to += part.text.size();
    }
  }
  const std::string_view text = pen_.done(to);
  written_ += text.size();
  return text;
}

base::Result<void> FieldWriter::through_draft(const Shape& shape, const ParsedRecord& record,
                                              const RecordPlace& place, event::Batch& batch) {
  if (!list_fields(shape, record, limits_.xml_depth, cells_)) {
    return base::Error{"has XML elements more than " + std::to_string(limits_.xml_depth) +
                       " deep, the limit (xml_depth)"};
  }
  draft_.start(batch);
  for (const FieldCell& cell : cells_) {
    const std::string_view value = text(shape, record, cell.begin, cell.end);
    std::string_view name = cell.name;
    if (cell.name_begin != cell.name_end) {
      name = text(shape, record, cell.name_begin, cell.name_end);
      if (name.empty()) name = "Data";
    }
    if (written_ > limits_.event_bytes) return too_large(limits_);
    draft_.add(cell.section, name, value);
  }
  return draft_.commit(Draft::Kind::xml, place, {});
}

std::span<const std::string_view> FieldWriter::blank(std::size_t values, event::Batch& batch) {
  constexpr std::size_t usual = 128;
  if (blank_.size() < values) {
    blank_ = batch.arena.array<std::string_view>(std::max(values, usual));
  }
  return blank_.first(values);
}

base::Result<void> FieldWriter::run(const FieldProgram& program, const Shape& shape,
                                    const ParsedRecord& record, const RecordPlace& place,
                                    event::Batch& batch) {
  written_ = 0;
  if (!program.schema) return through_draft(shape, record, place, batch);
  const auto add = [&](std::span<const std::string_view> values) -> event::Event& {
    event::Event& event = batch.events.emplace_back();
    event.schema = program.schema;
    event.values = values;
    event.recovered = place.recovered;
    event.header_id = place.header_id;
    event.ordinal = place.ordinal;
    return event;
  };
  if (program.nothing) {
    add(blank(program.cells.size(), batch));
    return {};
  }
  const std::vector<RawValue>& raw = record.values();
  const auto values = batch.arena.array<std::string_view>(program.cells.size());
  const auto fill = [&](std::uint32_t i) {
    const FieldProgram::Cell& cell = program.cells[i];
    if (cell.single && raw[cell.value].is_empty()) return;
    if (!cell.literal.empty()) {
      values[i] = cell.literal;
      return;
    }
    if (!values[i].empty()) return;
    values[i] = cell.single ? text(raw[cell.value]) : text(shape, record, cell.begin, cell.end);
  };
  for (std::uint32_t i = 0; i < values.size(); ++i) {
    if (!program.cells[i].wanted) continue;
    fill(i);
    if (written_ > limits_.event_bytes) return too_large(limits_);
  }

  event::Event& event = add(values);
  const auto member = [&](std::uint32_t cell) -> std::string_view {
    if (cell == FieldProgram::nowhere) return {};
    fill(cell);
    return values[cell];
  };
  event.channel = member(program.channel);
  event.provider = member(program.provider);
  const auto number = [&](std::uint32_t cell) -> std::optional<std::uint64_t> {
    if (cell == FieldProgram::nowhere) return std::nullopt;
    if (program.cells[cell].single) {
      if (auto n = integer_of(raw[program.cells[cell].value])) return n;
    }
    return integer_text(member(cell));
  };
  if (const auto id = number(program.event_id); id && *id <= INT32_MAX) {
    event.event_id = static_cast<std::int32_t>(*id);
  }
  if (const auto id = number(program.record_id)) event.record_id = *id;
  if (program.system_time != FieldProgram::nowhere) {
    const FieldProgram::Cell& cell = program.cells[program.system_time];
    if (cell.single && raw[cell.value].type == type::filetime && raw[cell.value].size == 8) {
      event.time = base::from_filetime(u64(raw[cell.value].data));
      event.has_time = true;
    } else if (const auto time = time_of_xml({member(program.system_time), {}, {}, {}})) {
      event.time = *time;
      event.has_time = true;
    }
  }
  return {};
}

}  // namespace escudo::sources
