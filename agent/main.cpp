// escudo: finds the command and hands over.
#include <cstdio>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "commands.hpp"
#include "messages.hpp"
#include "service.hpp"

using namespace escudo;

namespace {

int run(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::fputs(agent::usage().c_str(), agent::messages());
    return agent::kUsage;
  }
  if (words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    std::fputs(agent::usage().c_str(), stdout);
    return agent::kDone;
  }
  if (words[0] == "--version") {
    std::puts("escudo " ESCUDO_VERSION);
    return agent::kDone;
  }
  // "rules check" is a command of two words.
  const agent::CommandSpec* command = nullptr;
  std::size_t used = 1;
  if (words.size() > 1) {
    command = agent::find_command(words[0] + " " + words[1]);
    if (command) used = 2;
  }
  if (!command) command = agent::find_command(words[0]);
  if (!command) {
    std::vector<std::string> names;
    std::string group;
    for (const agent::CommandSpec& c : agent::commands()) {
      names.emplace_back(c.name);
      if (c.name.substr(0, c.name.find(' ')) == words[0]) group += (group.empty() ? "" : ", ") + std::string(c.name);
    }
    if (!group.empty() && words.size() == 2 && (words[1] == "--help" || words[1] == "-h")) {
      std::fputs(agent::group_usage(words[0]).c_str(), stdout);
      return agent::kDone;
    }
    if (!group.empty()) return agent::usage_error(words[0] + " is followed by another word: " + group);
    const std::string near = base::nearest(words[0], names);
    return agent::usage_error("there is no command `" + base::harmless(words[0]) + "`" + (near.empty() ? "; escudo --help names them" : "; did you mean `" + near + "`?"));
  }
  const std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(used), words.end());
  auto arguments = agent::Arguments::parse(*command, rest);
  if (!arguments) return agent::usage_error(base::harmless(arguments.error()), command);
  if (arguments->has("help")) {
    std::fputs(agent::usage(*command).c_str(), stdout);
    return agent::kDone;
  }
  return command->run(*arguments);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && words[0] == "service") return agent::run_as_service({words.begin() + 1, words.end()}, run);
  return run(words);
}
