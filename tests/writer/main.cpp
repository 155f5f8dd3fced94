// make_logs: event descriptions -> logs in every format, the committed fixtures, and large
// benchmark logs. README.md beside this file tells how to use it.

#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "bench/bench_log.hpp"
#include "describe/description.hpp"
#include "fixtures/manifest.hpp"
#include "fixtures/odd_files.hpp"
#include "formats/formats.hpp"
#include "formats/json.hpp"

namespace {

using namespace escudo::writer;

constexpr const char* usage =
    "usage: make_logs events FILE.yml --format NAME -o FILE\n"
    "       make_logs odd NAME -o FILE\n"
    "       make_logs fixtures FOLDER [--check]\n"
    "       make_logs bench [--kind ordinary|worst] [--size 1G] [--matches-every N] [--seed N] -o "
    "FILE\n"
    "       make_logs names\n"
    "       make_logs values value_types|arrays\n";

struct Arguments {
  std::vector<std::string> words;
  std::map<std::string, std::string> options;
  bool check = false;
};

Arguments parse(int argc, char** argv) {
  Arguments a;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--check") {
      a.check = true;
    } else if (word.starts_with("-")) {
      if (++i == argc) throw std::invalid_argument(word + " wants a value");
      a.options[word] = argv[i];
    } else {
      a.words.push_back(word);
    }
  }
  return a;
}

const std::string& required(const Arguments& a, const std::string& option) {
  const auto found = a.options.find(option);
  if (found == a.options.end()) throw std::invalid_argument(option + " is missing");
  return found->second;
}

std::string option(const Arguments& a, const std::string& name, const std::string& fallback) {
  const auto found = a.options.find(name);
  return found == a.options.end() ? fallback : found->second;
}

std::uint64_t bytes_of(const std::string& size) {
  std::size_t used = 0;
  const double number = std::stod(size, &used);
  const std::string unit = size.substr(used);
  const double factor = unit.empty()  ? 1
                        : unit == "K" ? 1 << 10
                        : unit == "M" ? 1 << 20
                        : unit == "G" ? 1 << 30
                                      : 0;
  if (factor == 0 || number <= 0) throw std::invalid_argument("not a size: " + size);
  return static_cast<std::uint64_t>(number * factor);
}

void save(const std::string& path, const std::string& bytes) {
  if (path == "-") {
    std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return;
  }
  std::ofstream out(path, std::ios::binary);
  if (!out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush()) {
    throw std::runtime_error("cannot write " + path);
  }
}

int fixtures(const Arguments& a) {
  if (!a.check) {
    write_fixtures(a.words.at(1));
    return 0;
  }
  const auto problems = check_fixtures(a.words.at(1));
  for (const std::string& p : problems) std::cerr << p << "\n";
  if (!problems.empty())
    std::cerr << "make_logs fixtures " << a.words.at(1) << " writes them anew\n";
  return problems.empty() ? 0 : 1;
}

int bench(const Arguments& a) {
  BenchOptions options;
  options.kind = option(a, "--kind", "ordinary");
  options.bytes = bytes_of(option(a, "--size", "1G"));
  options.seed = std::stoull(option(a, "--seed", "1"));
  options.matches_every =
      std::stoull(option(a, "--matches-every", options.kind == "worst" ? "10000" : "20000"));
  const BenchSummary s = write_bench_log(required(a, "-o"), options);
  std::cout << "records " << s.records << " chunks " << s.chunks << " templates " << s.templates
            << " process_creations " << s.process_creations << " matches " << s.matches << "\n";
  return 0;
}

int names() {
  std::cout << "formats:";
  for (const std::string& n : format_names()) std::cout << " " << n;
  std::cout << "\nodd files:";
  for (const std::string& n : odd_file_names()) std::cout << " " << n;
  std::cout << "\n";
  return 0;
}

// What the records of an odd file hold, a line a record, for other readers to compare with.
int values(const std::string& file) {
  for (const TypeCase& c : file == "arrays" ? array_cases() : value_type_cases()) {
    JsonObject o;
    std::string texts;
    for (const std::string& t : c.value.texts()) texts += (texts.empty() ? "" : ",") + json_text(t);
    o.text("name", c.name).number("type", c.value.type_byte()).raw("texts", "[" + texts + "]");
    std::cout << o.done() << "\n";
  }
  return 0;
}

int run(const Arguments& a) {
  const std::string verb = a.words.empty() ? "" : a.words.front();
  if (verb == "events" && a.words.size() == 2) {
    save(required(a, "-o"), write_format(required(a, "--format"), read_description(a.words[1])));
    return 0;
  }
  if (verb == "odd" && a.words.size() == 2) return save(required(a, "-o"), odd_file(a.words[1])), 0;
  if (verb == "fixtures" && a.words.size() == 2) return fixtures(a);
  if (verb == "bench" && a.words.size() == 1) return bench(a);
  if (verb == "names") return names();
  if (verb == "values" && a.words.size() == 2) return values(a.words[1]);
  std::cerr << usage;
  return 64;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(parse(argc, argv));
  } catch (const std::exception& e) {
    std::cerr << "make_logs: " << e.what() << "\n";
    return 2;
  }
}
