#include "sources/evtx/tidy.hpp"

#include "catch.hpp"

using namespace escudo::sources;

namespace {

std::string tidy(const std::string& printed) {
  std::string out;
  tidy_evtx_xml(printed, out);
  return out;
}

}  // namespace

TEST_CASE("indentation goes, values stay") {
  CHECK(
      tidy(
          "<Event a=\"1\">\n  <System>\n    <EventID>1</EventID>\n    <Correlation/>\n  </System>\n"
          "  <EventData>\n    <Data Name=\"a\"> x\n y </Data>\n    <Data Name=\"b\">\n</Data>\n"
          "  </EventData>\n</Event>\n") ==
      "<Event a=\"1\"><System><EventID>1</EventID><Correlation/></System><EventData>"
      "<Data Name=\"a\"> x\n y </Data><Data Name=\"b\">\n</Data></EventData></Event>");
  CHECK(tidy("").empty());
  CHECK(tidy("no tags\n") == "no tags\n");
  CHECK(tidy("<a><b") == "<a><b");
}

TEST_CASE("hexadecimal values lose their padding") {
  const auto value = [](const std::string& text) {
    const std::string all = tidy("<D>" + text + "</D>");
    return all.substr(3, all.size() - 7);
  };
  CHECK(value("0x00000000000003e7") == "0x3e7");
  CHECK(value("0x0000000000000000") == "0x0");
  CHECK(value("0x00001000") == "0x1000");
  CHECK(value("0x8020000000000000") == "0x8020000000000000");
  CHECK(value("0x0080000000000000") == "0x80000000000000");
  CHECK(value("0x001") == "0x001");
  CHECK(value("0x0000000g") == "0x0000000g");
  CHECK(value("DWORD (0x00000001)") == "DWORD (0x00000001)");
  CHECK(value(" 0x00000001") == " 0x00000001");
}

TEST_CASE("what libevtx did not escape is text") {
  const std::string good = "<Event>\n  <Data Name=\"a\">x</Data>\n  <E/>\n</Event>\n";
  CHECK(repair_evtx_xml(good) == good);
  CHECK(repair_evtx_xml("<Event>\n  <Data>if a<b then </c> <d></Data>\n</Event>\n") ==
        "<Event>\n  <Data>if a&lt;b then &lt;/c> &lt;d></Data>\n</Event>\n");
}
