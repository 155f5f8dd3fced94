// spl_test [--rewrite] FILE…: runs text tests. With --rewrite the output sections of the files are
// written anew, and the difference is for a person to judge. Of a Markdown page every ```spl block is a
// test; its search needs no header.
#include <algorithm>
#include <cstdio>
#include <map>

#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "compare/compare.hpp"
#include "spl/lexer.hpp"
#include "spl/macro.hpp"
#include "spl/parser.hpp"
#include "spl/print.hpp"
#include "world.hpp"

namespace spl_test {
namespace {

void append(std::string& out, const pipeline::Value& cell) {
  base::JsonWriter json(out);
  if (cell.is_number())
    json.value(cell.as_number());
  else if (cell.is_text())
    json.value(cell.as_text());
  else {
    json.begin_array();
    for (const std::string& value : cell.as_many()) json.value(value);
    json.end_array();
  }
}

std::string print_rows(const pipeline::Table& table) {
  std::string out;
  for (const pipeline::Row& row : table.rows) {
    out += '{';
    bool first = true;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      if (row.cells[c].is_null()) continue;
      if (!first) out += ',';
      first = false;
      base::append_json_string(out, table.columns[c]);
      out += ':';
      append(out, row.cells[c]);
    }
    out += "}\n";
  }
  return out;
}

// The rows with their fields in order of name: chunks bring columns in different orders.
std::vector<std::map<std::string, std::string>> sorted_fields(const pipeline::Table& table) {
  std::vector<std::map<std::string, std::string>> out;
  for (const pipeline::Row& row : table.rows) {
    out.emplace_back();
    for (std::size_t c = 0; c < table.columns.size(); ++c)
      if (!row.cells[c].is_null()) append(out.back()[table.columns[c]], row.cells[c]);
  }
  return out;
}

// The records of each row, by the line numbers of the events.
std::string print_evidence(const pipeline::Table& table) {
  std::string out;
  for (const pipeline::Row& row : table.rows) {
    for (const auto& record : row.evidence.records)
      out += (&record == &row.evidence.records.front() ? "" : " ") + std::to_string(record.number);
    out += '\n';
  }
  return out;
}

std::string words(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : " ") + spl::quote(name);
  return (out.empty() ? "(none)" : out) + "\n";
}

std::string render(const std::vector<spl::TextProblem>& problems, const std::string& search,
                   bool errors) {
  std::string out;
  for (const spl::TextProblem& problem : problems) {
    if ((problem.severity == base::Severity::error) != errors) continue;
    base::Diagnostic d;
    d.severity = problem.severity;
    d.code = problem.code;
    d.message = problem.message;
    d.hint = problem.hint;
    base::locate(d, search, problem.span);
    out += d.render();
  }
  return out;
}

std::string without_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

class Test {
 public:
  // `name` is what complaints call it.
  explicit Test(std::string name) : name_(std::move(name)) {}

  // With `rewrite` the text is replaced by what it should be.
  bool run(std::string& text, bool rewrite) {
    auto file = TestFile::parse(text);
    if (!file) return complain(file.error());
    World world;
    for (const Section& section : file->sections)
      if (!is_output(section.name))
        if (auto taken = world.take(section); !taken)
          return complain(section.name + ": " + taken.error());
    world.finish_setup();
    const std::string search = without_end(file->find("search")->text);
    const Outcome outcome = world.run(search);
    const std::string errors = render(outcome.problems, search, true);
    std::string warnings = render(outcome.problems, search, false);
    for (const std::string& text_said : world.said()) warnings += "run: " + text_said + "\n";
    // Where the lookups of this run lie is nobody's business.
    if (!world.folder().empty()) warnings = base::replace_all(warnings, world.folder(), "lookups");
    if (rewrite) add_missing(*file, outcome, errors, warnings);

    bool good = true;
    bool checked = false;
    for (Section& section : file->sections) {
      if (!is_output(section.name)) continue;
      checked = true;
      const std::string actual = output(section.name, search, world, outcome, errors, warnings);
      if (rewrite)
        section.text = actual;
      else if (section.text != actual)
        good = differ(section, actual);
    }
    if (rewrite) {
      text = file->print();
      return true;
    }
    if (!checked) return complain("there is no output section");
    good = agrees_with_twin(world, search, outcome) && good;
    world.feed_in_one_chunk();
    const Outcome again = world.run(search);
    if (sorted_fields(again.table) != sorted_fields(outcome.table))
      good =
          complain("the result depends on how the rows are cut into chunks; in one chunk it is\n" +
                   print_rows(again.table));
    if (!file->find("error") && !errors.empty())
      good = complain("the search has errors:\n" + errors);
    if (!file->find("warnings") && !warnings.empty())
      good = complain("nobody expects the warnings:\n" + warnings);
    return good;
  }

 private:
  static void add_missing(TestFile& file, const Outcome& outcome, const std::string& errors,
                          const std::string& warnings) {
    bool has_output = false;
    for (const Section& section : file.sections) has_output = has_output || is_output(section.name);
    if (!errors.empty() && !file.find("error")) file.sections.push_back({"error", "", ""});
    if (!has_output && outcome.ran) file.sections.push_back({"result", "", ""});
    if (!warnings.empty() && !file.find("warnings")) file.sections.push_back({"warnings", "", ""});
  }

  static std::string output(const std::string& name, const std::string& search, const World& world,
                            const Outcome& outcome, const std::string& errors,
                            const std::string& warnings) {
    if (name == "error") return errors;
    if (name == "warnings") return warnings;
    if (name == "result") return print_rows(outcome.table);
    if (name == "evidence") return print_evidence(outcome.table);
    if (name == "key") return words(outcome.table.key);
    if (name == "plan") return outcome.plan ? spl::print(*outcome.plan) : "";
    if (name == "columns")
      return outcome.plan
                 ? words(outcome.plan->columns) + (outcome.plan->columns_known ? "" : "…\n")
                 : "";
    std::vector<spl::TextProblem> problems;
    const std::string expanded = spl::expand_macros(search, world.catalog(), problems).text;
    if (name == "expanded") return expanded + "\n";
    if (name == "tokens") return spl::print_tokens(expanded);
    const spl::PipelinePtr pipeline = spl::parse(expanded, problems);
    return pipeline ? spl::print(*pipeline) : "";  // ast
  }

  // The plain interpreter must come to the same rows. What it does not know at all is listed in
  // beyond_the_twin.txt, so that the list can only grow knowingly.
  bool agrees_with_twin(const World& world, const std::string& search, const Outcome& outcome) const {
    if (!outcome.ran) return true;
    const twin::Answer answer = world.run_twin(search);
    const bool listed = beyond_the_twin(name_);
    const bool is_example = !name_.ends_with(".test");   // of a page, whose lines move
    if (!answer.ok())
      return listed || is_example ? true : complain("the twin cannot run it, and beyond_the_twin.txt does not say so: " + answer.problem);
    if (listed) return true;
    const std::string difference = twin::difference(outcome.table, answer);
    return difference.empty() ? true : complain("engine and twin differ\n" + difference);
  }

  static bool beyond_the_twin(const std::string& path) {
    const auto list = base::read_file(std::string(ESCUDO_ROOT) + "/tests/spl/beyond_the_twin.txt");
    if (!list) return false;
    for (std::string_view line : base::split(*list, '\n')) {
      const std::string name(base::trim(line.substr(0, line.find(':'))));
      if (!name.empty() && !line.starts_with('#') && path.ends_with("/" + name + ".test")) return true;
    }
    return false;
  }

  bool complain(const std::string& text) const {
    std::fprintf(stderr, "%s: %s\n", name_.c_str(), text.c_str());
    return false;
  }

  bool differ(const Section& section, const std::string& actual) const {
    std::string out = name_ + ": section " + section.name + "\n";
    const auto expected = base::split(section.text, '\n');
    const auto found = base::split(actual, '\n');
    std::size_t same = 0;
    while (same < expected.size() && same < found.size() && expected[same] == found[same]) ++same;
    for (std::size_t k = 0; k < same; ++k) out += "    " + std::string(expected[k]) + "\n";
    for (std::size_t k = same; k < expected.size(); ++k)
      if (!expected[k].empty()) out += "  - " + std::string(expected[k]) + "\n";
    for (std::size_t k = same; k < found.size(); ++k)
      if (!found[k].empty()) out += "  + " + std::string(found[k]) + "\n";
    std::fputs(out.c_str(), stderr);
    return false;
  }

  std::string name_;
};

bool run_file(const std::string& path, std::string& text, bool rewrite) {
  return Test(path).run(text, rewrite);
}

// The blocks of a page, one after another. A page without any is a mistake.
bool run_page(const std::string& path, std::string& text, bool rewrite) {
  constexpr std::string_view opening = "\n```spl\n", closing = "\n```\n", header = "--- search\n";
  bool good = true, any = false;
  for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
    const std::size_t begin = at + opening.size();
    const std::size_t end = text.find(closing, begin);
    if (end == std::string::npos) return false;
    any = true;
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
    std::string block = std::string(header) + text.substr(begin, end + 1 - begin);
    good = Test(path + ":" + std::to_string(line + 1)).run(block, rewrite) && good;
    block.erase(0, header.size());
    block.pop_back();
    text.replace(begin, end - begin, block);
    at = begin + block.size();
  }
  if (!any) std::fprintf(stderr, "%s: has no ```spl block\n", path.c_str());
  return good && any;
}

bool run_path(const std::string& path, bool rewrite) {
  auto text = base::read_file(path);
  if (!text) {
    std::fprintf(stderr, "%s\n", text.error().c_str());
    return false;
  }
  const auto run = path.ends_with(".md") ? run_page : run_file;
  if (!run(path, *text, rewrite)) return false;
  if (!rewrite) return true;
  const auto written = base::write_file(path, *text);
  if (!written) std::fprintf(stderr, "%s\n", written.error().c_str());
  return written.ok();
}

}  // namespace
}  // namespace spl_test

int main(int count, char** arguments) {
  bool rewrite = false, good = true;
  int tests = 0;
  for (int k = 1; k < count; ++k) {
    const std::string argument = arguments[k];
    if (argument == "--rewrite") {
      rewrite = true;
      continue;
    }
    ++tests;
    good = spl_test::run_path(argument, rewrite) && good;
  }
  if (tests == 0) {
    std::fputs("usage: spl_test [--rewrite] FILE…\n", stderr);
    return 64;
  }
  return good ? 0 : 1;
}
