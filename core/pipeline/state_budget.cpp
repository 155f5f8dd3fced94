// Tested by tests/unit/pipeline/state_budget_test.cpp.
#include "pipeline/state_budget.hpp"

#include <algorithm>
#include <cassert>

namespace escudo::pipeline {

StateBudget::Holder::Holder(StateBudget* budget) : budget_(budget) {
  if (budget_) budget_->holders_.push_back(this);
}

StateBudget::Holder::~Holder() {
  if (!budget_) return;
  budget_->held_ -= held_;
  std::erase(budget_->holders_, this);
}

bool StateBudget::make_room() {
  if (!over()) return true;
  std::vector<Holder*> by_size = holders_;
  std::ranges::stable_sort(by_size, std::ranges::greater{}, &Holder::held);
  for (Holder* holder : by_size) {
    if (holder->held_ == 0) break;
    holder->spill(held_ - most_);
    if (!over()) return true;
  }
  return false;
}

}  // namespace escudo::pipeline
