#include "test_file.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace spl_test {
namespace {

constexpr std::string_view kInputs[] = {"search", "events", "macros", "lookup", "now", "limits"};
constexpr std::string_view kOutputs[] = {"expanded", "tokens", "ast",      "plan",     "columns",
                                         "error",    "result", "warnings", "evidence", "key"};

bool among(const auto& names, const std::string& name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

void drop_blank_end(std::string& text) {
  while (text.ends_with("\n\n") || text == "\n") text.pop_back();
}

}  // namespace

bool is_output(const std::string& section) { return among(kOutputs, section); }

escudo::base::Result<TestFile> TestFile::parse(const std::string& text) {
  TestFile out;
  std::string* body = &out.head;
  for (std::string_view line : escudo::base::split(text, '\n')) {
    if (line.starts_with("--- ")) {
      Section section;
      const std::string_view header = escudo::base::trim(line.substr(4));
      const std::size_t space = header.find(' ');
      section.name = header.substr(0, space);
      if (space != std::string_view::npos)
        section.arguments = escudo::base::trim(header.substr(space));
      if (!among(kInputs, section.name) && !is_output(section.name))
        return escudo::base::Error{"no section is called " + section.name};
      out.sections.push_back(std::move(section));
      body = &out.sections.back().text;
      continue;
    }
    *body += line;
    *body += '\n';
  }
  for (Section& section : out.sections) drop_blank_end(section.text);
  drop_blank_end(out.head);
  if (!out.find("search")) return escudo::base::Error{"there is no search section"};
  return out;
}

std::string TestFile::print() const {
  std::string out = head;
  for (const Section& section : sections) {
    out +=
        "--- " + section.name + (section.arguments.empty() ? "" : " " + section.arguments) + "\n";
    out += section.text;
  }
  return out;
}

Section* TestFile::find(const std::string& name) {
  for (Section& section : sections)
    if (section.name == name) return &section;
  return nullptr;
}

}  // namespace spl_test
