#include "harness/child.hpp"

#include <thread>

#include "scratch.hpp"

using namespace escudo;
using namespace escudo::harness;
using namespace std::chrono_literals;
using testing::Scratch;

namespace {

Outcome run(const std::string& script, Limits limits = {}, const std::string& folder = {}) {
  auto outcome = run_child({"sh", {"-c", script}, folder}, limits);
  REQUIRE(outcome.ok());
  return std::move(outcome).value();
}

// A shell loop that grows `file` for as long as it lives.
std::string heartbeat(const std::string& file) {
  return "while :; do echo x >>" + file + "; sleep 0.02; done";
}

bool still_beating(const std::string& file) {
  const auto before = base::file_size(file);
  std::this_thread::sleep_for(200ms);
  return base::file_size(file) != before;
}

}  // namespace

TEST_CASE("a child's streams and exit code come back") {
  const auto outcome = run("echo out; echo err >&2; exit 3");
  CHECK(outcome.end == Outcome::End::exited);
  CHECK(outcome.code == 3);
  CHECK(outcome.out == "out\n");
  CHECK(outcome.err == "err\n");
}

TEST_CASE("a child runs in its folder, with an empty standard input") {
  Scratch scratch;
  CHECK(run("cat; pwd -P", {}, scratch.path()).out ==
        std::filesystem::canonical(scratch.path()).string() + "\n");
}

TEST_CASE("more than a pipe holds comes back whole, from both streams at once") {
  const auto outcome =
      run("dd if=/dev/zero bs=1000 count=3000 2>/dev/null & "
          "dd if=/dev/zero bs=1000 count=2000 >&2 2>/dev/null; wait");
  CHECK(outcome.out.size() == 3'000'000);
  CHECK(outcome.err.size() == 2'000'000);
}

TEST_CASE("a signal is told from an exit code") {
  const auto outcome = run("kill -15 $$");
  CHECK(outcome.end == Outcome::End::killed_by_signal);
  CHECK(outcome.code == 15);
}

TEST_CASE("a program that is not there is an error, not an outcome") {
  const auto outcome = run_child({"/nowhere/escudo", {}, {}}, {});
  REQUIRE_FALSE(outcome.ok());
  CHECK(outcome.error().find("/nowhere/escudo") != std::string::npos);
  CHECK_FALSE(run_child({"no-such-program-in-path", {}, {}}, {}).ok());
  CHECK_FALSE(run_child({"", {}, {}}, {}).ok());
  CHECK(run_child({"true", {}, {}}, {}).ok());
}

TEST_CASE("the time limit ends the child and what it started") {
  Scratch scratch;
  const auto file = scratch.path("beat");
  Limits limits;
  limits.time = 300ms;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = run("echo begun; (" + heartbeat(file) + ") & sleep 60", limits);
  CHECK(std::chrono::steady_clock::now() - start < 10s);
  CHECK(outcome.end == Outcome::End::time_limit);
  CHECK(outcome.out == "begun\n");
  REQUIRE(base::file_size(file) > 0);
  CHECK_FALSE(still_beating(file));
}

TEST_CASE("what a child leaves behind dies with it") {
  Scratch scratch;
  const auto file = scratch.path("beat");
  SECTION("though it holds the pipes") {
    const auto outcome = run("(" + heartbeat(file) + ") & sleep 0.1; exit 4");
    CHECK(outcome.end == Outcome::End::exited);
    CHECK(outcome.code == 4);
  }
  SECTION("though it closed the pipes") {
    CHECK(run("(" + heartbeat(file) + ") >/dev/null 2>&1 & sleep 0.1").code == 0);
  }
  REQUIRE(base::file_size(file) > 0);
  CHECK_FALSE(still_beating(file));
}

TEST_CASE("who left the group cannot hold the run up") {
  const auto start = std::chrono::steady_clock::now();
  CHECK(run("setsid sleep 20 & exit 0").code == 0);
  CHECK(std::chrono::steady_clock::now() - start < 10s);
}

TEST_CASE("output past the limit ends the child; up to the limit it is kept") {
  Limits limits;
  limits.output_bytes = 10;
  SECTION("just fits") {
    const auto outcome = run("printf 0123456789", limits);
    CHECK(outcome.end == Outcome::End::exited);
    CHECK(outcome.out == "0123456789");
  }
  SECTION("one byte too many") {
    const auto outcome = run("printf 0123456789a; sleep 60", limits);
    CHECK(outcome.end == Outcome::End::output_limit);
    CHECK(outcome.out == "0123456789");
  }
  SECTION("without end, on standard error") {
    const auto outcome = run("yes >&2", limits);
    CHECK(outcome.end == Outcome::End::output_limit);
    CHECK(outcome.err == "y\ny\ny\ny\ny\n");
  }
}

TEST_CASE("the memory limit is the child's") {
  const std::string takes_512_mb = "dd if=/dev/zero of=/dev/null bs=512M count=1 2>/dev/null";
  Limits limits;
  CHECK(run(takes_512_mb, limits).code == 0);
  limits.memory_bytes = 200 << 20;
  CHECK(run(takes_512_mb, limits).code != 0);
  CHECK(run("true", limits).code == 0);
}

TEST_CASE("an outcome can be told") {
  Limits limits;
  CHECK(describe({Outcome::End::exited, 2, {}, {}}, limits) == "exited with 2");
  CHECK(describe({Outcome::End::killed_by_signal, 11, {}, {}}, limits) == "was killed by signal 11");
  CHECK(describe({Outcome::End::time_limit, 9, {}, {}}, limits) == "did not end within 60 s");
}
