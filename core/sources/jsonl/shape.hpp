#pragma once
// Shape: one way to write a Windows event as JSON, with its names for what event/event.hpp names.
// One file a shape. A reader tries them in the order of shapes(), the one that fitted last first.
//
// Threads: none; a shape is reused for every object of a file.

#include <simdjson.h>

#include <memory>
#include <string_view>
#include <vector>

#include "sources/draft.hpp"
#include "sources/jsonl/leaves.hpp"

namespace escudo::sources {

class Shape : public LeafSink {
 public:
  virtual std::string_view name() const = 0;  // "nxlog": reports say "json/nxlog"
  virtual bool fits(simdjson::dom::object object) const = 0;

  // Adds the object's values to the draft, whose batch owns `arena`. Text that is an event of its
  // own (XML or JSON within a member) is returned instead and nothing is added.
  std::string_view read(simdjson::dom::object object, base::Arena& arena, Draft& draft) {
    draft_ = &draft;
    arena_ = &arena;
    begin();
    if (const std::string_view inner = event_text(object); !inner.empty()) return inner;
    visit_leaves(object, arena, *this);
    end();
    return {};
  }

 protected:
  virtual void begin() {}
  virtual void end() {}
  virtual std::string_view event_text(simdjson::dom::object) const { return {}; }

  void add(event::Section section, std::string_view written, std::string_view text,
           std::string_view field = {}) {
    draft_->add(section, written, text, field);
  }
  Draft& draft() { return *draft_; }
  base::Arena& arena() { return *arena_; }

 private:
  Draft* draft_ = nullptr;
  base::Arena* arena_ = nullptr;
};

std::unique_ptr<Shape> nxlog_shape();
std::unique_ptr<Shape> flat_shape();
std::unique_ptr<Shape> winlogbeat_shape();
std::unique_ptr<Shape> splunk_shape();
std::unique_ptr<Shape> evtx_dump_shape();

// What a flat member is: which section, and the field it is where its own name is another.
struct Member {
  std::string_view written;
  event::Section section;
  std::string_view field;  // empty: as written
};

inline const Member* find_member(const Member* begin, const Member* end, std::string_view written) {
  for (; begin != end; ++begin) {
    if (begin->written == written) return begin;
  }
  return nullptr;
}

}  // namespace escudo::sources
