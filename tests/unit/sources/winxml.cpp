#include "base/utf16.hpp"
#include "catch.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;
using event::Section;

TEST_CASE("an event's XML gives the raw names, the header and the text itself") {
  const std::string xml = sysmon_xml("wmic  process call create \"a&amp;b\" &gt; c ");
  const Reading log = read_text(xml + "\n");
  REQUIRE(log.events.size() == 1);
  const ReadEvent& e = log.events[0];
  CHECK(e["Name"] == "Microsoft-Windows-Sysmon");
  CHECK(e["Guid"] == "{5770385F-C22A-43E0-BF4C-06F5698FFBD9}");
  CHECK(e["EventID"] == "1");
  CHECK(e["Keywords"] == "0x8000000000000000");
  CHECK(e["SystemTime"] == "2024-03-01T10:20:30.123456700Z");
  CHECK(e["ProcessID"] == "11");
  CHECK(e["ThreadID"] == "12");
  CHECK(e["UserID"] == "S-1-5-18");
  CHECK(e["Computer"] == "host.example");
  CHECK(e["CommandLine"] == "wmic  process call create \"a&b\" > c ");
  CHECK(e["Correlation"] == "(none)");
  CHECK(e.section("Computer") == Section::system);
  CHECK(e.section("CommandLine") == Section::event_data);
  CHECK(e.event_id == 1);
  CHECK(e.record_id == 7);
  CHECK(e.ordinal == 1);
  CHECK(e.channel == "Microsoft-Windows-Sysmon/Operational");
  CHECK(e.provider == "Microsoft-Windows-Sysmon");
  CHECK(e.time == "2024-03-01T10:20:30.123456Z");  // SystemTime, not UtcTime
  CHECK(e.raw == xml);
  CHECK(log.report().format == "winxml");
  CHECK(log.report().records == 1);
  CHECK(log.report().damaged == 0);
  CHECK(log.report().bytes == xml.size() + 1);
  CHECK(log.bytes_read == xml.size() + 1);
}

TEST_CASE("declaration, root element, comments and blank lines around events do not matter") {
  const std::string body = sysmon_xml("a", 1) + sysmon_xml("b", 2) + "\r\n\n" + sysmon_xml("c", 3);
  for (const std::string& text :
       {body, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>" + body + "</Events>\n",
        "\xEF\xBB\xBF" + body, "<!-- exported\n<Eventful> -->\n" + body}) {
    const Reading log = read_text(text);
    REQUIRE(log.events.size() == 3);
    CHECK(log.events[2]["CommandLine"] == "c");
    CHECK(log.events[2].ordinal == 3);
    CHECK(log.damaged() == 0);
    CHECK(log.report().reasons.empty());
  }
}

TEST_CASE("line breaks, blanks and CDATA within values stay as they are") {
  const Reading log = read_text(sysmon_xml(" one\r\n\ttwo\n") + sysmon_xml("   ") +
                                sysmon_xml("a<![CDATA[<b>&amp;]]>c") + sysmon_xml("x&#10;&#x41;y"));
  REQUIRE(log.events.size() == 4);
  CHECK(log.events[0]["CommandLine"] == " one\r\n\ttwo\n");
  CHECK(log.events[1]["CommandLine"] == "   ");
  CHECK(log.events[2]["CommandLine"] == "a<b>&amp;c");
  CHECK(log.events[3]["CommandLine"] == "x\nAy");
}

TEST_CASE("UTF-16 is converted, whatever its byte order") {
  const std::string text = sysmon_xml("\xC3\xA9t\xC3\xA9 \xF0\x9F\x90\xA2");
  const std::string little = base::utf8_to_utf16le(text);
  std::string big;
  for (std::size_t i = 0; i < little.size(); i += 2) big += {little[i + 1], little[i]};
  for (const std::string& bytes : {"\xFF\xFE" + little, "\xFE\xFF" + big, little, big}) {
    const Reading log = read_text(bytes);
    REQUIRE(log.events.size() == 1);
    CHECK(log.events[0]["CommandLine"] == "\xC3\xA9t\xC3\xA9 \xF0\x9F\x90\xA2");
    CHECK(log.damaged() == 0);
  }
  const Reading cut = read_text("\xFF\xFE" + little + base::utf8_to_utf16le(" \n") + "<");
  CHECK(cut.events.size() == 1);
  REQUIRE(cut.damaged() == 1);
  CHECK(cut.report().reasons[0] == "the text ends within a UTF-16 character");
}

TEST_CASE("a torn event is damage, and the next one is read") {
  const std::string whole = sysmon_xml("whole");
  const std::string half = whole.substr(0, whole.size() / 2);

  SECTION("in the middle") {
    const Reading log = read_text(whole + half + "\n" + whole);
    CHECK(log.events.size() == 2);
    REQUIRE(log.damaged() == 1);
    CHECK(log.report().reasons[0] == "record 2 is torn: it has no end");
    CHECK(log.events[1].ordinal == 3);
    CHECK(log.report().state == FileReport::State::read);
  }
  SECTION("at the end, wherever it is cut") {
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
      const Reading log = read_text(whole + "\n" + whole.substr(0, cut));
      CAPTURE(cut);
      CHECK(log.events.size() == 1);
      CHECK(log.damaged() == 1);
    }
  }
  SECTION("at the beginning") {
    const Reading log =
        read_text("<Events>" + whole + "</Data></EventData></Event></Event>" + whole);
    CHECK(log.events.size() == 2);
    REQUIRE(log.damaged() == 1);
    CHECK(log.report().reasons[0] == "record 2 is torn: its beginning is missing");
  }
  SECTION("a file of one torn event") {
    const Reading log = read_text(half);
    CHECK(log.events.empty());
    CHECK(log.damaged() == 1);
    CHECK(log.report().state == FileReport::State::read);
  }
}

TEST_CASE("an event that is not well-formed is damage, and the next one is read") {
  const Reading log = read_text(sysmon_xml("a < b") + sysmon_xml("</Data></Oops><Data>") +
                                sysmon_xml("AT&T & more &unknown; &") + sysmon_xml("d"));
  REQUIRE(log.events.size() == 2);
  CHECK(log.events[0]["CommandLine"] == "AT&T & more &unknown; &");
  CHECK(log.damaged() == 2);
  CHECK_THAT(log.report().reasons[0],
             Catch::Matchers::StartsWith("record 1 is not well-formed XML: "));
}

TEST_CASE("bytes that are not UTF-8, NUL and characters XML does not have become U+FFFD") {
  const Reading log = read_text(sysmon_xml(std::string("a\xFF") + std::string(1, '\0') +
                                           "b&#0;c&#xD800;d&#x110000;e&#x20;\x01"));
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0]["CommandLine"] ==
        "a\xEF\xBF\xBD\xEF\xBF\xBD"
        "b\xEF\xBF\xBD"
        "c\xEF\xBF\xBD"
        "d\xEF\xBF\xBD"
        "e \x01");
  CHECK(log.damaged() == 0);
}

TEST_CASE("a document type definition is skipped, told, and never expanded") {
  const std::string bomb =
      "<?xml version='1.0'?>\n<!DOCTYPE Events [\n <!ENTITY a \"lol\"> <!-- ]> -->\n"
      " <!ENTITY b '&a;&a;&a;&a;<Event><System></System></Event>'>\n"
      " <!ENTITY x SYSTEM \"file:///etc/passwd\">\n]>\n";
  const Reading log = read_text(bomb + "<Events>" + sysmon_xml("&b; &x; &lt;") + "</Events>");
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0]["CommandLine"] == "&b; &x; <");
  REQUIRE(log.damaged() == 1);
  CHECK_THAT(log.report().reasons[0], Catch::Matchers::ContainsSubstring("document type definition") ||
                                          Catch::Matchers::ContainsSubstring("DTD"));

  // One that does not end hides nothing.
  const Reading open = read_text("<!DOCTYPE Events [ " + sysmon_xml("a") + sysmon_xml("b"));
  CHECK(open.events.size() == 2);
}

TEST_CASE("limits of one event") {
  OpenOptions options;
  SECTION("bytes") {
    options.limits.event_bytes = 100'000;
    const Reading log = read_text(
        sysmon_xml("a") + sysmon_xml(std::string(1'000'000, 'x')) + sysmon_xml("b"), options);
    CHECK(log.events.size() == 2);
    REQUIRE(log.damaged() == 1);
    CHECK_THAT(log.report().reasons[0], Catch::Matchers::ContainsSubstring("event_bytes"));
  }
  SECTION("fields") {
    options.limits.fields_per_event = 30;
    std::string many;
    for (int i = 0; i < 100; ++i) many += "</Data><Data Name='f" + std::to_string(i) + "'>v";
    const Reading log = read_text(sysmon_xml(many) + sysmon_xml("b"), options);
    CHECK(log.events.size() == 1);
    REQUIRE(log.damaged() == 1);
    CHECK_THAT(log.report().reasons[0], Catch::Matchers::ContainsSubstring("fields_per_event"));
  }
  SECTION("depth") {
    std::string open, close;
    for (int i = 0; i < 1000; ++i) open += "<a>", close += "</a>";
    const Reading log = read_text(sysmon_xml(open + "x" + close) + sysmon_xml("b"), options);
    CHECK(log.events.size() == 1);
    REQUIRE(log.damaged() == 1);
    CHECK_THAT(log.report().reasons[0], Catch::Matchers::ContainsSubstring("xml_depth"));
  }
  SECTION("elements and attributes that would fill the memory") {
    std::string elements, attributes = "<a";
    for (int i = 0; i < 20'000; ++i) elements += "<b/>", attributes += " c=''";
    for (const std::string& rich : {elements, attributes + "/>"}) {
      const Reading log = read_text(sysmon_xml(rich) + sysmon_xml("b"), options);
      CHECK(log.events.size() == 1);
      CHECK(log.damaged() == 1);
    }
  }
}

TEST_CASE("names: repeated, missing, odd") {
  const Reading log = read_text(sysmon_xml(
      "one</Data><Data>plain</Data><Data>second</Data><Data Name='CommandLine'>two</Data>"
      "<Data Name='Process Name'>p</Data><Data Name='\xC3\xA9-t'>q</Data><Binary>00FF"
      "</Binary><Data Name='Empty'/><Data Name='last'>z"));
  REQUIRE(log.events.size() == 1);
  const ReadEvent& e = log.events[0];
  CHECK(e["CommandLine"] == "one|two");
  CHECK(e["Data"] == "plain|second");
  CHECK(e["Process_Name"] == "p");
  CHECK(e["__t"] == "q");
  CHECK(e["Binary"] == "00FF");
  CHECK(e["Empty"].empty());
  const auto slot = e.schema->slots(event::find_field("Process_Name")).front();
  CHECK(event::name_of(e.schema->columns()[slot].written) == "Process Name");
}

TEST_CASE("UserData gives its leaves, RenderingInfo its texts") {
  const std::string system =
      "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>"
      "<Provider Name='Microsoft-Windows-Eventlog'/><EventID Qualifiers='16384'>1102</EventID>"
      "<Level>4</Level><TimeCreated SystemTime='2024-03-01T10:20:30Z'/><Channel>Security</Channel>"
      "<Computer>c</Computer></System>";
  const Reading log = read_text(
      system +
      "<UserData><auto-ns2:LogFileCleared xmlns:auto-ns2='x' xmlns='y'><SubjectUserName>eve"
      "</SubjectUserName><Outer><Inner kind='k'>v</Inner></Outer><Cert file='f'/>"
      "</auto-ns2:LogFileCleared></UserData><RenderingInfo Culture='en-US'><Message>The log was "
      "cleared.</Message><Level>Information</Level><Keywords><Keyword>a</Keyword><Keyword>b</"
      "Keyword>"
      "</Keywords></RenderingInfo></Event>");
  REQUIRE(log.events.size() == 1);
  const ReadEvent& e = log.events[0];
  CHECK(e.event_id == 1102);
  CHECK(e["Qualifiers"] == "16384");
  CHECK(e["SubjectUserName"] == "eve");
  CHECK(e["Inner"] == "v");
  CHECK(e["Inner_kind"] == "k");
  CHECK(e["Cert_file"] == "f");
  CHECK(e["Message"] == "The log was cleared.");
  CHECK(e["Keyword"] == "a|b");
  CHECK(e["Level"] == "4");  // System's, not its rendering
  CHECK(e.section("SubjectUserName") == Section::user_data);
  CHECK(e.section("Message") == Section::rendering);
}

TEST_CASE("an element named Event within an event is part of it") {
  const Reading log = read_text(sysmon_xml("</Data><Event><x>1</x></Event><Event/><Data>y"));
  REQUIRE(log.events.size() == 1);
  CHECK(log.damaged() == 0);
  CHECK(log.events[0]["x"] == "1");
}

TEST_CASE("double quotes, an event over many lines, an unknown time") {
  const Reading log = read_text(
      "<Event>\n  <System>\n    <Provider Name=\"Linux-Sysmon\" Guid=\"{ff032593}\"/>\n"
      "    <EventID>1</EventID>\n    <TimeCreated SystemTime=\"sometime\"/>\n  </System>\n"
      "  <EventData>\n    <Data Name=\"Image\">/bin/sh</Data>\n  </EventData>\n</Event>\n");
  REQUIRE(log.events.size() == 1);
  CHECK(log.events[0]["Image"] == "/bin/sh");
  CHECK(log.events[0].provider == "Linux-Sysmon");
  CHECK(log.events[0].time.empty());
}

TEST_CASE("many events come in batches with one origin, and share a schema") {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += sysmon_xml("run " + std::to_string(i), i + 1) + "\n";
  auto source = open_memory(text, "big.xml", {});
  event::Batch batch;
  std::uint64_t events = 0, batches = 0;
  const event::Schema* schema = nullptr;
  while (source->next(batch)) {
    ++batches;
    CHECK(batch.origin->path == "big.xml");
    CHECK(batch.events.size() <= 512);
    for (const event::Event& e : batch.events) {
      CHECK(e.record_id == ++events);
      if (schema) CHECK(e.schema == schema);
      schema = e.schema;
    }
  }
  CHECK(batch.events.empty());
  CHECK(events == 5000);
  CHECK(batches >= 5000 / 512);
  CHECK_FALSE(source->next(batch));
}

TEST_CASE("one value larger than a batch, then small ones again") {
  std::string text = sysmon_xml(std::string(5'000'000, 'x'));
  for (int i = 0; i < 600; ++i) text += sysmon_xml("small");
  const Reading log = read_text(text);
  CHECK(log.events.size() == 601);
  CHECK(log.events[0]["CommandLine"].size() == 5'000'000);
}

TEST_CASE("many damaged events and nothing else") {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += sysmon_xml("<");
  const Reading log = read_text(text);
  CHECK(log.events.empty());
  CHECK(log.damaged() == 3000);
  CHECK(log.report().reasons.size() == 8);
}
