#pragma once
// StateBudget: how many bytes the verbs of one search may hold in memory together (rows, groups,
// keys). Each holder says what it holds; when all hold more than the budget, holders that can put
// something to a file are asked to, those that hold most first. Nothing is ever dropped: what cannot
// be put away stays, and the budget is over().
//
// The budget outlives its holders. One thread.

#include <cstddef>
#include <vector>

namespace escudo::pipeline {

class StateBudget {
 public:
  // `most` in bytes.
  explicit StateBudget(std::size_t most) : most_(most) {}
  StateBudget(const StateBudget&) = delete;
  StateBudget& operator=(const StateBudget&) = delete;

  // What one holder holds. Without a budget nothing is counted and nothing is ever too much.
  class Holder {
   public:
    explicit Holder(StateBudget* budget = nullptr);
    virtual ~Holder();
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;

    void charge(std::size_t bytes) {
      if (!budget_) return;
      held_ += bytes;
      budget_->held_ += bytes;
    }
    void release(std::size_t bytes) {
      if (!budget_) return;
      held_ -= bytes;
      budget_->held_ -= bytes;
    }
    std::size_t held() const { return held_; }
    // True when the budget is over still after others have made room: this holder had better spill.
    bool must_spill() { return budget_ && budget_->over() && !budget_->make_room(); }

   protected:
    // Puts away about so many bytes, releasing them; a holder that cannot does nothing. May be called
    // while any other holder charges.
    virtual void spill(std::size_t bytes) { (void)bytes; }

   private:
    friend class StateBudget;
    StateBudget* budget_;
    std::size_t held_ = 0;
  };

  bool over() const { return held_ > most_; }
  // Asks the holders to spill. False when the budget is over all the same.
  bool make_room();

  std::size_t most() const { return most_; }
  std::size_t held() const { return held_; }
  // What was put to a file could not be read back: rows of the search are lost.
  void lose() { lost_ = true; }
  bool lost() const { return lost_; }

 private:
  std::size_t most_, held_ = 0;
  std::vector<Holder*> holders_;
  bool lost_ = false;
};

}  // namespace escudo::pipeline
