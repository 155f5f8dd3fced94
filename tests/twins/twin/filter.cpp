#include "filter.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "event/value.hpp"

namespace escudo::twin {
namespace {

using Kind = spl::SearchExpr::Kind;

std::string without_entities(std::string text) {
  // Once over the text: what an entity stands for is never read again as part of another.
  std::string out;
  while (!text.empty()) {
    bool found = false;
    for (const auto& [name, letter] : {std::pair<const char*, char>{"&lt;", '<'},
                                       {"&gt;", '>'},
                                       {"&quot;", '"'},
                                       {"&apos;", '\''},
                                       {"&amp;", '&'}}) {
      if (!base::istarts_with(text, name)) continue;
      out += letter;
      text.erase(0, std::string_view(name).size());
      found = true;
      break;
    }
    if (found) continue;
    out += text.front();
    text.erase(0, 1);
  }
  return out;
}

bool part_of_word(char c) {
  return base::is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

// Whether `text` from `at` on begins with the pattern, ending on a token's end.
bool term_here(std::string_view pattern, std::string_view text, std::size_t at, char last) {
  if (pattern.empty())
    return last == '*' || !part_of_word(last) || at >= text.size() || !part_of_word(text[at]);
  if (pattern.front() == '*') {
    for (std::size_t k = at; k <= text.size(); ++k)
      if (term_here(pattern.substr(1), text, k, '*')) return true;
    return false;
  }
  return at < text.size() && text[at] == pattern.front() &&
         term_here(pattern.substr(1), text, at + 1, pattern.front());
}

bool has_term(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return true;
  for (std::size_t at = 0; at <= text.size(); ++at) {
    const bool inside_word = at > 0 && part_of_word(text[at - 1]);
    if (part_of_word(pattern.front()) && inside_word) continue;
    if (term_here(pattern, text, at, '*')) return true;
  }
  return false;
}

}  // namespace

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = std::string_view::npos, from = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++from;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

Filter::Filter(const spl::SearchExpr& expr)
    : kind_(expr.kind),
      comparison_(expr.comparison),
      field_(expr.field),
      case_sensitive_(expr.case_sensitive) {
  for (const spl::SearchExpr& part : expr.parts) parts_.emplace_back(part);
  for (const std::string& pattern : expr.patterns) {
    Texts readings{pattern};
    const bool ordered = kind_ == Kind::compare && comparison_ != spl::Comparison::equal &&
                         comparison_ != spl::Comparison::not_equal;
    if (kind_ != Kind::term && !ordered)
      if (std::string decoded = without_entities(pattern); decoded != pattern)
        readings.push_back(decoded);
    for (const std::string& reading : readings) {
      Literal literal{reading, case_sensitive_ ? reading : base::fold_case(reading), {}};
      if (reading.find('/') != std::string::npos && reading.find('*') == std::string::npos)
        literal.block = base::AddressBlock::parse(reading);
      literals_.push_back(std::move(literal));
    }
  }
}

bool Filter::accepts(const std::string& value) const {
  const std::string folded = case_sensitive_ ? value : base::fold_case(value);
  for (const Literal& literal : literals_) {
    if (glob(literal.folded, folded)) return true;
    if (!literal.block) continue;
    const auto address = base::parse_address(value);
    if (address && literal.block->contains(*address)) return true;
  }
  return false;
}

bool Filter::compares(const std::string& value) const {
  const std::string& literal = literals_.front().text;
  const auto a = event::parse_number(value), b = event::parse_number(literal);
  int order = value.compare(literal);
  if (a && b) order = *a < *b ? -1 : *a > *b;
  switch (comparison_) {
    case spl::Comparison::less:
      return order < 0;
    case spl::Comparison::less_equal:
      return order <= 0;
    case spl::Comparison::greater:
      return order > 0;
    default:
      return order >= 0;
  }
}

bool Filter::matches(const FieldTexts& values) const {
  const auto asked = [&](const Filter& part) { return part.matches(values); };
  const auto accepted = [&](const std::string& value) { return accepts(value); };
  switch (kind_) {
    case Kind::everything:
      return true;
    case Kind::all_of:
      return std::all_of(parts_.begin(), parts_.end(), asked);
    case Kind::any_of:
      return std::any_of(parts_.begin(), parts_.end(), asked);
    case Kind::none_of:
      return !parts_.front().matches(values);
    case Kind::subsearch:
      return true;
    case Kind::term: {
      const Texts raw = values("_raw");
      return std::any_of(raw.begin(), raw.end(), [&](const std::string& text) {
        return has_term(literals_.front().folded, case_sensitive_ ? text : base::fold_case(text));
      });
    }
    case Kind::member: {
      const Texts all = values(field_);
      return std::any_of(all.begin(), all.end(), accepted);
    }
    case Kind::compare:
      break;
  }
  const Texts all = values(field_);
  if (comparison_ == spl::Comparison::equal) return std::any_of(all.begin(), all.end(), accepted);
  if (comparison_ == spl::Comparison::not_equal)
    return !all.empty() && std::none_of(all.begin(), all.end(), accepted);
  return std::any_of(all.begin(), all.end(), [&](const std::string& v) { return compares(v); });
}

}  // namespace escudo::twin
