#include "arguments.hpp"

#include <boost/program_options.hpp>
#include <cmath>

#include "base/text.hpp"
#include "event/value.hpp"

namespace escudo::agent {

namespace po = boost::program_options;

namespace {
constexpr const char* kPositional = " arguments";   // a key nobody can type
}

base::Result<Arguments> Arguments::parse(const CommandSpec& command, const std::vector<std::string>& words) {
  po::options_description visible;
  for (const OptionSpec* o : command.options) {
    std::string name(o->name);
    if (o->letter) name += std::string(",") + o->letter;
    if (o->argument.empty()) visible.add_options()(name.c_str(), "");
    else visible.add_options()(name.c_str(), po::value<std::vector<std::string>>()->composing(), "");
  }
  po::options_description all;
  all.add(visible).add_options()(kPositional, po::value<std::vector<std::string>>(), "");
  po::positional_options_description rest;
  rest.add(kPositional, -1);
  Arguments out;
  out.command_ = &command;
  try {
    // Abbreviated options would turn every new option into a break of somebody's script.
    using namespace po::command_line_style;
    const int style = unix_style & ~allow_guessing;
    const po::parsed_options parsed = po::command_line_parser(words).options(all).positional(rest).style(style).run();
    for (const po::option& option : parsed.options) {
      if (option.string_key == kPositional) {
        out.positional_.insert(out.positional_.end(), option.value.begin(), option.value.end());
        continue;
      }
      std::vector<std::string>& values = out.values_[option.string_key];
      if (option.value.empty()) values.emplace_back();
      for (const std::string& value : option.value) values.push_back(value);
    }
  } catch (const po::error& e) {
    return base::Error{std::string(e.what())};
  }
  for (const OptionSpec* o : command.options)
    if (!o->repeats && out.list(o->name).size() > 1 && !o->argument.empty())
      return base::Error{"--" + std::string(o->name) + " is given more than once"};
  return out;
}

bool Arguments::has(std::string_view option) const { return values_.find(option) != values_.end(); }

std::string Arguments::text(std::string_view option, std::string_view fallback) const {
  auto at = values_.find(option);
  return at == values_.end() || at->second.empty() ? std::string(fallback) : at->second.back();
}

std::vector<std::string> Arguments::list(std::string_view option) const {
  auto at = values_.find(option);
  return at == values_.end() ? std::vector<std::string>() : at->second;
}

base::Result<std::optional<std::int64_t>> Arguments::integer(std::string_view option, std::int64_t least,
                                                              std::int64_t most) const {
  if (!has(option)) return std::optional<std::int64_t>();
  const std::string text = this->text(option);
  auto number = event::parse_number(text);
  if (!number || !(*number >= static_cast<double>(least) && *number <= static_cast<double>(most)) || *number != std::trunc(*number))
    return base::Error{"--" + std::string(option) + " wants a whole number from " + std::to_string(least) + " to " +
                       std::to_string(most) + ", not `" + base::harmless(text) + "`"};
  return std::optional<std::int64_t>(static_cast<std::int64_t>(*number));
}

base::Result<std::optional<base::Time>> Arguments::time(std::string_view option) const {
  if (!has(option)) return std::optional<base::Time>();
  const std::string text = this->text(option);
  if (auto t = base::parse_time(text)) return t;
  return base::Error{"--" + std::string(option) + " wants a time such as 2020-09-14T12:00:00Z, not `" + base::harmless(text) + "`"};
}

}  // namespace escudo::agent
