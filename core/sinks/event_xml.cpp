// Windows event XML from an event: its own text tidied, or written from its fields.
// Tested by tests/unit/sinks and by the case that scans a dump again.
#include "base/text.hpp"
#include "sinks/event_writer.hpp"
#include "sinks/system_layout.hpp"

namespace escudo::sinks {
namespace {

// Drops blanks between tags and turns attribute quotes to single ones. A run of blanks that is a value
// (an opening tag before it, its closing tag behind it) stays.
std::string tidy(std::string_view xml) {
  std::string out;
  out.reserve(xml.size());
  bool opening_before = false;
  for (std::size_t i = 0; i < xml.size();) {
    if (xml[i] != '<') {
      std::size_t end = xml.find('<', i);
      if (end == std::string_view::npos) end = xml.size();
      const std::string_view text = xml.substr(i, end - i);
      const bool blank = base::trim(text).empty();
      const bool closing_next = xml.substr(end, 2) == "</";
      if (!blank || (opening_before && closing_next)) out += text;
      i = end;
      continue;
    }
    if (xml.substr(i, 9) == "<![CDATA[") {
      std::size_t end = xml.find("]]>", i);
      end = end == std::string_view::npos ? xml.size() : end + 3;
      out += xml.substr(i, end - i);
      i = end;
      opening_before = false;
      continue;
    }
    // One tag; quotes may hold '>'.
    std::size_t end = i;
    char quote = 0;
    std::string tag;
    for (; end < xml.size(); ++end) {
      const char c = xml[end];
      if (quote) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        const std::size_t close = xml.find(c, end + 1);
        if (close == std::string_view::npos) {
          quote = c;
        } else {
          const std::string_view value = xml.substr(end + 1, close - end - 1);
          const char mark = c == '"' && value.find('\'') == std::string_view::npos ? '\'' : c;
          tag += mark;
          tag += value;
          tag += mark;
          end = close;
          continue;
        }
      } else if (c == '>') {
        ++end;
        tag += '>';
        break;
      }
      tag += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    }
    const bool declaration = tag.starts_with("<?") || tag.starts_with("<!");
    if (!declaration) out += tag;
    opening_before = !tag.starts_with("</") && !tag.ends_with("/>") && !declaration;
    i = end;
  }
  return std::string(base::trim(out));
}

void text_into(std::string& out, std::string_view value, bool attribute) {
  for (char c : value) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\'': out += attribute ? "&apos;" : "'"; break;
      default:
        // Control characters cannot stand in XML 1.0; the reader would stumble.
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r') out += "\xEF\xBF\xBD";
        else out += c;
    }
  }
}

// <Element A='x' B='y'>text</Element> from the System fields, left out when all are absent.
void system_element(std::string& out, const event::Event& event, const SystemElement& element) {
  std::string attributes;
  for (const SystemAttribute& a : element.attributes) {
    const std::string_view value = system_value(event, a.field);
    if (value.empty()) continue;
    attributes += " " + std::string(a.name) + "='";
    text_into(attributes, value, true);
    attributes += "'";
  }
  const std::string_view text = element.field.empty() ? std::string_view() : system_value(event, element.field);
  if (attributes.empty() && text.empty()) return;
  out += "<" + std::string(element.name) + attributes;
  if (text.empty()) {
    out += "/>";
    return;
  }
  out += ">";
  text_into(out, text, false);
  out += "</" + std::string(element.name) + ">";
}

std::string from_fields(const event::Event& event) {
  std::string out = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>";
  for (const SystemElement& element : system_layout()) system_element(out, event, element);
  out += "</System>";
  std::string data, user_data;
  const auto columns = event.schema->columns();
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const std::string name(event::name_of(columns[k].written));
    if (columns[k].section == event::Section::event_data) {
      data += "<Data";
      if (name != "Data") {
        data += " Name='";
        text_into(data, name, true);
        data += "'";
      }
      data += ">";
      text_into(data, event.values[k], false);
      data += "</Data>";
    } else if (columns[k].section == event::Section::user_data) {
      user_data += "<" + name + ">";
      text_into(user_data, event.values[k], false);
      user_data += "</" + name + ">";
    }
  }
  if (!user_data.empty()) out += "<UserData><EventXML>" + user_data + "</EventXML></UserData>";
  else out += "<EventData>" + data + "</EventData>";
  return out + "</Event>";
}

}  // namespace

std::string attack_data_text(const event::Event& event) {
  // What is no Windows event (auditd) has no other text than its own.
  if (event.event_id < 0 && !event.raw.empty()) return std::string(event.raw);
  const std::size_t at = event.raw.find("<Event");
  if (at != std::string_view::npos && base::trim(event.raw).starts_with('<')) return tidy(event.raw.substr(at));
  return from_fields(event);
}

}  // namespace escudo::sinks
