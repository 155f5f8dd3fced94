#pragma once
// What a long-running command is told from outside. One file a platform.

#include <functional>
#include <memory>

namespace escudo::agent {

// From construction on, asks to end (SIGTERM, SIGINT, the console closing) call `stop`, and asks for new
// rules (SIGHUP) `reload`, from a thread of its own. Must be made before other threads.
class Signals {
 public:
  Signals();
  ~Signals();
  void watch(std::function<void(bool by_user)> stop, std::function<void()> reload);
  bool interrupted() const;   // SIGINT

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace escudo::agent
