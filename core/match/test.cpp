// Comparisons of search expressions. Tested by tests/spl/search and tests/unit/match.
#include "match/test.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/text.hpp"
#include "event/value.hpp"
#include "spl/print.hpp"

namespace escudo::match {

// An IPv4 or IPv6 block; addresses are 16 bytes, IPv4 mapped.
struct Test::Block {
  std::array<unsigned char, 16> address{};
  int bits = 0;
  bool contains(const std::array<unsigned char, 16>& ip) const {
    const int whole = bits / 8, rest = bits % 8;
    if (std::memcmp(address.data(), ip.data(), static_cast<std::size_t>(whole)) != 0) return false;
    if (!rest) return true;
    const unsigned char mask = static_cast<unsigned char>(0xFF << (8 - rest));
    return (address[whole] & mask) == (ip[whole] & mask);
  }
};

namespace {

using Address = std::array<unsigned char, 16>;

bool parse_ipv4(std::string_view text, unsigned char* out) {
  int part = 0;
  for (std::string_view piece : base::split(text, '.')) {
    if (part == 4 || piece.empty() || piece.size() > 3) return false;
    int n = 0;
    for (char c : piece) {
      if (!base::is_digit(c)) return false;
      n = n * 10 + (c - '0');
    }
    if (n > 255) return false;
    out[part++] = static_cast<unsigned char>(n);
  }
  return part == 4;
}

bool parse_ipv6(std::string_view text, Address& out) {
  if (text.size() < 2 || text.size() > 45) return false;
  std::array<std::uint16_t, 8> head{}, tail{};
  int n_head = 0, n_tail = 0;
  bool gap = false;
  std::size_t at = 0;
  if (text.starts_with("::")) {
    gap = true;
    at = 2;
  }
  while (at < text.size()) {
    std::size_t end = text.find(':', at);
    if (end == std::string_view::npos) end = text.size();
    std::string_view piece = text.substr(at, end - at);
    std::array<unsigned char, 4> v4{};
    if (end == text.size() && piece.find('.') != std::string_view::npos) {
      if (!parse_ipv4(piece, v4.data()) || n_head + n_tail > 6) return false;
      auto& list = gap ? tail : head;
      int& n = gap ? n_tail : n_head;
      list[n++] = static_cast<std::uint16_t>(v4[0] << 8 | v4[1]);
      list[n++] = static_cast<std::uint16_t>(v4[2] << 8 | v4[3]);
      break;
    }
    if (piece.empty()) {
      if (gap) return false;
      gap = true;
      at = end + 1;
      continue;
    }
    if (piece.size() > 4 || n_head + n_tail == 8) return false;
    int value = 0;
    for (char c : piece) {
      const char l = base::ascii_lower(c);
      if (base::is_digit(l)) value = value * 16 + (l - '0');
      else if (l >= 'a' && l <= 'f') value = value * 16 + (l - 'a' + 10);
      else return false;
    }
    (gap ? tail : head)[gap ? n_tail++ : n_head++] = static_cast<std::uint16_t>(value);
    at = end + 1;
    if (end + 1 == text.size()) {
      if (gap) return false;
      gap = true;
    }
  }
  if (gap ? n_head + n_tail >= 8 : n_head != 8) return false;
  out.fill(0);
  for (int i = 0; i < n_head; ++i) {
    out[2 * i] = static_cast<unsigned char>(head[i] >> 8);
    out[2 * i + 1] = static_cast<unsigned char>(head[i]);
  }
  for (int i = 0; i < n_tail; ++i) {
    const int k = 8 - n_tail + i;
    out[2 * k] = static_cast<unsigned char>(tail[i] >> 8);
    out[2 * k + 1] = static_cast<unsigned char>(tail[i]);
  }
  return true;
}

bool parse_address(std::string_view text, Address& out) {
  unsigned char v4[4];
  if (parse_ipv4(text, v4)) {
    out.fill(0);
    out[10] = out[11] = 0xFF;
    std::memcpy(out.data() + 12, v4, 4);
    return true;
  }
  return text.find(':') != std::string_view::npos && parse_ipv6(text, out);
}

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
      if (const std::size_t slash = reading.find('/'); slash != std::string::npos) {
        Block block;
        auto bits = event::parse_number(std::string_view(reading).substr(slash + 1));
        Address address;
        if (bits && parse_address(std::string_view(reading).substr(0, slash), address)) {
          const bool v4 = reading.find(':') == std::string::npos;
          if (*bits >= 0 && *bits <= (v4 ? 32 : 128)) {
            block.address = address;
            block.bits = static_cast<int>(*bits) + (v4 ? 96 : 0);
            out.blocks_.push_back(std::make_shared<const Block>(block));
          }
        }
      }
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
  if (!exact_.empty()) {
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
  if (!blocks_.empty()) {
    Address address;
    if (parse_address(value, address))
      for (const auto& block : blocks_)
        if (block->contains(address)) return true;
  }
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
    if (!last.empty() && token_char(last.back()) && at < folded.size() && token_char(folded[at])) continue;
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

std::vector<std::string> Test::required_literals() const {
  if (kind_ != Kind::any_of || any_value_ || case_sensitive_ || !blocks_.empty()) return {};
  std::vector<std::string> out;
  for (const std::string& e : exact_) {
    if (e.empty()) return {};
    out.push_back(e);
  }
  for (const base::WildcardPattern& pattern : wildcards_) {
    std::string longest;
    for (const std::string& piece : pattern.pieces())
      if (piece.size() > longest.size()) longest = piece;
    if (longest.empty()) return {};
    out.push_back(base::fold_case(longest));
  }
  return out;
}

}  // namespace escudo::match
