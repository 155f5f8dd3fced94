// Aho and Corasick's automaton with a full table of transitions over classes of bytes: the portable
// scanner. A state takes 4 bytes a class; a thousand file names need some 10,000 states, 40 classes,
// 1.6 MB.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "match/literal_scanner.hpp"

namespace escudo::match {
namespace {

constexpr std::uint32_t match_bit = 0x80000000u;

class AhoCorasick final : public LiteralScanner {
 public:
  explicit AhoCorasick(const std::vector<std::string>& literals) {
    number_classes(literals);
    std::vector<std::vector<std::uint32_t>> ends(1);
    next_.assign(classes_, 0);
    for (std::uint32_t k = 0; k < literals.size(); ++k) {
      std::uint32_t state = 0;
      for (char c : literals[k]) {
        const std::size_t at = state * classes_ + class_of_[static_cast<unsigned char>(c)];
        if (next_[at] == 0) {
          next_[at] = static_cast<std::uint32_t>(ends.size());
          ends.emplace_back();
          next_.resize(next_.size() + classes_, 0);
        }
        state = next_[at];
      }
      ends[state].push_back(k);
    }
    link(ends);
  }

  void prepare(std::unique_ptr<Scratch>&) const override {}

  void find(std::string_view text, Scratch*, std::vector<std::uint32_t>& found) const override {
    std::uint32_t state = 0;
    for (const char c : text) {
      const std::uint32_t next =
          next_[state * classes_ + class_of_[static_cast<unsigned char>(c)]];
      state = next & ~match_bit;
      if (next & match_bit)
        found.insert(found.end(), ends_.begin() + ends_at_[state],
                     ends_.begin() + ends_at_[state + 1]);
    }
  }

 private:
  // Bytes that no literal has are all alike: class 0. Capitals share the class of their letter.
  void number_classes(const std::vector<std::string>& literals) {
    for (const std::string& literal : literals)
      for (char c : literal) {
        std::uint8_t& number = class_of_[static_cast<unsigned char>(c)];
        if (number == 0) number = static_cast<std::uint8_t>(classes_++);
      }
    for (char c = 'A'; c <= 'Z'; ++c)
      class_of_[static_cast<unsigned char>(c)] =
          class_of_[static_cast<unsigned char>(base::ascii_lower(c))];
  }

  // Breadth first: where a state has no edge, that of its longest proper suffix counts; it ends
  // what its suffix ends.
  void link(std::vector<std::vector<std::uint32_t>>& ends) {
    std::vector<std::uint32_t> suffix(ends.size(), 0), queue;
    for (std::size_t c = 0; c < classes_; ++c)
      if (next_[c]) queue.push_back(next_[c]);
    for (std::size_t k = 0; k < queue.size(); ++k) {
      const std::uint32_t state = queue[k];
      const std::vector<std::uint32_t>& more = ends[suffix[state]];
      ends[state].insert(ends[state].end(), more.begin(), more.end());
      for (std::size_t c = 0; c < classes_; ++c) {
        std::uint32_t& edge = next_[state * classes_ + c];
        const std::uint32_t other = next_[suffix[state] * classes_ + c];
        if (edge) {
          suffix[edge] = other;
          queue.push_back(edge);
        } else {
          edge = other;
        }
      }
    }
    ends_at_.push_back(0);
    for (const auto& of_state : ends) {
      ends_.insert(ends_.end(), of_state.begin(), of_state.end());
      ends_at_.push_back(static_cast<std::uint32_t>(ends_.size()));
    }
    for (std::uint32_t& edge : next_)
      if (!ends[edge].empty()) edge |= match_bit;
  }

  std::array<std::uint8_t, 256> class_of_{};
  std::size_t classes_ = 1;
  std::vector<std::uint32_t> next_;              // [state * classes_ + class]
  std::vector<std::uint32_t> ends_, ends_at_;    // literals that end in a state
};

}  // namespace

std::unique_ptr<const LiteralScanner> make_aho_corasick(const std::vector<std::string>& literals) {
  return std::make_unique<AhoCorasick>(literals);
}

std::unique_ptr<const LiteralScanner> make_literal_scanner(
    const std::vector<std::string>& literals) {
  // A few literals are found sooner than vectorscan is called, and it takes its time to compile.
  constexpr std::size_t few = 8;
  if (literals.size() > few)
    if (auto out = make_vectorscan(literals)) return out;
  return make_aho_corasick(literals);
}

}  // namespace escudo::match
