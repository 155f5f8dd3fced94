// Comparisons of search expressions. Tested by tests/spl/search and tests/unit/match.
#include "match/test.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "event/value.hpp"
#include "spl/print.hpp"

namespace escudo::match {

namespace {

std::string decode_entities(const std::string& text) {
  static constexpr std::pair<std::string_view, char> names[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool found = false;
    if (text[i] == '&')
      for (auto [name, c] : names)
        if (base::istarts_with(std::string_view(text).substr(i), name)) {
          out += c;
          i += name.size();
          found = true;
          break;
        }
    if (!found) out += text[i++];
  }
  return out;
}

bool token_char(char c) {
  return base::is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Test Test::compile(const spl::SearchExpr& expr) {
  using Kind_ = spl::SearchExpr::Kind;
  Test out;
  out.case_sensitive_ = expr.case_sensitive;
  if (expr.kind == Kind_::term) {
    out.kind_ = Kind::term;
    const std::string folded = out.case_sensitive_ ? expr.patterns[0] : base::fold_case(expr.patterns[0]);
    std::string piece;
    for (char c : folded) {
      if (c == '*') {
        out.term_pieces_.push_back(std::move(piece));
        piece.clear();
      } else {
        piece += c;
      }
    }
    out.term_pieces_.push_back(std::move(piece));
    out.text_ = (out.case_sensitive_ ? "term case " : "term ") + folded;
    return out;
  }
  if (expr.kind == Kind_::compare) {
    switch (expr.comparison) {
      case spl::Comparison::less: out.kind_ = Kind::less; break;
      case spl::Comparison::less_equal: out.kind_ = Kind::less_equal; break;
      case spl::Comparison::greater: out.kind_ = Kind::greater; break;
      case spl::Comparison::greater_equal: out.kind_ = Kind::greater_equal; break;
      case spl::Comparison::not_equal: out.kind_ = Kind::none_of; break;
      case spl::Comparison::equal: break;
    }
    if (out.kind_ != Kind::any_of && out.kind_ != Kind::none_of) {
      out.operand_ = expr.patterns[0];
      if (auto n = event::parse_number(out.operand_)) {
        out.numeric_ = true;
        out.number_ = *n;
      }
      out.text_ = std::string(spl::symbol(expr.comparison)) + out.operand_;
      return out;
    }
  }
  std::vector<std::string> shown;
  for (const std::string& pattern : expr.patterns) {
    std::vector<std::string> readings{pattern};
    if (std::string decoded = decode_entities(pattern); decoded != pattern) readings.push_back(std::move(decoded));
    for (const std::string& reading : readings) {
      shown.push_back(out.case_sensitive_ ? reading : base::fold_case(reading));
      if (reading.find('*') != std::string::npos) {
        if (reading.find_first_not_of('*') == std::string::npos) out.any_value_ = true;
        else out.wildcards_.emplace_back(reading, out.case_sensitive_ ? base::Case::kept : base::Case::ignored);
        continue;
      }
      if (reading.find('/') != std::string::npos)
        if (auto block = base::AddressBlock::parse(reading)) out.blocks_.push_back(*block);
      out.exact_.insert(shown.back());
      out.longest_exact_ = std::max(out.longest_exact_, shown.back().size());
    }
  }
  std::sort(shown.begin(), shown.end());
  shown.erase(std::unique(shown.begin(), shown.end()), shown.end());
  out.text_ = out.kind_ == Kind::none_of ? "!=" : "=";
  if (out.case_sensitive_) out.text_ += "case ";
  for (const std::string& s : shown) out.text_ += std::to_string(s.size()) + ":" + s;
  return out;
}

bool Test::accepts(std::string_view value) const {
  if (any_value_) return true;
  // Folding beyond ASCII may change a text's length, by less than half.
  if (!exact_.empty() && value.size() / 2 <= longest_exact_) {
    if (case_sensitive_) {
      if (exact_.find(value) != exact_.end()) return true;
    } else if (value.size() <= 256) {
      // ASCII folds in place; anything beyond goes through the full fold.
      char buffer[256];
      bool ascii = true;
      for (std::size_t i = 0; i < value.size(); ++i) {
        buffer[i] = base::ascii_lower(value[i]);
        ascii = ascii && static_cast<unsigned char>(value[i]) < 0x80;
      }
      if (ascii) {
        if (value.size() <= longest_exact_ && exact_.find(std::string_view(buffer, value.size())) != exact_.end()) return true;
      } else if (exact_.find(base::fold_case(value)) != exact_.end()) {
        return true;
      }
    } else if (exact_.find(base::fold_case(value)) != exact_.end()) {
      return true;
    }
  }
  for (const base::WildcardPattern& pattern : wildcards_)
    if (pattern.matches(value)) return true;
  if (!blocks_.empty())
    if (const auto address = base::parse_address(value))
      for (const base::AddressBlock& block : blocks_)
        if (block.contains(*address)) return true;
  return false;
}

bool Test::accepts_term(std::string_view raw) const {
  const std::string folded = case_sensitive_ ? std::string(raw) : base::fold_case(raw);
  const std::string& first = term_pieces_.front();
  const std::string& last = term_pieces_.back();
  std::size_t start = 0;
  for (;;) {
    const std::size_t begin = folded.find(first, start);
    if (begin == std::string::npos) return false;
    start = begin + 1;
    // A side that is not a wildcard must lie on a token boundary.
    if (!first.empty() && token_char(first.front()) && begin > 0 && token_char(folded[begin - 1])) continue;
    std::size_t at = begin + first.size();
    bool ok = true;
    for (std::size_t k = 1; k < term_pieces_.size() && ok; ++k) {
      const std::size_t next = folded.find(term_pieces_[k], at);
      ok = next != std::string::npos;
      if (ok) at = next + term_pieces_[k].size();
    }
    if (!ok) return false;
    const auto ends_inside_token = [&](std::size_t end) {
      return !last.empty() && token_char(last.back()) && end < folded.size() && token_char(folded[end]);
    };
    // Behind a '*' the last piece may stand anywhere further on.
    if (term_pieces_.size() > 1 && !last.empty())
      for (std::size_t next = at - last.size(); ends_inside_token(at) && next != std::string::npos;) {
        next = folded.find(last, next + 1);
        if (next == std::string::npos) return false;   // no later start has an end either
        at = next + last.size();
      }
    if (ends_inside_token(at)) continue;
    return true;
  }
}

bool Test::matches(std::span<const std::string_view> values) const {
  switch (kind_) {
    case Kind::any_of:
      return std::any_of(values.begin(), values.end(), [&](std::string_view v) { return accepts(v); });
    case Kind::none_of:
      return !values.empty() && std::none_of(values.begin(), values.end(), [&](std::string_view v) { return accepts(v); });
    case Kind::term:
      return std::any_of(values.begin(), values.end(), [&](std::string_view v) { return accepts_term(v); });
    default: break;
  }
  return std::any_of(values.begin(), values.end(), [&](std::string_view v) {
    int order;
    auto n = numeric_ ? event::parse_number(v) : std::nullopt;
    if (n) order = *n < number_ ? -1 : *n > number_ ? 1 : 0;
    else order = v.compare(operand_);
    switch (kind_) {
      case Kind::less: return order < 0;
      case Kind::less_equal: return order <= 0;
      case Kind::greater: return order > 0;
      default: return order >= 0;
    }
  });
}

namespace {

// The longest run of ASCII in a text, in lower case: what is beyond ASCII never folds into it.
std::string longest_ascii(std::string_view text) {
  std::string_view best;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t stop = at;
    while (stop < text.size() && static_cast<unsigned char>(text[stop]) < 0x80) ++stop;
    if (stop - at > best.size()) best = text.substr(at, stop - at);
    at = stop + 1;
  }
  return base::to_lower(best);
}

}  // namespace

Test::Keys Test::keys() const {
  Keys out;
  if (kind_ != Kind::any_of || any_value_ || !blocks_.empty()) return out;
  for (const std::string& value : exact_) {
    if (!case_sensitive_) {
      out.exact.push_back(value);
      continue;
    }
    out.literals.push_back(longest_ascii(value));
    if (out.literals.back().empty()) return {};
  }
  for (const base::WildcardPattern& pattern : wildcards_) {
    std::string longest;
    for (const std::string& piece : pattern.pieces())
      if (std::string run = longest_ascii(piece); run.size() > longest.size()) longest = std::move(run);
    if (longest.empty()) return {};
    out.literals.push_back(std::move(longest));
  }
  out.indexed = true;
  return out;
}

}  // namespace escudo::match
