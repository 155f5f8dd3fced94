// The XML made of an event's columns, and the blocks cut from text a source brought along.

#include "cim/render.hpp"

#include "catch.hpp"
#include "support.hpp"

namespace escudo::cim::testing {

TEST_CASE("an event without text of its own is rendered as Windows would") {
  MadeEvent event("Security", "P", 4688,
                  {{"Name", "P"},
                   {"Level", "0"},
                   {"Computer", "WS1"},
                   {"UserID", "S-1-5-18"},
                   {"CommandLine", "a <b> & 'c'"},
                   {"Empty", ""},
                   {"Data", "x"}},
                  {{"Leaf", "y"}});
  base::Arena scratch;
  CHECK(raw_text(event.get(), scratch) ==
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
        "<Provider Name='P'/><EventID>4688</EventID><Level>0</Level><Correlation/><Execution/>"
        "<Channel>Security</Channel><Computer>WS1</Computer><Security UserID='S-1-5-18'/></System>"
        "<EventData><Data Name='CommandLine'>a &lt;b&gt; &amp; &apos;c&apos;</Data>"
        "<Data>x</Data></EventData><UserData><Leaf>y</Leaf></UserData></Event>");
  CHECK(block_text(Block::user_data, "W", event.get(), scratch) == "<W><Leaf>y</Leaf></W>");
}

TEST_CASE("blocks are cut from the text the source has") {
  base::Arena scratch;
  MadeEvent event("c", "", 1, {{"a", "b"}});
  auto cut = [&](std::string_view raw, Block block) {
    event.edit().raw = raw;
    return block_text(block, {}, event.get(), scratch);
  };
  CHECK(cut("<Event><EventData><Data Name='a'>b</Data></EventData></Event>", Block::event_data) ==
        "<Data Name='a'>b</Data>");
  CHECK(cut("<E><UserData x='1'><W>EventData</W></UserData></E>", Block::user_data) ==
        "<W>EventData</W>");
  CHECK(cut("<EventData>1 </EventData> 2</EventData>", Block::event_data) == "1 </EventData> 2");
  // No such block, an empty one, a torn one: made from the columns.
  for (auto raw : {"EventData", "<EventData/>", "<EventData>", "<EventData",
                   "/EventData><EventData>", "<EventDataX>1</EventDataX>"}) {
    INFO(raw);
    CHECK(cut(raw, Block::event_data) == "<Data Name='a'>b</Data>");
  }
  event.edit().raw = "syslog line";
  CHECK(raw_text(event.get(), scratch) == "syslog line");
}

}  // namespace escudo::cim::testing
