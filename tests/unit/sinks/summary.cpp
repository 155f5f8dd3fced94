#include "catch.hpp"
#include "support.hpp"

using namespace escudo;

namespace {

sinks::RunSummary clean_run() {
  sinks::RunSummary s;
  s.files_total = 277;
  s.records = 8255;
  s.bytes = 36'200'000;
  s.findings = 1;
  s.rules = 1;
  s.seconds = 0.8412;
  s.risk = {{"system", "IEWIN7", 25, 1}, {"user", "IEWIN7\\IEUser", 25, 1}};
  s.exit_codes = {0};
  return s;
}

}  // namespace

TEST_CASE("a clean run") {
  CHECK(sinks::summary_text(clean_run(), false) ==
        "277 files, 8,255 records, 0 damaged; 36.2 MB in 0.84 s, 1 detection\n"
        "1 finding\n"
        "risk by entity:\n"
        "      25  system  IEWIN7         1 finding\n"
        "      25  user    IEWIN7\\IEUser  1 finding\n");
}

TEST_CASE("everything that can go wrong is told once") {
  sinks::RunSummary s;
  s.files_total = 4;
  s.files_unreadable = 1;
  s.files_skipped = 1;
  s.records = 12;
  s.damaged = 5;
  s.bytes = 999;
  s.rules = 780;
  s.rules_invalid = 1;
  s.rules_partly = 2;
  s.rules_unsupported = 30;
  s.seconds = 125.2;
  s.interrupted = true;
  s.exit_codes = {130, 2};
  s.files = {{"ok.evtx", 10, 0, 3, "evtx", {}},
             {"torn.evtx", 2, 5, 0, "evtx", {"record 3: torn", "r4", "r5", "r6"}},
             {"bad\x1b.evtx", 0, 0, 0, "", {"cannot open: no\nsuch file"}}};
  CHECK(sinks::summary_text(s, false) ==
        "damaged or unreadable:\n"
        "  torn.evtx: 5 records damaged: record 3: torn; r4; r5; and 2 more\n"
        "  bad\\x1b.evtx: cannot open: no\\x0asuch file\n"
        "interrupted: only a part was read\n"
        "4 files, 12 records, 3 of them recovered, 5 damaged, 1 file unreadable, "
        "1 file skipped (no log); 999 bytes in 2 min 5 s, 780 detections, 2 partly supported, "
        "30 unsupported, 1 invalid\n"
        "0 findings\n"
        "exit code 130 (interrupted); also 2 (an input could not be read whole, matched rows were "
        "lost, or a detection is invalid)\n");
}

TEST_CASE("rows lost with the temporary file are named") {
  sinks::RunSummary s = clean_run();
  s.rows_lost = true;
  CHECK(sinks::summary_text(s, false).starts_with(
      "matched rows were lost with the temporary file: findings are missing\n277 files"));
}

TEST_CASE("only the first entities are listed") {
  sinks::RunSummary s = clean_run();
  s.risk.clear();
  for (int i = 0; i < 12; ++i) s.risk.push_back({"user", "u" + std::to_string(i), 100.5, 3});
  const std::string text = sinks::summary_text(s, false);
  CHECK(text.find("   100.5  user  u9  3 findings\n  … and 2 more entities\n") !=
        std::string::npos);
  CHECK(text.find("u10") == std::string::npos);
}

TEST_CASE("colour marks what is wrong, and only when asked for") {
  sinks::RunSummary s = clean_run();
  s.damaged = 1;
  CHECK(sinks::summary_text(s, true).find("\x1b[31m1 damaged\x1b[0m") != std::string::npos);
  CHECK(sinks::summary_text(s, false).find('\x1b') == std::string::npos);
}
