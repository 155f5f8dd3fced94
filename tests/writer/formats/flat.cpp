// The flat shape public data sets use: every field a text, EventID too, the provider known only by
// its channel, TimeCreated in UTC.

#include "formats/formats.hpp"
#include "formats/json.hpp"

namespace escudo::writer {
namespace {

std::string line(const Event& e) {
  std::string time = iso_text(e.time, 3);
  time[10] = ' ';
  time.pop_back();
  JsonObject o;
  o.text("EventID", std::to_string(e.event_id)).text("TimeCreated", time);
  o.text("Channel", e.channel).text("Hostname", e.computer).text("Task", std::to_string(e.task));
  for (const Datum& d : e.data) {
    if (!d.name.empty() && d.value.type() != Type::null) o.text(d.name, d.value.text());
  }
  if (e.user_data) add_user_fields(o, e.user_data->fields);
  o.text("Message", e.message());
  return o.done() + "\n";
}

}  // namespace

std::string flat_json(const Events& events) {
  std::string out;
  for (const Event& e : events) out += line(e);
  return out;
}

}  // namespace escudo::writer
