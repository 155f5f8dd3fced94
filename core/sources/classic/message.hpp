#pragma once
// The fields of a rendered message: "label: value" lines, each under its own name as the add-on
// makes it, and under the name the event's XML has for it. Threads: none.

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace escudo::sources {

struct MessageField {
  std::string_view name;
  std::string_view value;
  bool of_xml = false;  // under the name of the event's XML
};

class MessageReader {
 public:
  // Views into `message`, into the reader (until the next call) or that live forever. A label may
  // come again: Account Name of the subject and of the target.
  // `labels_are_xml`: the message prints the names of the XML themselves, as Sysmon's do.
  std::vector<MessageField> read(std::string_view message, bool labels_are_xml = false);

 private:
  struct Line;
  void add_xml(std::string_view section, std::string_view label, std::string_view value,
               std::size_t& at, std::string_view message);
  bool known_label(std::string_view label);

  std::vector<MessageField> fields_;
  // Where the text that ends a task stands last in this message.
  std::size_t last_until_ = std::string_view::npos;
  bool until_known_ = false;
  // Free text (scripts, XML) looks like labels too: names past a bound are not taken.
  std::unordered_set<std::string> labels_;
};

}  // namespace escudo::sources
