#pragma once
// Solver: a witness for one rule, or the reason why there is none.

#include <string>
#include <vector>

#include "demands.hpp"
#include "judge.hpp"
#include "layouts.hpp"

namespace escudo::witness {

struct Witness {
  const detect::CompiledRule* rule = nullptr;
  std::vector<Made> events, negated;  // negated: empty when no single term decides
  bool by_id_alone = false;           // negated: no term decides but the event's id
  std::string reason;                 // why there is none
  std::set<std::string> named;        // fields that its message, risk and threats name
  std::string incomplete;             // columns that no try could fill, of a witness
  bool found = false;                 // by escudo scan
};

class Solver {
 public:
  explicit Solver(const runtime::Knowledge& knowledge)
      : knowledge_(knowledge), maker_(*knowledge.maps) {}

  // `trace` 100 n + k: tells on stdout how far layout k of attempt n came.
  Witness solve(const detect::CompiledRule& rule, int trace = -1);

 private:
  struct Attempt {
    bool by_goals = false;  // led by what the commands behind want, not by their conditions alone
    bool distinct = false;  // no two columns alike
  };
  std::vector<Piece> pieces(std::vector<Demand>& demands, const Attempt& attempt, Random& random,
                            std::string& reason);
  void spread(const detect::CompiledRule& rule, const std::vector<double>& numbers,
              std::vector<Alternative>& out);
  std::vector<Made> negated(const Judge& judge, const std::vector<Piece>& made,
                            const std::vector<Demand>& demands, const std::vector<Made>& events,
                            bool& by_id_alone);

  const runtime::Knowledge& knowledge_;
  Maker maker_;
};

}  // namespace escudo::witness
