#include "pipeline/ops/sed.hpp"

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace escudo::pipeline {
namespace {

// Up to the next delimiter that no backslash protects; `at` moves past it. False when there is
// none.
bool part(std::string_view script, std::size_t& at, char delimiter, std::string& out) {
  for (; at < script.size(); ++at) {
    if (script[at] == delimiter) {
      ++at;
      return true;
    }
    if (script[at] == '\\' && at + 1 < script.size()) {
      if (script[at + 1] != delimiter) out += script[at];  // \/ is the delimiter itself
      ++at;
    }
    out += script[at];
  }
  return false;
}

std::vector<char32_t> letters_of(std::string_view text) {
  std::vector<char32_t> out;
  for (std::size_t at = 0; at < text.size();) {
    const base::Utf8Char c = base::decode_utf8(text, at);
    at += c.bytes;
    if (c.valid) out.push_back(c.code);
  }
  return out;
}

}  // namespace

std::vector<SedScript::Piece> SedScript::pieces(std::string_view replacement) {
  std::vector<Piece> out(1);
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    if (c != '\\' || i + 1 == replacement.size()) {
      out.back().text += c;
      continue;
    }
    const char next = replacement[++i];
    if (base::is_digit(next)) {
      out.back().group = next - '0';
      out.emplace_back();
    } else {
      out.back().text += next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
    }
  }
  return out;
}

std::shared_ptr<const SedScript> SedScript::compile(std::string_view script, const Limits& limits,
                                                    base::Span where,
                                                    std::vector<spl::TextProblem>& problems) {
  auto out = std::make_shared<SedScript>();
  auto fail = [&](std::string message) {
    problems.push_back(
        {where, "bad-sed", std::move(message), "write s/pattern/replacement/g or y/abc/xyz/"});
    return nullptr;
  };
  std::size_t at = 0;
  for (;;) {
    while (at < script.size() && (base::is_space(script[at]) || script[at] == ';')) ++at;
    if (at == script.size()) break;
    const char verb = script[at];
    if ((verb != 's' && verb != 'y') || at + 1 >= script.size())
      return fail("a sed script is made of s and y commands, not `" + std::string(1, verb) + "`");
    const char delimiter = script[at + 1];
    at += 2;
    std::string from, to;
    if (!part(script, at, delimiter, from) || !part(script, at, delimiter, to))
      return fail(std::string("the `") + verb + "` command needs three `" + delimiter + "`");
    Step step;
    if (verb == 'y') {
      const auto a = letters_of(from), b = letters_of(to);
      if (a.size() != b.size()) return fail("both sides of y need the same number of characters");
      for (std::size_t k = 0; k < a.size(); ++k) step.letters.emplace_back(a[k], b[k]);
    } else {
      step.replacement = pieces(to);
      std::string number;
      for (; at < script.size() && !base::is_space(script[at]) && script[at] != ';'; ++at) {
        if (script[at] == 'g')
          step.all = true;
        else if (base::is_digit(script[at]) && number.size() < 6)
          number += script[at];
        else
          return fail("`" + std::string(1, script[at]) + "` is no flag of s; g and a number are");
      }
      if (!number.empty()) step.only = std::stoi(number);
      if (step.only == 0) return fail("matches are counted from 1");
      step.pattern = Regex::compile(from, limits, where, problems);
      if (!step.pattern) return nullptr;
    }
    out->steps_.push_back(std::move(step));
  }
  if (out->steps_.empty()) return fail("the sed script is empty");
  return out;
}

std::string SedScript::substitute(const Step& step, std::string_view text, Match& match,
                                  bool& gave_up) {
  std::string out;
  std::size_t copied = 0;
  int number = 0;
  Regex::Found found = step.pattern->search(text, match);
  for (; found == Regex::Found::yes; found = step.pattern->next(text, match)) {
    if (++number < step.only) continue;
    out += text.substr(copied, match.begin(0) - copied);
    for (const Piece& piece : step.replacement) {
      out += piece.text;
      if (piece.group >= 0 && static_cast<std::size_t>(piece.group) < match.groups())
        out += match.text(static_cast<std::size_t>(piece.group));
    }
    copied = match.end(0);
    if (!step.all) break;
  }
  gave_up = gave_up || found == Regex::Found::gave_up;
  out += text.substr(copied);
  return out;
}

std::string SedScript::translate(const Step& step, std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const base::Utf8Char c = base::decode_utf8(text, at);
    const std::pair<char32_t, char32_t>* pair = nullptr;
    if (c.valid)
      for (const auto& letter : step.letters)
        if (letter.first == c.code) {
          pair = &letter;
          break;
        }
    if (pair)
      base::append_utf8(out, pair->second);
    else
      out += text.substr(at, c.bytes);
    at += c.bytes;
  }
  return out;
}

std::string SedScript::edited(std::string_view text, Match& match, bool& gave_up) const {
  std::string out(text);
  for (const Step& step : steps_)
    out = step.pattern ? substitute(step, out, match, gave_up) : translate(step, out);
  return out;
}

}  // namespace escudo::pipeline
