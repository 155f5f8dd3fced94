// docs/spl.md names every function and every command.
#include "base/files.hpp"
#include "catch.hpp"
#include "pipeline/eval.hpp"
#include "spl/parser.hpp"

using namespace escudo;

namespace {

bool names(const std::string& page, const std::string& word) {
  const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (std::size_t at = page.find(word); at != std::string::npos; at = page.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !part(page[at - 1])) && (end == page.size() || !part(page[end]))) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("docs/spl.md names every function and command") {
  const auto page = base::read_file(ESCUDO_ROOT "/docs/spl.md");
  REQUIRE(page.ok());
  for (const std::string& name : pipeline::eval_function_names()) {
    CAPTURE(name);
    CHECK(names(*page, name));
  }
  for (const std::string& name : spl::verb_names()) {
    CAPTURE(name);
    CHECK(names(*page, name));
  }
}
