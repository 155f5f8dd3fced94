#include "pattern.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <algorithm>
#include <map>

#include "base/text.hpp"

namespace escudo::twin {
namespace {

pcre2_code* compiled(const std::string& pattern, std::uint32_t options) {
  std::unique_ptr<pcre2_compile_context, decltype(&pcre2_compile_context_free)> context(
      pcre2_compile_context_create(nullptr), pcre2_compile_context_free);
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  int error = 0;
  PCRE2_SIZE offset = 0;
  return pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), options,
                       &error, &offset, context.get());
}

std::shared_ptr<void> owned(pcre2_code* code) {
  return {code, [](void* c) { pcre2_code_free(static_cast<pcre2_code*>(c)); }};
}

}  // namespace

Pattern::Pattern(const std::string& pattern, bool caseless) {
  const std::uint32_t options = caseless ? PCRE2_CASELESS : 0;
  code_ = owned(compiled(pattern, options | PCRE2_UTF));
  if (!code_) throw Unfit{"a regular expression is wrong: " + pattern};
  bytes_ = owned(compiled(pattern, options));
  std::uint32_t count = 0, size = 0;
  PCRE2_SPTR table = nullptr;
  const auto* code = static_cast<const pcre2_code*>(code_.get());
  pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
  pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
  for (std::uint32_t k = 0; k < count; ++k, table += size)
    names_.emplace_back(reinterpret_cast<const char*>(table + 2),
                        static_cast<std::size_t>(table[0] << 8 | table[1]));
  std::sort(names_.begin(), names_.end(),
            [](const auto& a, const auto& b) { return a.second < b.second; });
}

std::vector<Pattern::Match> Pattern::matches(const std::string& subject, std::size_t limit) const {
  const bool utf8 = base::is_utf8(subject);
  const auto* code = static_cast<const pcre2_code*>((utf8 ? code_ : bytes_).get());
  std::vector<Match> out;
  if (!code) return out;
  std::unique_ptr<pcre2_match_data, decltype(&pcre2_match_data_free)> data(
      pcre2_match_data_create_from_pattern(code, nullptr), pcre2_match_data_free);
  std::unique_ptr<pcre2_match_context, decltype(&pcre2_match_context_free)> context(
      pcre2_match_context_create(nullptr), pcre2_match_context_free);
  pcre2_set_match_limit(context.get(), 1'000'000);
  std::size_t at = 0;
  std::uint32_t options = 0;
  while (at <= subject.size() && (limit == 0 || out.size() < limit)) {
    const int result =
        pcre2_match(code, reinterpret_cast<PCRE2_SPTR>(subject.data()), subject.size(), at, options,
                    data.get(), context.get());
    if (result < 0) {
      if (options == 0) break;
      // No other match where an empty one was: on by a character.
      options = 0;
      ++at;
      while (utf8 && at < subject.size() && (static_cast<unsigned char>(subject[at]) & 0xC0) == 0x80)
        ++at;
      continue;
    }
    const PCRE2_SIZE* places = pcre2_get_ovector_pointer(data.get());
    Match match(pcre2_get_ovector_count(data.get()));
    for (std::size_t g = 0; g < match.size() && g < static_cast<std::size_t>(result); ++g) {
      if (places[2 * g] == PCRE2_UNSET) continue;
      match[g] = {true, places[2 * g], places[2 * g + 1],
                  subject.substr(places[2 * g], places[2 * g + 1] - places[2 * g])};
    }
    at = match[0].end;
    options = match[0].begin == match[0].end ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
    out.push_back(std::move(match));
  }
  return out;
}

std::string Pattern::replaced(const std::string& subject, const std::string& with, bool all,
                              std::size_t nth) const {
  std::string out;
  std::size_t at = 0, number = 0;
  for (const Match& match : matches(subject, all ? 0 : nth)) {
    if (++number < nth) continue;
    out.append(subject, at, match[0].begin - at);
    for (std::size_t k = 0; k < with.size(); ++k) {
      if (with[k] == '\\' && k + 1 < with.size() && base::is_digit(with[k + 1])) {
        const auto group = static_cast<std::size_t>(with[++k] - '0');
        if (group < match.size()) out += match[group].text;
      } else {
        out += with[k];
      }
    }
    at = match[0].end;
  }
  return out + subject.substr(at);
}

const Pattern& pattern(const std::string& text) {
  thread_local std::map<std::string, Pattern> known;
  if (const auto at = known.find(text); at != known.end()) return at->second;
  if (known.size() > 10'000) known.clear();
  return known.emplace(text, Pattern(text)).first->second;
}

}  // namespace escudo::twin
