// What the option table says of itself: help, the manual page, completions.
#include <cstdio>
#include <map>

#include "commands.hpp"
#include "messages.hpp"

namespace escudo::agent {
namespace {

std::string option_left(const OptionSpec& o) {
  std::string out = o.letter ? std::string("-") + o.letter + ", --" : "    --";
  out += o.name;
  if (!o.argument.empty()) out += " " + std::string(o.argument);
  return out;
}

// '-' is a hyphen in roff unless escaped; a leading '.' would be a request.
std::string roff(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\') out += "\\\\";
    else if (c == '-') out += "\\-";
    else out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string first_word(std::string_view name) { return std::string(name.substr(0, name.find(' '))); }

std::string summary_line(const CommandSpec& c) {
  std::string left = "  " + std::string(c.name);
  left.resize(std::max<std::size_t>(left.size() + 1, 16), ' ');
  return left + std::string(c.summary) + "\n";
}

std::string bash() {
  std::string out = "_escudo() {\n  local cur=${COMP_WORDS[COMP_CWORD]} words=\"\"\n  case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n";
  std::string names;
  std::map<std::string, std::string> subs;   // second words by first
  for (const CommandSpec& c : commands()) {
    const std::string head = first_word(c.name);
    if ((" " + names + " ").find(" " + head + " ") == std::string::npos) names += (names.empty() ? "" : " ") + head;
    std::string options;
    for (const OptionSpec* o : c.options) options += " --" + std::string(o->name);
    const bool two = c.name.find(' ') != std::string_view::npos;
    out += "    \"" + std::string(c.name) + "\"" + (two ? "" : "*") + ") words=\"" + options.substr(1) + "\" ;;\n";
    if (two) subs[head] += (subs[head].empty() ? "" : " ") + std::string(c.name.substr(c.name.find(' ') + 1));
  }
  out += "  esac\n  if [ \"$COMP_CWORD\" = 1 ]; then words=\"" + names + "\"\n";
  for (const auto& [head, words] : subs)
    out += "  elif [ \"$COMP_CWORD\" = 2 ] && [ \"${COMP_WORDS[1]}\" = " + head + " ]; then words=\"" + words + "\"\n";
  out += "  elif [ \"${cur#-}\" = \"$cur\" ]; then COMPREPLY=($(compgen -f -- \"$cur\")); return; fi\n";
  out += "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\ncomplete -o filenames -F _escudo escudo\n";
  return out;
}

std::string fish() {
  std::string out;
  for (const CommandSpec& c : commands()) {
    const std::string head = first_word(c.name);
    out += "complete -c escudo -n __fish_use_subcommand -a " + head + "\n";
    if (c.name != head) out += "complete -c escudo -n '__fish_seen_subcommand_from " + head + "' -a " + std::string(c.name.substr(head.size() + 1)) + "\n";
    for (const OptionSpec* o : c.options) {
      out += "complete -c escudo -n '__fish_seen_subcommand_from " + head + "' -l " + std::string(o->name);
      if (o->letter) out += std::string(" -s ") + o->letter;
      if (!o->argument.empty()) out += " -r";
      std::string help(o->help);
      for (std::size_t i = 0; (i = help.find('\'', i)) != std::string::npos; i += 2) help.insert(i, "\\");
      out += " -d '" + help + "'\n";
    }
  }
  return out;
}

std::string zsh() { return "#compdef escudo\nautoload -U +X bashcompinit && bashcompinit\n" + bash(); }

}  // namespace

std::string usage() {
  std::string out = "Escudo runs Splunk security content natively, without Splunk.\n\nusage: escudo COMMAND [OPTION]... [ARGUMENT]...\n\n";
  for (const CommandSpec& c : commands()) out += summary_line(c);
  out += "\nescudo COMMAND --help tells a command's options, escudo --version the version.\n";
  return out;
}

std::string group_usage(std::string_view word) {
  std::string out = "usage: escudo " + std::string(word) + " COMMAND [OPTION]... [ARGUMENT]...\n\n";
  for (const CommandSpec& c : commands())
    if (first_word(c.name) == word) out += summary_line(c);
  return out + "\nescudo " + std::string(word) + " COMMAND --help tells a command's options.\n";
}

std::string usage(const CommandSpec& c) {
  std::string out = "usage: escudo " + std::string(c.name) + " [OPTION]..." + (c.arguments.empty() ? "" : " " + std::string(c.arguments)) + "\n\n" + std::string(c.summary) + "\n\n";
  for (const OptionSpec* o : c.options) {
    std::string left = "  " + option_left(*o);
    left.resize(std::max<std::size_t>(left.size() + 2, 28), ' ');
    out += left + std::string(o->help) + "\n";
  }
  return out;
}

std::string man_page() {
  std::string out = ".TH ESCUDO 1\n.SH NAME\nescudo \\- run Splunk security content natively\n.SH SYNOPSIS\n.B escudo\nCOMMAND [OPTION]... [ARGUMENT]...\n.SH COMMANDS\n";
  for (const CommandSpec& c : commands()) {
    out += ".SS \"" + roff(c.name) + " " + roff(c.arguments) + "\"\n" + roff(c.summary) + ".\n";
    for (const OptionSpec* o : c.options) {
      if (o->name == "help") continue;
      std::string left = option_left(*o);
      left.erase(0, left.find_first_not_of(' '));
      out += ".TP\n.B " + roff(left) + "\n" + roff(o->help) + "\n";
    }
  }
  out += ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\na finding at or above \\-\\-fail\\-level\n.TP\n2\nan input could not be read whole, matched rows were lost, or a rule is invalid; the rest was done\n"
         ".TP\n3\nnothing was scanned\n.TP\n64\nwrong usage\n.TP\n130\ninterrupted; what was found is written\n";
  return out;
}

base::Result<std::string> completion(std::string_view shell) {
  if (shell == "bash") return bash();
  if (shell == "zsh") return zsh();
  if (shell == "fish") return fish();
  return base::Error{"completions exist for bash, zsh and fish"};
}

int usage_error(const std::string& sentence, const CommandSpec* command) {
  std::fprintf(messages(), "escudo: %s\n", sentence.c_str());
  if (command) std::fprintf(messages(), "escudo %.*s --help tells how\n", static_cast<int>(command->name.size()), command->name.data());
  return kUsage;
}

int run_man(const Arguments&) {
  std::fputs(man_page().c_str(), stdout);
  return kDone;
}

int run_completion(const Arguments& arguments) {
  if (arguments.positional().size() != 1) return usage_error("completion wants one shell: bash, zsh or fish", &arguments.command());
  auto text = completion(arguments.positional().front());
  if (!text) return usage_error(text.error(), &arguments.command());
  std::fputs(text->c_str(), stdout);
  return kDone;
}

}  // namespace escudo::agent
