#pragma once
// LiteralScanner: which of many literals occur in a text, in one pass over it.
//
// Literals and text are compared byte by byte, ASCII letters without regard to case. Two
// implementations that must agree (tests/unit/match): vectorscan where the build has it, and
// Aho and Corasick's automaton everywhere.
//
// Immutable and shared between threads; working memory is a Scratch a thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace escudo::match {

class LiteralScanner {
 public:
  // Working memory of one thread, for any number of scanners that it was prepared for.
  class Scratch {
   public:
    virtual ~Scratch() = default;
  };

  virtual ~LiteralScanner() = default;
  // Makes `scratch` fit for this scanner too. Null stays null where none is needed.
  virtual void prepare(std::unique_ptr<Scratch>& scratch) const = 0;
  // Appends the index of every literal that occurs, once or more often, in any order.
  virtual void find(std::string_view text, Scratch* scratch,
                    std::vector<std::uint32_t>& found) const = 0;
};

// Literals are lower-case ASCII and not empty; they may repeat.
// Null when the library refuses, or the build has none.
std::unique_ptr<const LiteralScanner> make_vectorscan(const std::vector<std::string>& literals);
std::unique_ptr<const LiteralScanner> make_aho_corasick(const std::vector<std::string>& literals);
// The faster of the two that there is.
std::unique_ptr<const LiteralScanner> make_literal_scanner(
    const std::vector<std::string>& literals);

}  // namespace escudo::match
