#pragma once
// FewTexts: a set of texts that mostly holds one: most groups of most searches see one value of a
// field. `Set` is what it becomes with the second.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace escudo::pipeline::aggregates {

template <class Set>
class FewTexts {
 public:
  void add(std::string_view text) {
    if (more_) {
      if (more_->find(text) != more_->end()) return;
      more_->emplace(text);
    } else if (size_ == 0) {
      first_.assign(text);
    } else {
      if (first_ == text) return;
      more_ = std::make_unique<Set>();
      more_->emplace(std::move(first_));
      more_->emplace(text);
    }
    ++size_;
    bytes_ += text.size() + 64;
  }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_; }
  // In the order of the set.
  template <class Take>
  void each(const Take& take) const {
    if (more_) {
      for (const std::string& text : *more_) take(text);
    } else if (size_ > 0) {
      take(first_);
    }
  }

 private:
  std::string first_;
  std::unique_ptr<Set> more_;
  std::size_t size_ = 0, bytes_ = 0;
};

}  // namespace escudo::pipeline::aggregates
