#include "sinks/live/secret.hpp"

#include <cstdlib>

#include "../scratch.hpp"
#include "catch.hpp"

using namespace escudo;

TEST_CASE("secrets come from files and the environment, never from the spec") {
  const ScratchFolder folder;
  ::setenv("ESCUDO_TEST_SPEC", "from-env", 1);
  ::unsetenv("ESCUDO_TEST_NONE");
  const auto secret = [](const std::string& options) {
    base::Spec spec = *base::Spec::parse("a:b" + options);
    auto out = sinks::secret(spec, "token", "ESCUDO_TEST_NONE");
    return out ? *out : "error: " + out.error();
  };
  CHECK(secret("").empty());
  CHECK(secret("?token_env=ESCUDO_TEST_SPEC") == "from-env");
  CHECK(secret("?token_file=" + folder.write("token", "from-file\r\nmore\n")) == "from-file");
  CHECK(secret("?token_file=" + folder.write("empty", "\n")).find("error: ") == 0);
  CHECK(secret("?token=abc").find("does not belong into an argument") != std::string::npos);
  CHECK(secret("?token=abc").find("abc") == std::string::npos);
}
