// Folding, escapes and indentation need not be computed here: the library has done so. The source
// is read as a row of pieces, one a byte of the value (an escape gives several, all with its
// place), and laid beside the value; only white space may differ.

#include "base/yaml_scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace escudo::base {
namespace {

// One byte of a value and the source range it comes from.
struct Piece {
  char byte = 0;
  Span source;
};

struct Escape {
  char letter;
  char32_t code;
};
constexpr Escape escapes[] = {
    {'0', 0x00}, {'a', 0x07}, {'b', 0x08}, {'t', 0x09}, {'n', 0x0A},   {'v', 0x0B},  {'f', 0x0C},
    {'r', 0x0D}, {'e', 0x1B}, {'N', 0x85}, {'_', 0xA0}, {'L', 0x2028}, {'P', 0x2029},
};

class ScalarReader {
 public:
  ScalarReader(std::string_view source, std::size_t at)
      : source_(source), at_(at), style_(scalar_style(source, at)) {
    if (style_ == ScalarStyle::block) {
      at_ = std::min(source.find('\n', at), source.size());
    } else if (style_ != ScalarStyle::plain) {
      ++at_;
    }
  }

  // Plain and block scalars run to the end of the source: the value tells where they stop.
  std::optional<Piece> next() {
    if (waiting_ < escape_.size()) return Piece{escape_[waiting_++], escape_source_};
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (style_ == ScalarStyle::single_quoted && c == '\'') {
        if (!source_.substr(at_).starts_with("''")) return close();
        return take(c, 2);
      }
      if (style_ == ScalarStyle::double_quoted && c == '"') return close();
      if (style_ != ScalarStyle::double_quoted || c != '\\') return take(c, 1);
      read_escape();
      if (!escape_.empty()) return Piece{escape_[waiting_++], escape_source_};
    }
    return {};
  }

  bool closed() const { return closed_; }
  std::size_t at() const { return at_; }

 private:
  std::optional<Piece> take(char byte, std::size_t length) {
    const auto begin = static_cast<std::uint32_t>(at_);
    at_ += length;
    return Piece{byte, {begin, static_cast<std::uint32_t>(at_)}};
  }

  std::optional<Piece> close() {
    closed_ = true;
    ++at_;
    source_ = source_.substr(0, at_);
    return {};
  }

  // Leaves the bytes of the escape at at_ in escape_: none where a line is continued.
  void read_escape() {
    const std::size_t begin = at_++;
    escape_.clear();
    waiting_ = 0;
    if (at_ == source_.size()) return;
    const char letter = source_[at_++];
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    const Escape* known = std::ranges::find(escapes, letter, &Escape::letter);
    if (digits > 0) {
      append_utf8(escape_, hex(digits));
    } else if (letter == '\n' || letter == '\r') {
      while (at_ < source_.size() && is_space(source_[at_])) ++at_;
    } else if (known != std::end(escapes)) {
      append_utf8(escape_, known->code);
    } else {
      escape_ = letter;
    }
    escape_source_ = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
  }

  char32_t hex(std::size_t digits) {
    const std::string_view text = source_.substr(at_, digits);
    std::uint32_t code = 0;
    std::from_chars(text.data(), text.data() + text.size(), code, 16);
    at_ += text.size();
    return code <= 0x10FFFF ? code : 0xFFFD;
  }

  std::string_view source_;
  std::size_t at_;
  ScalarStyle style_;
  bool closed_ = false;
  std::string escape_;
  std::size_t waiting_ = 0;  // the next byte of escape_ to hand out
  Span escape_source_;
};

// Places of a value's bytes, found as far as they are asked for.
class Alignment {
 public:
  Alignment(std::string_view source, std::size_t at, std::string_view value)
      : reader_(source, at), value_(value) {
    ahead_ = reader_.next();
    places_.reserve(64);
  }

  // Whether the first `bytes` of the value could be placed.
  bool reach(std::size_t bytes) {
    while (places_.size() < bytes) {
      const char c = value_[places_.size()];
      if (is_space(c)) {
        place_white_space();
        continue;
      }
      while (ahead_ && is_space(ahead_->byte)) ahead_ = reader_.next();
      if (!ahead_ || ahead_->byte != c) return false;
      places_.push_back(ahead_->source);
      ahead_ = reader_.next();
    }
    return true;
  }

  Span place(std::size_t index) const { return places_[index]; }

 private:
  void place_white_space() {
    const std::size_t begin = places_.size();
    std::size_t end = begin;
    while (end < value_.size() && is_space(value_[end])) ++end;
    std::vector<Span> run;
    for (; ahead_ && is_space(ahead_->byte); ahead_ = reader_.next()) run.push_back(ahead_->source);
    if (run.empty()) {  // made by folding from nothing: it stands where the last byte ended
      const std::uint32_t here = begin == 0 ? static_cast<std::uint32_t>(reader_.at())
                                            : places_.back().end;
      places_.resize(end, Span{here, here});
      return;
    }
    // What follows the last line break of the run is counted from its end, past the indentation.
    const std::size_t newline = value_.substr(begin, end - begin).rfind('\n');
    for (std::size_t i = begin; i < end; ++i) {
      const bool from_end = newline != std::string_view::npos && i - begin > newline;
      const std::size_t left = end - i;
      std::size_t at = i - begin;
      if (from_end) at = left < run.size() ? run.size() - left : 0;
      places_.push_back(run[std::min(at, run.size() - 1)]);
    }
  }

  ScalarReader reader_;
  std::string_view value_;
  std::optional<Piece> ahead_;
  std::vector<Span> places_;
};

}  // namespace

std::size_t skip_tags(std::string_view source, std::size_t at) {
  while (at < source.size() && source[at] == '!') {
    while (at < source.size() && !is_space(source[at])) ++at;
    while (at < source.size() && (is_space(source[at]) || source[at] == '#')) {
      at = source[at] == '#' ? std::min(source.find('\n', at), source.size()) : at + 1;
    }
  }
  return at;
}

ScalarStyle scalar_style(std::string_view source, std::size_t at) {
  switch (at < source.size() ? source[at] : ' ') {
    case '\'': return ScalarStyle::single_quoted;
    case '"': return ScalarStyle::double_quoted;
    case '|':
    case '>': return ScalarStyle::block;
    default: return ScalarStyle::plain;
  }
}

std::optional<std::size_t> end_of_quoted(std::string_view source, std::size_t at) {
  ScalarReader reader(source, at);
  while (reader.next()) {
  }
  if (!reader.closed()) return {};
  return reader.at();
}

std::optional<Span> written_as(std::string_view source, std::size_t at, std::string_view value,
                               Span within) {
  const std::size_t end = std::min<std::size_t>(within.end, value.size());
  const std::size_t begin = std::min<std::size_t>(within.begin, end);
  Alignment alignment(source, at, value);
  if (!alignment.reach(std::max(end, std::min(begin + 1, value.size())))) return {};
  if (begin < end) return Span{alignment.place(begin).begin, alignment.place(end - 1).end};
  // An empty range points between two characters.
  std::uint32_t here = static_cast<std::uint32_t>(at);
  if (begin < value.size()) {
    here = alignment.place(begin).begin;
  } else if (begin > 0) {
    here = alignment.place(begin - 1).end;
  }
  return Span{here, here};
}

}  // namespace escudo::base
