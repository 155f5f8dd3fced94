#include "sources/winxml/splitter.hpp"

#include "catch.hpp"

using namespace escudo::sources;

namespace {

using Pieces = std::vector<std::string>;

Pieces pieces(const std::string& text, std::size_t block = 256 * 1024, std::uint64_t limit = 1000) {
  TextWindow window(memory_bytes(text, nullptr), block);
  XmlSplitter splitter(window, limit);
  Pieces out;
  for (;;) {
    const XmlPiece piece = splitter.next();
    if (piece.kind == XmlPiece::Kind::end) return out;
    const char* kinds[] = {"event:", "torn:", "tail:", "large:", "doctype:"};
    out.push_back(kinds[static_cast<int>(piece.kind)] + std::string(piece.text));
  }
}

const std::string event = "<Event xmlns='x'>\n<System><EventID>1</EventID></System></Event>";

}  // namespace

TEST_CASE("XML splitter: an event is Event directly followed by System") {
  CHECK(pieces(event + event) == Pieces{"event:" + event, "event:" + event});
  CHECK(pieces("<Event><Data/></Event x>").size() == 1);  // an end without a beginning
  CHECK(pieces("<Events/><Eventful><System/></Eventful><Event/><a/>").empty());
  CHECK(pieces("text < more <<" + event) == Pieces{"event:" + event});
}

TEST_CASE("XML splitter: Event within an event") {
  const std::string outer = "<Event><System/><Event a='b'><Event/></Event ><x/></Event>";
  CHECK(pieces(outer + event) == Pieces{"event:" + outer, "event:" + event});
  CHECK(pieces("<Event><System/><Event>" + event) ==
        Pieces{"torn:<Event><System/><Event>", "event:" + event});
}

TEST_CASE("XML splitter: one loss is told once") {
  CHECK(pieces("a</Event></Event></Event>" + event) == Pieces{"tail:", "event:" + event});
  const std::string large = "<Event><System/>" + std::string(5000, 'x') + "</Event>";
  CHECK(pieces(event + large + event) == Pieces{"event:" + event, "large:", "event:" + event});
}

TEST_CASE("XML splitter: where a block of the input ends makes no difference") {
  const std::string text = "<!DOCTYPE a [ <!-- ]> -->'>' ]> " + event + "\n< <Event><Data/>" +
                           "</Event>" + event.substr(0, 40) + event +
                           "<Event><System/><Event></Event></Event>" + event.substr(0, 20);
  const Pieces whole = pieces(text);
  CHECK(whole.size() == 7);
  for (std::size_t block = 1; block < text.size(); ++block) {
    CAPTURE(block);
    CHECK(pieces(text, block) == whole);
  }
}

TEST_CASE("XML splitter: hostile repetition takes linear time") {
  std::string opened, starts, doctypes;
  for (int i = 0; i < 200'000; ++i) {
    opened += "<Event ";
    starts += "<Event><System><Event>";
    doctypes += "<!DOCTYPE '";
  }
  CHECK(pieces(opened, 4096, 1 << 20).size() <= 1);
  // The last Event is cut before it can be told whether System follows.
  CHECK(pieces(starts, 4096, 1 << 20).size() == 200'001);
  CHECK(pieces(doctypes + event, 256 * 1024, 1 << 20).size() == 1);
}
