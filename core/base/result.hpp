#pragma once
// Result<T>: a value, or one clear sentence why there is none.
//
// For "the data is wrong". A wrong rule is a Diagnostic (diagnostic.hpp), a wrong program is an
// assert. No exception crosses a room: whoever calls a throwing library catches at that call.

#include <cassert>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace escudo::base {

// What went wrong, where, and what to do, as one sentence without a final full stop.
struct Error {
  std::string message;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { assert(ok()); return *std::get_if<0>(&state_); }
  const T& value() const& { assert(ok()); return *std::get_if<0>(&state_); }
  T&& value() && { assert(ok()); return std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const std::string& error() const { assert(!ok()); return std::get_if<1>(&state_)->message; }

 private:
  std::variant<T, Error> state_;
};

// Result<void>: done, or why not.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error.message)) {}

  bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  const std::string& error() const { assert(!ok()); return *error_; }

 private:
  std::optional<std::string> error_;
};

}  // namespace escudo::base
