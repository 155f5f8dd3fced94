#pragma once
// XmlDecoder: the text of one Windows event -> one Event, through pugixml.
//
//   System        every element's text under its name, every attribute under its own name
//                 (Provider/@Name is Name, TimeCreated/@SystemTime is SystemTime, …)
//   EventData     <Data Name='X'> is X, other elements go by their name, unnamed Data is Data
//   UserData      the leaves under their names; attributes as element_attribute
//   RenderingInfo the same, as rendering
// Namespace prefixes are cut. Nothing is resolved: the five entities of XML and character
// references are decoded, others stay as they are written. Threads: none.

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "event/event.hpp"
#include "sources/draft.hpp"
#include "sources/source.hpp"

namespace escudo::sources {

class XmlDecoder {
 public:
  explicit XmlDecoder(const Limits& limits);
  ~XmlDecoder();

  // `text` is copied into the batch. Fails with a sentence that follows "record N ".
  base::Result<void> decode(std::string_view text, event::Batch& batch, const RecordPlace& place);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace escudo::sources
