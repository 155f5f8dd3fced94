#pragma once
// The command line, as data: one table of commands and options makes parsing, help, the man page and
// shell completions. Boost.Program_options does the parsing behind arguments.cpp.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/timestamp.hpp"

namespace escudo::agent {

struct OptionSpec {
  std::string_view name;       // "rules"
  char letter;                 // 'o', or 0
  std::string_view argument;   // "PATH"; empty for a switch
  bool repeats;
  std::string_view help;       // one line
};

class Arguments;

struct CommandSpec {
  std::string_view name;       // "scan", "rules list"
  std::string_view arguments;  // "PATH..."
  std::string_view summary;    // one line
  std::vector<const OptionSpec*> options;
  int (*run)(const Arguments& arguments);
};

// What the user gave for one command.
class Arguments {
 public:
  static base::Result<Arguments> parse(const CommandSpec& command, const std::vector<std::string>& words);

  bool has(std::string_view option) const;
  std::string text(std::string_view option, std::string_view fallback = {}) const;
  std::vector<std::string> list(std::string_view option) const;
  // Nothing when the option is not given.
  base::Result<std::optional<std::int64_t>> integer(std::string_view option, std::int64_t least, std::int64_t most) const;
  base::Result<std::optional<base::Time>> time(std::string_view option) const;
  const std::vector<std::string>& positional() const { return positional_; }
  const CommandSpec& command() const { return *command_; }

 private:
  const CommandSpec* command_ = nullptr;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
  std::vector<std::string> positional_;
};

// commands.cpp: the table.
std::span<const CommandSpec> commands();
const CommandSpec* find_command(std::string_view name);

// help.cpp
std::string usage();                               // of the program
std::string group_usage(std::string_view word);   // of the commands that begin with this word
std::string usage(const CommandSpec& command);     // of one command
std::string man_page();                            // roff
base::Result<std::string> completion(std::string_view shell);

// Exit codes of the contract, docs/cli.md.
enum Exit { kDone = 0, kFinding = 1, kIncomplete = 2, kNothing = 3, kUsage = 64, kInterrupted = 130 };
// A sentence on stderr and kUsage.
int usage_error(const std::string& sentence, const CommandSpec* command = nullptr);

}  // namespace escudo::agent
