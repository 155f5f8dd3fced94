#include <filesystem>
#include <thread>

#include "base/files.hpp"
#include "base/utf16.hpp"
#include "catch.hpp"
#include "scratch.hpp"
#include "sources/follow/cut.hpp"
#include "sources/live.hpp"

using namespace escudo;
using namespace std::chrono_literals;
using sources::LiveSource;
namespace fs = std::filesystem;

namespace {

std::string line(int id) {
  return "{\"EventID\":1,\"TimeCreated\":\"2024-03-05T09:00:00Z\",\"Channel\":\"Security\",\"Hostname\":\"PC\",\"RecordNumber\":" + std::to_string(id) + "}\n";
}

struct Followed {
  explicit Followed(const std::string& spec, const std::string& from = "") {
    sources::LiveOptions options;
    options.once = true;
    auto opened = sources::open_live(spec, from, options);
    REQUIRE(opened.ok());
    source = std::move(opened).value();
  }
  // The record ids that are there, "1 2 3".
  std::string read() {
    std::string out;
    event::Batch batch;
    while (source->poll(batch, 0ms) == LiveSource::Got::events)
      for (const event::Event& e : batch.events) out += (out.empty() ? "" : " ") + std::to_string(e.record_id);
    position = source->position().value();
    return out;
  }
  std::unique_ptr<LiveSource> source;
  std::string position;
};

void append(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::app | std::ios::binary) << text; }

}  // namespace

TEST_CASE("half a line waits for its other half") {
  ScratchFolder folder;
  const std::string log = folder.write("a.log", line(1) + line(2).substr(0, 20));
  Followed f("file:" + log);
  CHECK(f.read() == "1");
  append(log, line(2).substr(20) + line(3));
  CHECK(f.read() == "2 3");
  Followed again("file:" + log, f.position);
  CHECK(again.read().empty());
}

TEST_CASE("a log that was renamed is read to its end, then those that came after it") {
  ScratchFolder folder;
  const std::string log = folder.path("a.log");
  append(log, line(1));
  Followed f("file:" + log);
  CHECK(f.read() == "1");
  append(log, line(2));
  fs::rename(log, log + ".1");
  append(log, line(3));
  CHECK(f.read() == "2 3");
  // Twice more while nobody looks.
  append(log, line(4));
  fs::rename(log, log + ".2");
  append(log, line(5));
  fs::rename(log, log + ".3");
  append(log, line(6));
  Followed again("file:" + log, f.position);
  CHECK(again.read() == "4 5 6");
  CHECK(again.source->take_notices().empty());
}

TEST_CASE("a log that was copied and cut is read on in its copy") {
  ScratchFolder folder;
  const std::string log = folder.path("a.log");
  append(log, line(1) + line(2));
  Followed f("file:" + log);
  CHECK(f.read() == "1 2");
  append(log, line(3));
  fs::copy_file(log, log + ".1");
  std::ofstream(log, std::ios::trunc).close();
  append(log, line(4));
  CHECK(f.read() == "3 4");
  CHECK(f.source->take_notices().empty());
}

TEST_CASE("a log that was packed before it was read is told once, however long the next is away") {
  ScratchFolder folder;
  const std::string log = folder.path("a.log");
  append(log, line(1));
  Followed f("file:" + log);
  CHECK(f.read() == "1");
  fs::remove(log);
  append(log + ".1.gz", "\x1f\x8b\x08 packed");
  fs::last_write_time(log + ".1.gz", fs::file_time_type::clock::now() + 1s);
  Followed again("file:" + log, f.position);
  for (int k = 0; k < 3; ++k) CHECK(again.read().empty());
  CHECK(again.source->take_notices().empty());
  append(log, line(2));
  CHECK(again.read() == "2");
  const auto notices = again.source->take_notices();
  REQUIRE(notices.size() == 2);
  CHECK(notices.front().text.find("a.log.1.gz was packed before it was read") != std::string::npos);
}

TEST_CASE("a log that was cut without a copy is told as a loss and read from its beginning") {
  ScratchFolder folder;
  const std::string log = folder.path("a.log");
  append(log, line(1) + line(2));
  Followed f("file:" + log);
  CHECK(f.read() == "1 2");
  std::ofstream(log, std::ios::trunc).close();
  append(log, line(7));
  CHECK(f.read() == "7");
  const auto notices = f.source->take_notices();
  REQUIRE(notices.size() == 1);
  CHECK(notices.front().kind == "lost");
}

TEST_CASE("a file that begins otherwise is another, even with the number of the one before") {
  ScratchFolder folder;
  const std::string log = folder.path("a.log");
  append(log, line(1) + line(2));
  std::string position;
  {
    Followed f("file:" + log);
    CHECK(f.read() == "1 2");
    position = f.position;
  }
  std::ofstream(log, std::ios::trunc).close();
  append(log, line(11) + line(12) + line(13));   // longer than what was read
  Followed again("file:" + log, position);
  CHECK(again.read() == "11 12 13");
}

TEST_CASE("what was rotated away before the first start is not read, ?start=end skips what is there") {
  ScratchFolder folder;
  const std::string log = folder.path("a.log");
  append(log + ".1", line(1));
  append(log, line(2));
  CHECK(Followed("file:" + log).read() == "2");
  Followed end("file:" + log + "?start=end");
  CHECK(end.read().empty());
  append(log, line(3));
  CHECK(end.read() == "3");
}

TEST_CASE("where whole records end") {
  using sources::Format;
  using sources::follow::whole_records;
  CHECK(whole_records(Format::json, "{}\n{", false) == 3);
  CHECK(whole_records(Format::winxml, "<Event>\n</Event>\n<Event>", false) == 17);
  CHECK(whole_records(Format::classic, "t1\nLogName=A\nx\nt2\nLogName=B\n", false) == 15);
  CHECK(whole_records(Format::classic, "t1\nLogName=A\nx\nt2\nLogName=B\n", true) == 28);
  CHECK(whole_records(Format::json, "{", true) == 0);
}

TEST_CASE("a growing EVTX file gives the records that are new, also after a restart") {
  ScratchFolder folder;
  const std::string logs = std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx/", log = folder.path("a.evtx");
  const std::string whole = base::read_file(logs + "odd/dirty_understated.evtx").value();   // two chunks
  const std::string all = Followed("file:" + folder.write("all.evtx", whole)).read();
  append(log, whole.substr(0, 4096 + 65536));
  Followed f("file:" + log);
  const std::string first = f.read();
  CHECK_FALSE(first.empty());
  CHECK(f.read().empty());
  append(log, whole.substr(4096 + 65536));
  Followed again("file:" + log, f.position);
  const std::string rest = again.read();
  CHECK_FALSE(rest.empty());
  CHECK(first + " " + rest == all);
  CHECK(f.read() == rest);
  // Another file under the name is read from its beginning.
  fs::copy_file(logs + "workstation.evtx", folder.path("b.evtx"));
  fs::rename(folder.path("b.evtx"), log);
  CHECK_FALSE(again.read().empty());
  const auto notices = again.source->take_notices();
  REQUIRE(notices.size() == 1);
  CHECK(notices.front().kind == "lost");
  CHECK_FALSE(sources::open_live("file:" + log + "?start=end", "", {}).ok());
}

TEST_CASE("a growing EVTX file that changed and is not read again yet is not at its end") {
  ScratchFolder folder;
  const std::string whole = base::read_file(std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx/odd/dirty_understated.evtx").value();
  const std::string log = folder.write("a.evtx", whole.substr(0, 4096 + 65536));
  auto source = sources::open_live("file:" + log, "", {}).value();
  event::Batch batch;
  const auto read = [&] {
    std::size_t seen = 0;
    while (source->poll(batch, 0ms) == LiveSource::Got::events) seen += batch.events.size();
    return seen;
  };
  CHECK(read() > 0);
  CHECK(source->report().at_end);
  append(log, whole.substr(4096 + 65536));
  CHECK(read() == 0);   // a second must lie between two readings
  CHECK_FALSE(source->report().at_end);
  std::this_thread::sleep_for(1100ms);
  CHECK(read() > 0);
  CHECK(source->report().at_end);
}

TEST_CASE("UTF-16 is followed, half a character and half a line wait") {
  ScratchFolder folder;
  for (const bool with_mark : {true, false}) {
    const std::string log = folder.path(with_mark ? "marked.log" : "bare.log");
    std::string second = line(2);
    second.insert(second.find("PC"), "\xF0\x9F\x94\xA5 \xC3\xA4");   // beyond the first plane, and within
    const std::string first = base::utf8_to_utf16le(line(1)), next = base::utf8_to_utf16le(second + line(3));
    const std::size_t middle = base::utf8_to_utf16le(second.substr(0, second.find("\xF0"))).size() + 1;
    append(log, (with_mark ? "\xFF\xFE" : "") + first + next.substr(0, middle));
    Followed f("file:" + log);
    CHECK(f.read() == "1");
    append(log, next.substr(middle, 2));
    CHECK(f.read().empty());
    append(log, next.substr(middle + 2));
    Followed again("file:" + log, f.position);
    CHECK(again.read() == "2 3");
    CHECK(again.source->report().damaged == 0);
    append(log, base::utf8_to_utf16le(line(4)));
    CHECK(again.read() == "4");
    Followed late("file:" + log + "?start=end");
    CHECK(late.read().empty());
    append(log, base::utf8_to_utf16le(line(5)));
    CHECK(late.read() == "5");
    // The end is within a line and within a character.
    append(log, next.substr(0, middle + 1));
    Followed torn("file:" + log + "?start=end");
    CHECK(torn.read().empty());
    append(log, next.substr(middle + 1));
    CHECK(torn.read() == "2 3");
  }
}

TEST_CASE("JSON objects over several lines are followed, and half of one waits") {
  ScratchFolder folder;
  const std::string log = folder.path("a.json");
  const auto pretty = [](int id) {
    std::string text = line(id);
    for (std::size_t at = 0; (at = text.find(",\"", at)) != std::string::npos; at += 4) text.replace(at, 1, ",\n  ");
    text.insert(text.size() - 2, ", \"more\": {\n \"text\": \"} ] {\"\n }");
    return text;
  };
  const std::string second = pretty(2);
  append(log, pretty(1) + second.substr(0, 60));
  Followed f("file:" + log);
  CHECK(f.read() == "1");
  append(log, second.substr(60) + pretty(3));
  Followed again("file:" + log, f.position);
  CHECK(again.read() == "2 3");
  CHECK(again.source->report().damaged == 0);
}

TEST_CASE("a JSON array is refused with a sentence, a torn line does not make it one") {
  ScratchFolder folder;
  Followed f("file:" + folder.write("a.json", "[" + line(1) + "," + line(2) + "]"));
  CHECK(f.read().empty());
  CHECK(f.source->report().trouble.find("JSON array") != std::string::npos);
  using sources::Format;
  using sources::follow::whole_records;
  const std::string torn = "{\"a\":{\"b\":1\n{\"c\":2}\n{\"d\":";
  CHECK(whole_records(Format::json, torn, false) == torn.rfind('\n') + 1);
  CHECK(whole_records(Format::json, "{\n\"a\":1}\n{\n\"b\"", false) == 9);
  CHECK(whole_records(Format::json, "{\n\"a\":\"x\n\"}\n", false) == 12);   // a line break in a text is no JSON
  CHECK(whole_records(Format::json, "Record 1\n{\n}\nRecord 2\n{\n", false) == 13);
}

TEST_CASE("an EVTX file that was renamed is read to its end, whatever it is called now, then its successor") {
  ScratchFolder folder;
  const std::string logs = std::string(ESCUDO_ROOT) + "/fixtures/logs/evtx/", log = folder.path("a.evtx");
  const std::string whole = base::read_file(logs + "odd/dirty_understated.evtx").value();
  const std::string all = Followed("file:" + folder.write("all.evtx", whole)).read();
  const std::string next = Followed("file:" + logs + "workstation.evtx").read();
  append(log, whole.substr(0, 4096 + 65536));
  Followed f("file:" + log);
  const std::string first = f.read();
  append(log, whole.substr(4096 + 65536));
  fs::rename(log, folder.path("Archive-a-2024.evtx"));
  fs::copy_file(logs + "workstation.evtx", log);
  Followed again("file:" + log, f.position);
  CHECK(first + " " + again.read() == all + " " + next);
  CHECK(again.source->take_notices().empty());
  CHECK(again.read().empty());
}

TEST_CASE("what positions are kept under does not hang on options") {
  CHECK(sources::live_name("file:/a.log?start=end") == "file:/a.log");
  CHECK(sources::live_name("file:/a.log") == "file:/a.log");
  CHECK(sources::live_name("kafka:a:1,b:2/t?rebuild=5&group=g") == "kafka:t?group=g");
  CHECK(sources::live_name("winlog:A/B?start=end") == "winlog:A/B");
  CHECK(sources::live_name("journald:A=1") == "journald:A=1");
}

TEST_CASE("each Windows channel of a source is one of its own") {
  using Parts = std::vector<std::string>;
  CHECK(sources::live_parts("winlog:Security,A/B?start=end&query=a,b") == Parts{"winlog:Security?start=end&query=a,b", "winlog:A/B?start=end&query=a,b"});
  CHECK(sources::live_parts("winlog:Security") == Parts{"winlog:Security"});
  CHECK(sources::live_parts("winlog:") == Parts{"winlog:"});
  CHECK(sources::live_parts("kafka:a:1,b:2/t?group=g") == Parts{"kafka:a:1,b:2/t?group=g"});
  CHECK(sources::live_parts("file:a,b.log") == Parts{"file:a,b.log"});
}
