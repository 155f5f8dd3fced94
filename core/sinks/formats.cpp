#include "sinks/formats.hpp"

#include <array>

#include "base/text.hpp"

namespace escudo::sinks {
namespace {

struct Format {
  std::string_view name;
  std::unique_ptr<FindingSink> (*make)(Output&, const TableStyle&);
};

constexpr std::array formats{
    Format{"table", make_table},
    Format{"jsonl", make_jsonl},
    Format{"json", make_json},
    Format{"csv", make_csv},
};

}  // namespace

std::vector<std::string> format_names() {
  std::vector<std::string> out;
  for (const Format& format : formats) out.emplace_back(format.name);
  return out;
}

base::Result<std::unique_ptr<FindingSink>> make_sink(const std::string& format, Output& out,
                                                     const TableStyle& style) {
  for (const Format& known : formats) {
    if (known.name == format) return known.make(out, style);
  }
  const auto names = format_names();
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  const std::string near = base::nearest(format, names);
  return base::Error{"no format is named `" + base::harmless(format) + "` (" +
                     (near.empty() ? "there are " + all : "did you mean `" + near + "`?") + ")"};
}

}  // namespace escudo::sinks
