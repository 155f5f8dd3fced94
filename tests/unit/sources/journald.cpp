#include <sys/stat.h>

#include <cstdlib>
#include <thread>

#include "catch.hpp"
#include "scratch.hpp"
#include "sources/journald/export.hpp"
#include "sources/live.hpp"

using namespace escudo;
using sources::first_entry;

TEST_CASE("an entry of the journal's export format, with a message of several lines") {
  using namespace std::string_literals;
  const std::string text = "\n__CURSOR=s=1;i=2\nSYSLOG_IDENTIFIER=sysmon\nMESSAGE\n\x05\0\0\0\0\0\0\0a\n=\nb\n\n__CURSOR=x\n"s;
  const auto entry = first_entry(text);
  REQUIRE(entry);
  CHECK(entry->cursor == "s=1;i=2");
  CHECK(entry->message == "a\n=\nb");
  CHECK(text.substr(entry->size) == "__CURSOR=x\n");
  for (std::size_t size = 0; size < entry->size; ++size) CHECK_FALSE(first_entry(std::string_view(text).substr(0, size)));
}

TEST_CASE("a length beyond the text is an entry that is not whole yet") {
  using namespace std::string_literals;
  CHECK_FALSE(first_entry("MESSAGE\n\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFxx\n\n"s));
}

TEST_CASE("what is no match of the journal is refused") {
  CHECK_FALSE(sources::open_live("journald:--flush", "", {}).ok());
  CHECK_FALSE(sources::open_live("journald:sysmon", "", {}).ok());
  CHECK_FALSE(sources::open_live("journald:A=b?x=1", "", {}).ok());
}

TEST_CASE("a journal whose journalctl has said nothing yet is not at its end") {
  ScratchFolder folder;
  const std::string script = folder.write("bin/journalctl", R"(#!/bin/sh
sleep 1
echo __CURSOR=c1
echo "MESSAGE=<Event><System><Provider Name=\"Linux-Sysmon\"/><EventID>1</EventID></System></Event>"
echo
exec sleep 30
)");
  ::chmod(script.c_str(), 0755);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (folder.path("bin") + ":" + path).c_str(), 1);
  auto source = sources::open_live("journald", "", {});
  REQUIRE(source.ok());
  event::Batch batch;
  const auto poll = [&] { return source.value()->poll(batch, std::chrono::milliseconds(200)); };
  CHECK(poll() == sources::LiveSource::Got::nothing);
  CHECK_FALSE(source.value()->report().at_end);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (poll() != sources::LiveSource::Got::events && std::chrono::steady_clock::now() < end) {
  }
  CHECK(batch.events.size() == 1);
  CHECK(poll() == sources::LiveSource::Got::nothing);
  CHECK(source.value()->report().at_end);
  source.value()->stop();
  ::setenv("PATH", path.c_str(), 1);
}

TEST_CASE("of a journalctl that was cut short the last entry is not whole, and comes again") {
  ScratchFolder folder;
  // The first run is killed where a line has ended but the entry has not.
  const std::string script = folder.write("bin/journalctl", R"(#!/bin/sh
echo "$*" >> "$FOLDER/calls"
event() { echo "MESSAGE=<Event><System><Provider Name=\"Linux-Sysmon\"/><EventID>1</EventID><EventRecordID>$1</EventRecordID></System></Event>"; }
case "$*" in
  *--after-cursor=c1*) echo __CURSOR=c2; event 2; echo ;;
  *) echo __CURSOR=c1; event 1; echo; echo __CURSOR=c2; kill -9 $$ ;;
esac
)");
  ::chmod(script.c_str(), 0755);
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", (folder.path("bin") + ":" + path).c_str(), 1);
  ::setenv("FOLDER", folder.path().c_str(), 1);
  auto source = sources::open_live("journald", "", {});
  REQUIRE(source.ok());
  std::string seen;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (event::Batch batch; seen.size() < 2 && std::chrono::steady_clock::now() < end;) {
    if (source.value()->poll(batch, std::chrono::milliseconds(100)) != sources::LiveSource::Got::events) continue;
    for (const event::Event& event : batch.events) seen += std::to_string(event.record_id);
  }
  CHECK(seen == "12");
  source.value()->stop();
  ::setenv("PATH", path.c_str(), 1);
}
