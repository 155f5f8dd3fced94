// Tested by tests/unit/sources/classic.cpp; fuzzed by tests/fuzz/classic.cpp.

#include "sources/classic/message.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "sources/classic/labels.hpp"

namespace escudo::sources {
namespace {

constexpr std::size_t max_labels = 4096;
constexpr std::size_t max_label_bytes = 64;
// Twice what an event may have at the most: the event is refused then anyway.
constexpr std::size_t max_fields = 8192;

std::string_view line_at(std::string_view text, std::size_t at) {
  std::string_view line = text.substr(at, text.find('\n', at) - at);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t after_line(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// A letter, then what labels of Windows are made of.
bool is_label(std::string_view text) {
  if (text.empty() || text.size() > max_label_bytes || !is_letter(text.front())) return false;
  return std::ranges::all_of(text, [](char c) {
    return is_letter(c) || base::is_digit(c) ||
           std::string_view(" -_/().'#&*").find(c) != std::string_view::npos;
  });
}

struct Labelled {
  bool is = false;
  bool indented = false;
  std::string_view label, value;
};

// "Label:" with nothing, or blanks and a value, behind it.
Labelled labelled(std::string_view line) {
  Labelled out;
  out.indented = !line.empty() && base::is_space(line.front());
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return out;
  if (colon + 1 < line.size() && !base::is_space(line[colon + 1])) return out;
  out.label = base::trim(line.substr(0, colon));
  out.value = base::trim(line.substr(colon + 1));
  out.is = is_label(out.label);
  return out;
}

// Of "Creating Scriptblock text (1 of 1):" the lines up to "ScriptBlock ID: …".
std::string_view script_text(std::string_view message, std::size_t begin) {
  constexpr std::string_view mark = "\nScriptBlock ID: ";
  std::size_t end = message.rfind(mark);
  if (end == std::string_view::npos || end < begin) end = message.size();
  std::string_view text = message.substr(begin, end - begin);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// The block under the heading, up to the next line without indentation.
std::string_view block_under(std::string_view message, std::size_t begin) {
  std::size_t end = begin;
  while (end < message.size()) {
    const std::string_view line = line_at(message, end);
    if (!line.empty() && !base::is_space(line.front())) break;
    end = after_line(message, end);
  }
  return base::trim(message.substr(begin, end - begin));
}

}  // namespace

bool MessageReader::known_label(std::string_view label) {
  std::string name(label);
  if (labels_.contains(name)) return true;
  if (labels_.size() >= max_labels) return false;
  labels_.insert(std::move(name));
  return true;
}

void MessageReader::add_xml(std::string_view section, std::string_view label,
                            std::string_view value, std::size_t& next, std::string_view message) {
  const LabelName xml = xml_name(section, label);
  if (xml.name.empty()) return;
  if (xml.goes_on) {
    // The value goes on over the lines behind it; those are not looked at again.
    std::size_t end = next;
    bool closed = xml.until.empty() || value.find(xml.until) != std::string_view::npos;
    // Looked for once a message: a text full of such labels would cost its square.
    if (!xml.until.empty()) {
      if (!until_known_) last_until_ = message.rfind(xml.until);
      until_known_ = true;
      if (last_until_ == std::string_view::npos || last_until_ < next) closed = true;
    }
    while (end < message.size() && (!closed || xml.until.empty())) {
      const std::string_view line = line_at(message, end);
      if (xml.until.empty()) {
        if (base::trim(line).empty() || !base::is_space(line.front()) || labelled(line).is) break;
      } else {
        closed = line.find(xml.until) != std::string_view::npos;
      }
      end = after_line(message, end);
    }
    const std::size_t begin =
        value.empty() ? next : static_cast<std::size_t>(value.data() - message.data());
    value = base::trim(message.substr(begin, std::max(end, begin) - begin));
    next = std::max(next, end);
  }
  if (!value.empty()) fields_.push_back({xml.name, xml_value(xml.name, value), true});
}

std::vector<MessageField> MessageReader::read(std::string_view message, bool labels_are_xml) {
  fields_.clear();
  until_known_ = false;
  constexpr std::string_view script = "Creating Scriptblock text (";
  if (message.starts_with(script)) {
    const std::string_view text = script_text(message, after_line(message, 0));
    fields_.push_back({"ScriptBlockText", text, true});
    const std::size_t rest = static_cast<std::size_t>(text.data() + text.size() - message.data());
    for (std::size_t at = rest; at < message.size(); at = after_line(message, at)) {
      const Labelled found = labelled(line_at(message, at));
      if (!found.is || found.value.empty()) continue;
      if (found.label == "ScriptBlock ID") fields_.push_back({"ScriptBlockId", found.value, true});
      if (found.label == "Path") fields_.push_back({"Path", found.value, true});
    }
    return fields_;
  }
  std::string_view section;
  std::size_t at = after_line(message, 0);  // the first line says what happened
  while (at < message.size() && fields_.size() < max_fields) {
    const std::string_view line = line_at(message, at);
    std::size_t next = after_line(message, at);
    const Labelled found = labelled(line);
    if (found.is && !found.indented && found.value.empty()) {
      section = found.label;
      if (section == "Changed Attributes") {
        const std::string_view block = block_under(message, next);
        if (!block.empty()) fields_.push_back({"MSADChangedAttributes", block, false});
      }
    }
    if (found.is) {
      if (!found.value.empty() && known_label(found.label)) {
        fields_.push_back({found.label, found.value, labels_are_xml});
      }
      if (!labels_are_xml) add_xml(section, found.label, found.value, next, message);
    }
    at = next;
  }
  return fields_;
}

}  // namespace escudo::sources
