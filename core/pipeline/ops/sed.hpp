#pragma once
// SedScript: the editing language of rex mode=sed: s/pattern/replacement/flags and y/from/to/, one
// after another, any character as the delimiter. Flags: N for the Nth match instead of the first, g
// for that one and all after it. In a replacement \1 … \9 are groups, \n \t \r control characters.
// Immutable after compiling; may be shared by threads.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/regex.hpp"

namespace escudo::pipeline {

class SedScript {
 public:
  // Null after a problem. `where` is the span of the script, quotes included.
  static std::shared_ptr<const SedScript> compile(std::string_view script, const Limits& limits,
                                                  base::Span where,
                                                  std::vector<spl::TextProblem>& problems);

  // `gave_up` is set when a pattern took too many steps; the text so far stays.
  std::string edited(std::string_view text, Match& match, bool& gave_up) const;

 private:
  struct Piece {
    std::string text;
    int group = -1;  // follows the text
  };
  struct Step {
    std::shared_ptr<const Regex> pattern;  // null: y
    std::vector<Piece> replacement;
    bool all = false;
    int only = 1;  // which match is the first replaced, counted from 1
    std::vector<std::pair<char32_t, char32_t>> letters;  // of y
  };
  static std::vector<Piece> pieces(std::string_view replacement);
  static std::string substitute(const Step& step, std::string_view text, Match& match,
                                bool& gave_up);
  static std::string translate(const Step& step, std::string_view text);
  std::vector<Step> steps_;
};

}  // namespace escudo::pipeline
