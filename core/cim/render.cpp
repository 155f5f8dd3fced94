// Every piece is written twice: once to count bytes, once into the arena, so that nothing is
// allocated elsewhere. Attribute quotes are single, as Windows renders events.

#include "cim/render.hpp"

#include <cstring>

namespace escudo::cim {
namespace {

class Writer {
 public:
  explicit Writer(char* out = nullptr) : out_(out) {}
  std::size_t size() const { return size_; }

  Writer& plain(std::string_view text) {
    if (out_ && !text.empty()) std::memcpy(out_ + size_, text.data(), text.size());
    size_ += text.size();
    return *this;
  }
  Writer& escaped(std::string_view text) {
    while (!text.empty()) {
      std::size_t at = text.find_first_of("&<>'");
      plain(text.substr(0, at));
      if (at == std::string_view::npos) break;
      char c = text[at];
      plain(c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&apos;");
      text.remove_prefix(at + 1);
    }
    return *this;
  }
  Writer& element(std::string_view name, std::string_view value) {
    return plain("<").plain(name).plain(">").escaped(value).plain("</").plain(name).plain(">");
  }
  Writer& attribute(std::string_view name, std::string_view value) {
    if (value.empty()) return *this;
    return plain(" ").plain(name).plain("='").escaped(value).plain("'");
  }

 private:
  char* out_;
  std::size_t size_ = 0;
};

template <class F>
std::string_view write_twice(base::Arena& scratch, F write) {
  Writer count;
  write(count);
  if (count.size() == 0) return {};
  char* out = scratch.allocate(count.size());
  Writer into(out);
  write(into);
  return {out, count.size()};
}

struct SystemFields {
  event::FieldId name = event::intern("Name"), guid = event::intern("Guid"),
                 source_name = event::intern("EventSourceName"), id = event::intern("EventID"),
                 qualifiers = event::intern("Qualifiers"), time = event::intern("SystemTime"),
                 activity = event::intern("ActivityID"),
                 related = event::intern("RelatedActivityID"), process = event::intern("ProcessID"),
                 thread = event::intern("ThreadID"), user = event::intern("UserID");
  event::FieldId leaves_before[5] = {event::intern("Version"), event::intern("Level"),
                                     event::intern("Task"), event::intern("Opcode"),
                                     event::intern("Keywords")};
  event::FieldId record = event::intern("EventRecordID"), channel = event::intern("Channel"),
                 computer = event::intern("Computer");
};

const SystemFields& system_fields() {
  static const SystemFields fields;
  return fields;
}

bool has_section(const event::Event& event, event::Section section) {
  auto columns = event.schema->columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].section == section && !event.values[i].empty()) return true;
  }
  return false;
}

// The System attribute, also when EventData hides it behind a field of the same name.
std::string_view system_value(const event::Event& event, event::FieldId field) {
  auto columns = event.schema->columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].field == field && columns[i].section == event::Section::system) {
      return event.values[i];
    }
  }
  return {};
}

void write_system(Writer& w, const event::Event& event) {
  const SystemFields& f = system_fields();
  auto get = [&](event::FieldId field) { return system_value(event, field); };
  auto leaf = [&](event::FieldId field, std::string_view value) {
    if (!value.empty()) w.element(event::name_of(field), value);
  };
  std::string_view provider = get(f.name);
  w.plain("<Provider").attribute("Name", provider.empty() ? event.provider : provider);
  w.attribute("Guid", get(f.guid)).attribute("EventSourceName", get(f.source_name)).plain("/>");
  if (auto id = get(f.id); !id.empty()) {
    w.plain("<EventID").attribute("Qualifiers", get(f.qualifiers)).plain(">").escaped(id);
    w.plain("</EventID>");
  }
  for (event::FieldId field : f.leaves_before) leaf(field, get(field));
  if (auto time = get(f.time); !time.empty()) {
    w.plain("<TimeCreated").attribute("SystemTime", time).plain("/>");
  }
  leaf(f.record, get(f.record));
  w.plain("<Correlation").attribute("ActivityID", get(f.activity));
  w.attribute("RelatedActivityID", get(f.related)).plain("/>");
  w.plain("<Execution").attribute("ProcessID", get(f.process));
  w.attribute("ThreadID", get(f.thread)).plain("/>");
  std::string_view channel = get(f.channel);
  leaf(f.channel, channel.empty() ? event.channel : channel);
  leaf(f.computer, get(f.computer));
  w.plain("<Security").attribute("UserID", get(f.user)).plain("/>");
}

void write_event_data(Writer& w, const event::Event& event) {
  auto columns = event.schema->columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].section != event::Section::event_data || event.values[i].empty()) continue;
    std::string_view name = event::name_of(columns[i].written);
    w.plain("<Data");
    if (name != "Data") w.attribute("Name", name);
    w.plain(">").escaped(event.values[i]).plain("</Data>");
  }
}

void write_user_data(Writer& w, const event::Event& event, std::string_view wrapper) {
  if (!has_section(event, event::Section::user_data)) return;
  if (!wrapper.empty()) w.plain("<").plain(wrapper).plain(">");
  auto columns = event.schema->columns();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].section != event::Section::user_data || event.values[i].empty()) continue;
    w.element(event::name_of(columns[i].written), event.values[i]);
  }
  if (!wrapper.empty()) w.plain("</").plain(wrapper).plain(">");
}

void write_event(Writer& w, const event::Event& event) {
  w.plain("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>");
  write_system(w, event);
  w.plain("</System>");
  if (has_section(event, event::Section::event_data)) {
    w.plain("<EventData>");
    write_event_data(w, event);
    w.plain("</EventData>");
  }
  if (has_section(event, event::Section::user_data)) {
    w.plain("<UserData>");
    write_user_data(w, event, {});
    w.plain("</UserData>");
  }
  w.plain("</Event>");
}

// The inside of the first <name …>…</name>. The last closing tag counts, so that a value that
// quotes the tag does not end the block.
bool cut_block(std::string_view raw, std::string_view name, std::string_view& inside) {
  for (std::size_t at = 0; (at = raw.find(name, at)) != std::string_view::npos; at += name.size()) {
    if (at == 0 || raw[at - 1] != '<') continue;
    std::size_t after = at + name.size();
    if (after >= raw.size() || (raw[after] != '>' && raw[after] != ' ')) continue;
    std::size_t begin = raw.find('>', after);
    if (begin == std::string_view::npos || raw[begin - 1] == '/') return false;
    ++begin;
    for (std::size_t end = raw.rfind(name); end != std::string_view::npos && end > begin + 1;
         end = raw.rfind(name, end - 1)) {
      if (raw[end - 1] == '/' && raw[end - 2] == '<') {
        inside = raw.substr(begin, end - 2 - begin);
        return true;
      }
    }
    return false;
  }
  return false;
}

}  // namespace

std::string_view raw_text(const event::Event& event, base::Arena& scratch) {
  if (!event.raw.empty()) return event.raw;
  return write_twice(scratch, [&](Writer& w) { write_event(w, event); });
}

std::string_view block_text(Block block, std::string_view wrapper, const event::Event& event,
                            base::Arena& scratch) {
  constexpr std::string_view names[] = {"System", "EventData", "UserData"};
  std::string_view inside;
  if (cut_block(event.raw, names[static_cast<std::size_t>(block)], inside)) return inside;
  return write_twice(scratch, [&](Writer& w) {
    switch (block) {
      case Block::system:
        write_system(w, event);
        break;
      case Block::event_data:
        write_event_data(w, event);
        break;
      case Block::user_data:
        write_user_data(w, event, wrapper);
        break;
    }
  });
}

}  // namespace escudo::cim
