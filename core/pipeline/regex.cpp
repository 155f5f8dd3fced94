// The one file that knows PCRE2. Tested by tests/unit/pipeline/regex_test.cpp.
#include "pipeline/regex.hpp"

#include <algorithm>
#include <array>
#include <mutex>

#include "base/text.hpp"
#include "base/utf8.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace escudo::pipeline {
namespace {

// Longer patterns are refused: the largest in detection content has 5 KB.
constexpr std::size_t kLongestPattern = 256 * 1024;
// What replacing may build: the replacement may be as hostile as the subject.
constexpr std::size_t kLongestResult = 16 * 1024 * 1024;
// The stack compiled code may use when the 32 KiB it begins with do not suffice.
constexpr std::size_t kJitStackStart = 64 * 1024, kJitStackMost = 8 * 1024 * 1024;

PCRE2_SPTR bytes(std::string_view s) {
  // PCRE2 wants a pointer even for nothing.
  return reinterpret_cast<PCRE2_SPTR>(s.data() ? s.data() : "");
}

std::string error_text(int code) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(code, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

struct FreeCode {
  void operator()(pcre2_code* p) const { pcre2_code_free(p); }
};
using CodePtr = std::unique_ptr<pcre2_code, FreeCode>;

struct Compiled {
  CodePtr code;
  int error = 0;
  std::size_t offset = 0;
};

Compiled compile_code(std::string_view pattern, std::uint32_t options) {
  Compiled out;
  pcre2_compile_context* context = pcre2_compile_context_create(nullptr);
  if (context) {
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);  // whatever the library was built with
    pcre2_set_max_pattern_length(context, kLongestPattern);
  }
  PCRE2_SIZE offset = 0;
  out.code.reset(
      pcre2_compile(bytes(pattern), pattern.size(), options, &out.error, &offset, context));
  out.offset = offset;
  pcre2_compile_context_free(context);
  // Failure only means that the interpreter runs instead.
  if (out.code) pcre2_jit_compile(out.code.get(), PCRE2_JIT_COMPLETE);
  return out;
}

std::size_t characters(std::string_view s) {
  std::size_t n = 0;
  for (std::size_t at = 0; at < s.size(); at += base::decode_utf8(s, at).bytes) ++n;
  return n;
}

}  // namespace

struct Match::Scratch {
  pcre2_match_data* data = nullptr;
  pcre2_match_context* context = nullptr;
  pcre2_jit_stack* stack = nullptr;
  std::uint32_t pairs = 0;

  ~Scratch() {
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    pcre2_jit_stack_free(stack);
  }
  bool prepare(std::uint32_t needed) {
    if (!context) context = pcre2_match_context_create(nullptr);
    if (pairs < needed) {
      pcre2_match_data_free(data);
      data = pcre2_match_data_create(needed, nullptr);
      pairs = data ? needed : 0;
    }
    return context && data;
  }
  bool enlarge_stack() {
    if (stack) return false;
    stack = pcre2_jit_stack_create(kJitStackStart, kJitStackMost, nullptr);
    if (stack) pcre2_jit_stack_assign(context, nullptr, stack);
    return stack != nullptr;
  }
};

Match::Match() = default;
Match::~Match() = default;
Match::Match(Match&&) noexcept = default;
Match& Match::operator=(Match&&) noexcept = default;

bool Match::has(std::size_t group) const {
  return group < groups_ && pcre2_get_ovector_pointer(scratch_->data)[2 * group] != PCRE2_UNSET;
}

std::size_t Match::begin(std::size_t group) const {
  return pcre2_get_ovector_pointer(scratch_->data)[2 * group];
}
std::size_t Match::end(std::size_t group) const {
  return pcre2_get_ovector_pointer(scratch_->data)[2 * group + 1];
}

std::string_view Match::text(std::size_t group) const {
  if (!has(group)) return {};
  const std::size_t from = begin(group), to = end(group);
  // \K inside a lookahead can put the start behind the end.
  return from < to ? subject_.substr(from, to - from) : std::string_view();
}

struct Regex::Code {
  CodePtr utf;
  std::uint32_t options = 0;

  // For subjects that are not UTF-8. A pattern of ASCII is matched byte by byte, so that `.` takes
  // a stray byte as it takes any character; one with letters beyond ASCII keeps them whole, and
  // then no match runs across a stray byte. Compiled when the first such subject comes.
  const pcre2_code* loose(const std::string& pattern) const {
    std::call_once(once, [&] {
      const std::uint32_t plain = options & ~static_cast<std::uint32_t>(PCRE2_UTF);
      if (base::is_ascii(pattern)) loose_code = compile_code(pattern, plain).code;
      if (!loose_code) loose_code = compile_code(pattern, plain | PCRE2_MATCH_INVALID_UTF).code;
    });
    return loose_code.get();
  }

 private:
  mutable std::once_flag once;
  mutable CodePtr loose_code;
};

struct Regex::Failure {
  std::string message;
  std::size_t offset = 0;  // into the pattern
};

Regex::~Regex() = default;

namespace {

std::uint32_t options_of(RegexFlags flags) {
  std::uint32_t options = PCRE2_UTF;
  if (flags.caseless) options |= PCRE2_CASELESS;
  if (flags.multiline) options |= PCRE2_MULTILINE;
  if (flags.dot_all) options |= PCRE2_DOTALL;
  return options;
}

std::vector<Regex::Group> names_of(const pcre2_code* code) {
  std::uint32_t count = 0, size = 0;
  PCRE2_SPTR entry = nullptr;
  pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
  pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
  pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &entry);
  std::vector<Regex::Group> out;
  for (std::uint32_t k = 0; k < count; ++k, entry += size) {
    const std::size_t number = static_cast<std::size_t>(entry[0]) << 8 | entry[1];
    out.push_back({reinterpret_cast<const char*>(entry + 2), number});
  }
  std::sort(out.begin(), out.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  return out;
}

}  // namespace

std::shared_ptr<const Regex> Regex::build(std::string_view pattern, const Limits& limits,
                                          RegexFlags flags, Failure& failure) {
  if (!base::is_utf8(pattern)) {
    failure = {"the pattern is not UTF-8", 0};
    return nullptr;
  }
  const std::uint32_t options = options_of(flags);
  Compiled compiled = compile_code(pattern, options);
  if (!compiled.code) {
    failure = {error_text(compiled.error), std::min(compiled.offset, pattern.size())};
    return nullptr;
  }
  std::shared_ptr<Regex> out(new Regex());
  out->pattern_ = pattern;
  out->match_steps_ = limits.regex_match_steps;
  out->depth_ = limits.regex_depth;
  std::uint32_t captures = 0;
  pcre2_pattern_info(compiled.code.get(), PCRE2_INFO_CAPTURECOUNT, &captures);
  out->groups_ = captures + std::size_t{1};
  out->named_ = names_of(compiled.code.get());
  out->code_ = std::make_unique<Code>();
  out->code_->options = options;
  out->code_->utf = std::move(compiled.code);
  return out;
}

base::Result<std::shared_ptr<const Regex>> Regex::compile(std::string_view pattern,
                                                          const Limits& limits, RegexFlags flags) {
  Failure failure;
  if (auto out = build(pattern, limits, flags, failure)) return out;
  const std::size_t place = characters(pattern.substr(0, failure.offset)) + 1;
  return base::Error{failure.message + " (at character " + std::to_string(place) + ")"};
}

std::shared_ptr<const Regex> Regex::compile(std::string_view pattern, const Limits& limits,
                                            base::Span where,
                                            std::vector<spl::TextProblem>& problems,
                                            RegexFlags flags) {
  Failure failure;
  if (auto out = build(pattern, limits, flags, failure)) return out;
  const std::size_t place = characters(pattern.substr(0, failure.offset)) + 1;
  // A pattern as long as what stands between the quotes was written without escapes.
  const auto offset = static_cast<std::uint32_t>(failure.offset);
  if (where.end - where.begin == pattern.size() + 2)
    where = {where.begin + 1 + offset, where.begin + 2 + offset};
  problems.push_back({where, "bad-regex", "the regular expression is wrong: " + failure.message,
                      "character " + std::to_string(place) + " of " + std::string(pattern)});
  return nullptr;
}

Regex::Found Regex::run(std::string_view subject, std::size_t from, unsigned options,
                        Match& match) const {
  match.groups_ = 0;
  if (from > subject.size()) return Found::no;
  if (!match.scratch_) match.scratch_ = std::make_unique<Match::Scratch>();
  Match::Scratch& scratch = *match.scratch_;
  const pcre2_code* code = code_->utf.get();
  // search() has checked the subject: PCRE2 would look through the whole of it for every match.
  if (match.utf8_) {
    options |= PCRE2_NO_UTF_CHECK;
  } else {
    code = code_->loose(pattern_);
    if (!code) return Found::gave_up;
  }
  if (!scratch.prepare(static_cast<std::uint32_t>(groups_))) return Found::gave_up;
  pcre2_set_match_limit(scratch.context, match_steps_);
  pcre2_set_depth_limit(scratch.context, depth_);
  const auto attempt = [&](unsigned with) {
    return pcre2_match(code, bytes(subject), subject.size(), from, with, scratch.data,
                       scratch.context);
  };
  int result = attempt(options);
  if (result == PCRE2_ERROR_JIT_STACKLIMIT && scratch.enlarge_stack()) result = attempt(options);
  if (result == PCRE2_ERROR_JIT_STACKLIMIT) result = attempt(options | PCRE2_NO_JIT);
  if (result == PCRE2_ERROR_NOMATCH) return Found::no;
  if (result < 0) return Found::gave_up;
  match.subject_ = subject;
  match.groups_ = static_cast<std::size_t>(result);
  return Found::yes;
}

Regex::Found Regex::search(std::string_view subject, std::size_t from, Match& match) const {
  match.utf8_ = base::is_utf8(subject);
  return run(subject, from, 0, match);
}

Regex::Found Regex::next(std::string_view subject, Match& match) const {
  const std::size_t begin = match.begin(0), end = match.end(0);
  if (end > begin) return run(subject, end, 0, match);
  // After an empty match, as Perl does: first something longer at the same place, then move on.
  const Found here = run(subject, begin, PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED, match);
  if (here != Found::no || begin >= subject.size()) return here;
  return run(subject, begin + base::decode_utf8(subject, begin).bytes, 0, match);
}

Replacement::Replacement(std::string_view text) {
  Piece piece;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && base::is_digit(text[i + 1])) {
      piece.group = text[++i] - '0';
      pieces_.push_back(std::move(piece));
      piece = {};
    } else {
      piece.text += text[i];
    }
  }
  if (!piece.text.empty()) pieces_.push_back(std::move(piece));
}

void Replacement::append(std::string& out, const Match& match) const {
  for (const Piece& piece : pieces_) {
    out += piece.text;
    if (piece.group >= 0) out += match.text(static_cast<std::size_t>(piece.group));
  }
}

std::string replace_matches(const Regex& regex, std::string_view subject, const Replacement& by,
                            bool all, Match& match, bool& gave_up) {
  std::string out;
  std::size_t copied = 0;
  Regex::Found found = regex.search(subject, match);
  while (found == Regex::Found::yes) {
    const std::size_t begin = match.begin(0), end = match.end(0);
    if (begin >= copied) {
      out += subject.substr(copied, begin - copied);
      by.append(out, match);
      copied = std::max(begin, end);
    }
    if (out.size() > kLongestResult) {
      gave_up = true;
      break;
    }
    if (!all) break;
    found = regex.next(subject, match);
  }
  if (found == Regex::Found::gave_up) gave_up = true;
  out += subject.substr(copied);
  return out;
}

}  // namespace escudo::pipeline
