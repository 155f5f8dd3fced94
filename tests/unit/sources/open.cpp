#include <cstdlib>

#include "../scratch.hpp"
#include "catch.hpp"
#include "reading.hpp"

#if __has_include(<unistd.h>)
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace escudo;
using namespace escudo::sources;

TEST_CASE("the content decides, not the extension") {
  ScratchFolder folder;
  const Reading log = read_path(folder.write("picture.evtx", sysmon_xml("a")));
  CHECK(log.report().format == "winxml");
  CHECK(log.events.size() == 1);
  CHECK(read_path(folder.write("x.json", sysmon_xml("a"))).events.size() == 1);
  const Reading text = read_path(folder.write("notes.evtx", "dear diary"));
  CHECK(text.report().state == FileReport::State::not_a_log);
  CHECK(text.report().reasons.empty());
}

TEST_CASE("reports and origins name the path as it was given") {
  ScratchFolder folder;
  const std::string path = folder.write("a.xml", sysmon_xml("a"));
  const Reading log = read_path(path);
  CHECK(log.report().path == path);
  CHECK(log.origins.front() == path);
  CHECK(log.bytes_read == sysmon_xml("a").size());
}

TEST_CASE("overrides reach the origin") {
  OpenOptions options;
  options.source = "s";
  options.sourcetype = "t";
  options.host = "h";
  auto source = open_memory(sysmon_xml("a"), "a", options);
  event::Batch batch;
  REQUIRE(source->next(batch));
  CHECK(batch.origin->source == "s");
  CHECK(batch.origin->sourcetype == "t");
  CHECK(batch.origin->host == "h");
}

TEST_CASE("empty files are read, and empty") {
  for (const char* text : {"", " \n\n", "\xEF\xBB\xBF"}) {
    const Reading log = read_text(text);
    CHECK(log.report().state == FileReport::State::read);
    CHECK(log.report().format == "empty");
    CHECK(log.report().records == 0);
  }
}

TEST_CASE("what cannot be opened is unreadable, with one sentence") {
  ScratchFolder folder;
  for (const std::string& path : {folder.path("missing.evtx"), folder.path()}) {
    const Reading log = read_path(path);
    REQUIRE(log.reports.size() == 1);
    CHECK(log.report().state == FileReport::State::unreadable);
    CHECK(log.report().path == path);
    CHECK(log.report().reasons.size() == 1);
  }
}

#if __has_include(<unistd.h>)
TEST_CASE("a file without permission is unreadable") {
  if (geteuid() == 0) {
    WARN("skipped: root may read everything");
    return;
  }
  ScratchFolder folder;
  const std::string path = folder.write("secret", sysmon_xml("a"));
  chmod(path.c_str(), 0);
  CHECK(read_path(path).report().state == FileReport::State::unreadable);
}

TEST_CASE("standard input is read like a file") {
  ScratchFolder folder;
  std::string text;
  for (int i = 0; i < 3000; ++i) text += sysmon_xml("a") + "\n";
  const int file = ::open(folder.write("in", text).c_str(), O_RDONLY);
  const int kept = dup(0);
  REQUIRE(dup2(file, 0) == 0);
  const Reading log = read_path("-");
  dup2(kept, 0);
  close(kept);
  close(file);
  CHECK(log.events.size() == 3000);
  CHECK(log.report().path == "-");
  CHECK(log.bytes_read == text.size());
}

TEST_CASE("a pipe is read like a file") {
  ScratchFolder folder;
  const std::string path = folder.path("pipe");
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const std::string command =
      "cat '" + folder.write("in", sysmon_xml("a") + sysmon_xml("b")) + "' > '" + path + "' &";
  REQUIRE(std::system(command.c_str()) == 0);
  CHECK(read_path(path).events.size() == 2);
}
#endif
