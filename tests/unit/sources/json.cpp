#include "base/utf16.hpp"
#include "catch.hpp"
#include "reading.hpp"

using namespace escudo;
using namespace escudo::sources;

namespace {

std::string flat(int n) {
  return R"({"EventID":"1","Channel":"Microsoft-Windows-Sysmon/Operational","Hostname":"h","Image":"i)" +
         std::to_string(n) + R"(","TimeCreated":"2020-10-18 02:17:12.527"})";
}

std::string pretty(int n) {
  return "{\n  \"EventID\": 1,\n  \"Channel\": \"Security\",\n  \"Nested\": {\n    \"a\": [1, 2]\n "
         " },\n"
         "  \"Image\": \"i" +
         std::to_string(n) + "\"\n}";
}

std::vector<std::string> images(const Reading& log) {
  std::vector<std::string> out;
  for (const ReadEvent& e : log.events) out.push_back(e["Image"]);
  return out;
}

using Images = std::vector<std::string>;

}  // namespace

TEST_CASE("lines, arrays, pretty-printed and glued objects are read alike") {
  const Images three = {"i1", "i2", "i3"};
  for (const std::string& text :
       {flat(1) + "\n" + flat(2) + "\n" + flat(3),
        flat(1) + "\r\n\r\n" + flat(2) + "\r\n \n" + flat(3) + "\r\n",
        "[" + flat(1) + "," + flat(2) + "," + flat(3) + "]",
        "[\n" + flat(1) + ",\n" + flat(2) + ",\n" + flat(3) + "\n]\n",
        pretty(1) + "\n" + pretty(2) + "\n" + pretty(3) + "\n",
        "[\n" + pretty(1) + ",\n" + pretty(2) + ",\n" + pretty(3) + "\n]",
        flat(1) + flat(2) + flat(3), flat(1) + " " + flat(2) + "\n" + pretty(3),
        "\xEF\xBB\xBF" + flat(1) + "\n" + flat(2) + "\n" + flat(3),
        "\xFF\xFE" + base::utf8_to_utf16le(flat(1) + "\n" + flat(2) + "\n" + flat(3)),
        "Record 1\n" + pretty(1) + "\nRecord 2\n" + pretty(2) + "\nRecord 3\n" + pretty(3)}) {
    CAPTURE(text);
    const Reading log = read_text(text);
    CHECK(images(log) == three);
    CHECK(log.damaged() == 0);
    CHECK(log.report().format == "json/flat");
    CHECK(log.report().records == 3);
    CHECK(log.report().bytes == text.size());
  }
}

TEST_CASE("raw is the object's text") {
  CHECK(read_text("[" + flat(1) + "]").events.at(0).raw == flat(1));
  CHECK(read_text(pretty(4)).events.at(0).raw == pretty(4));
}

TEST_CASE("the order of members makes no new schema") {
  const Reading log = read_text(R"({"EventID":1,"Channel":"c","A":"1","B":"2"})"
                                "\n"
                                R"({"B":"4","A":"3","Channel":"c","EventID":1})");
  REQUIRE(log.events.size() == 2);
  CHECK(log.events[0].schema == log.events[1].schema);
  CHECK(log.events[1]["B"] == "4");
}

TEST_CASE("values of every type become text") {
  const Reading log = read_text(
      R"({"EventID":4688,"Channel":"Security","neg":-9214364837600034816,"big":18446744073709551615,)"
      R"("real":0.5,"yes":true,"no":false,"nil":null,"list":["a",1,{"k":"v"}],"deep":{"x":{"y":"z"}},)"
      R"("empty":"","uni":"\u00e9\ud83d\udc22","odd name":"o","":"nameless"})");
  REQUIRE(log.events.size() == 1);
  const ReadEvent& e = log.events[0];
  CHECK(e["neg"] == "-9214364837600034816");
  CHECK(e["big"] == "18446744073709551615");
  CHECK(e["real"] == "0.5");
  CHECK(e["yes"] == "true");
  CHECK(e["no"] == "false");
  CHECK(e["nil"] == "(none)");
  CHECK(e["list"] == "a|1");
  CHECK(e["list_k"] == "v");
  CHECK(e["deep_x_y"] == "z");
  CHECK(e["empty"].empty());
  CHECK(e["uni"] == "\xC3\xA9\xF0\x9F\x90\xA2");
  CHECK(e["odd_name"] == "o");
}

TEST_CASE("a torn record is damage, and the next one is read") {
  const std::string whole = flat(1);
  SECTION("wherever a line is cut") {
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
      CAPTURE(cut);
      const Reading log =
          read_text(flat(0) + "\n" + whole.substr(0, cut) + "\n" + flat(2) + "\n" + flat(3));
      CHECK(images(log) == Images{"i0", "i2", "i3"});
      CHECK(log.damaged() == 1);
    }
  }
  SECTION("wherever the file is cut") {
    for (std::size_t cut = 1; cut < whole.size(); ++cut) {
      const Reading log = read_text(flat(0) + "\n" + whole.substr(0, cut));
      CHECK(log.events.size() == 1);
      CHECK(log.damaged() == 1);
    }
  }
  SECTION("its beginning is missing") {
    const Reading log = read_text(flat(0) + "\n" + whole.substr(20) + "\n" + flat(2));
    CHECK(log.events.size() == 2);
    CHECK(log.damaged() == 1);
  }
  SECTION("over many lines") {
    const Reading log = read_text(pretty(1) + "\n" + pretty(2).substr(0, 60) + "\n" + pretty(3));
    CHECK(log.events.size() == 2);
    CHECK(log.damaged() == 1);
  }
  SECTION("the whole file is one torn record") {
    const Reading log = read_text(whole.substr(0, 60));
    CHECK(log.report().state == FileReport::State::read);
    CHECK(log.damaged() == 1);
  }
}

TEST_CASE("what exporters get wrong is repaired") {
  const Reading log = read_text(
      "{\"EventID\":1,\"Channel\":\"c\",\"Image\":\"tab\there\xFF lone \\ud800 "
      "end\",\"n\":123456789012345678901234}\n" +
      flat(2));
  REQUIRE(log.events.size() == 2);
  CHECK(log.damaged() == 0);
  CHECK(log.events[0]["Image"] == "tab\there\xEF\xBF\xBD lone \xEF\xBF\xBD end");
  CHECK(log.events[0]["n"] == "123456789012345678901234");
}

TEST_CASE("limits of one JSON record") {
  OpenOptions options;
  options.limits.event_bytes = 300'000;
  const std::string large =
      R"({"EventID":1,"Channel":"c","x":")" + std::string(2'000'000, 'x') + "\"}";
  SECTION("bytes, a line of its own") {
    const Reading log = read_text(flat(1) + "\n" + large + "\n" + flat(2) + "\n", options);
    CHECK(images(log) == Images{"i1", "i2"});
    REQUIRE(log.damaged() == 1);
    CHECK_THAT(log.report().reasons[0],
               Catch::Matchers::ContainsSubstring("record 2 is larger than 300000 bytes") &&
                   Catch::Matchers::ContainsSubstring("event_bytes"));
  }
  SECTION("bytes, in an array on one line") {
    const Reading log = read_text("[" + flat(1) + "," + large + "," + flat(2) + "]", options);
    CHECK(images(log) == Images{"i1", "i2"});
    CHECK(log.damaged() == 1);
  }
  SECTION("bytes, alone") {
    const Reading log = read_text(large, options);
    CHECK(log.report().state == FileReport::State::read);
    CHECK(log.damaged() == 1);
  }
  SECTION("an array of any size on one line is no large record") {
    std::string text = "[";
    for (int i = 0; i < 10'000; ++i) text += (i ? "," : "") + flat(i);
    CHECK(read_text(text + "]", options).events.size() == 10'000);
  }
  SECTION("depth") {
    const std::string deep = R"({"EventID":1,"Channel":"c","x":)" + std::string(5000, '[') +
                             std::string(5000, ']') + "}";
    const Reading log = read_text(flat(1) + "\n" + deep + "\n" + flat(2), options);
    CHECK(log.events.size() == 2);
    REQUIRE(log.damaged() == 1);
    CHECK_THAT(log.report().reasons[0], Catch::Matchers::ContainsSubstring("json_depth"));
  }
  SECTION("fields") {
    std::string many = R"({"EventID":1,"Channel":"c")";
    for (int i = 0; i < 5000; ++i) many += ",\"f" + std::to_string(i) + "\":1";
    const Reading log = read_text(many + "}\n" + flat(2), options);
    CHECK(log.events.size() == 1);
    REQUIRE(log.damaged() == 1);
    CHECK_THAT(log.report().reasons[0], Catch::Matchers::ContainsSubstring("fields_per_event"));
  }
  SECTION("new names in every record") {
    std::string text;
    for (int i = 0; i < 300; ++i) {
      text += R"({"EventID":1,"Channel":"c")";
      for (int j = 0; j < 250; ++j) {
        text += ",\"n" + std::to_string(i * 250 + j) + "\":1";
      }
      text += "}\n";
    }
    const Reading log = read_text(text, options);
    CHECK(log.events.size() == 262);  // 65,536 names, three of them EventID, Channel, Image
    CHECK(log.damaged() == 38);
  }
}

TEST_CASE("torn objects that never close do not make reading slow") {
  std::string text = flat(1) + "\n";
  for (int i = 0; i < 100'000; ++i) text += " {\"EventID\":[\n";
  const Reading log = read_text(text);
  CHECK(log.events.size() == 1);
  CHECK(log.damaged() > 0);
}

TEST_CASE("JSON without events is not a log") {
  for (const char* text :
       {"{}", "[]", "[1,2,3]", R"({"name":"package","version":"1.0"})", "[Section]\nkey=value\n",
        "{not json", "{\"result\":{\"ok\":true}}", "{ return 1; }"}) {
    CAPTURE(text);
    const Reading log = read_text(text);
    CHECK(log.report().state == FileReport::State::not_a_log);
    CHECK(log.damaged() == 0);
    CHECK(log.report().reasons.empty());
  }
  std::string large;
  for (int i = 0; i < 100'000; ++i) large += "{\"a\":" + std::to_string(i) + "}\n";
  CHECK(read_text(large).report().state == FileReport::State::not_a_log);
}

TEST_CASE("in a log, an object that is no event is damage") {
  const Reading log = read_text("{\"a\":1}\n" + flat(1) + "\n{\"b\":2}\nnonsense\n" + flat(2));
  CHECK(log.events.size() == 2);
  CHECK(log.damaged() == 3);
  CHECK(log.report().reasons.at(0) ==
        "record 1 is JSON, but no Windows event in a shape that is known");
  CHECK(log.report().reasons.at(2) == "record 4 is not JSON");
}
