#pragma once
// StoredState: what live searches remember, kept in the store. The store must outlive it; one thread.

#include "detect/live_state.hpp"
#include "store/store.hpp"

namespace escudo::runtime {

class StoredState final : public detect::LiveState {
 public:
  explicit StoredState(store::Store& store) : s_(store) {}
  std::int64_t space(std::string_view name) override { return s_.space(name); }
  std::optional<std::string> get(std::int64_t space, std::string_view key) override { return s_.get(space, key); }
  void put(std::int64_t space, std::string_view key, std::string_view bytes) override { s_.put(space, key, bytes); }
  void erase(std::int64_t space, std::string_view key) override { s_.erase(space, key); }
  void each(std::int64_t space, const std::function<bool(std::string_view, std::string_view)>& see) override { s_.each(space, see); }
  void each_after(std::int64_t space, std::string_view key, const std::function<bool(std::string_view, std::string_view)>& see) override {
    s_.each_after(space, key, see);
  }
  void append(std::int64_t space, base::Time time, std::string_view bytes) override { s_.append(space, time, bytes); }
  void read(std::int64_t space, base::Time from, base::Time to, const std::function<void(std::string_view)>& see) override {
    s_.read(space, from, to, see);
  }
  void erase_before(std::int64_t space, base::Time time) override { s_.erase_before(space, time); }
  std::optional<base::Time> first_time(std::int64_t space, base::Time from) override { return s_.first_time(space, from); }
  void drop(std::int64_t space) override { s_.drop(space); }

 private:
  store::Store& s_;
};

}  // namespace escudo::runtime
