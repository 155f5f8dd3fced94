#include <pthread.h>
#include <signal.h>

#include <atomic>
#include <thread>

#include "signals.hpp"

namespace escudo::agent {

struct Signals::Parts {
  sigset_t set{};
  std::thread thread;
  std::atomic<bool> interrupted{false}, done{false};
};

// Blocked in every thread, taken by one that waits for them: no handler runs in the middle of anything.
Signals::Signals() : parts_(std::make_unique<Parts>()) {
  sigemptyset(&parts_->set);
  for (int s : {SIGTERM, SIGINT, SIGHUP, SIGUSR2}) sigaddset(&parts_->set, s);
  pthread_sigmask(SIG_BLOCK, &parts_->set, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

void Signals::watch(std::function<void(bool)> stop, std::function<void()> reload) {
  parts_->thread = std::thread([p = parts_.get(), stop = std::move(stop), reload = std::move(reload)] {
    for (;;) {
      int s = 0;
      if (sigwait(&p->set, &s) != 0 || p->done) return;
      if (s == SIGHUP) {
        reload();
      } else if (s == SIGTERM || s == SIGINT) {
        // A second one ends the program at once.
        signal(s, SIG_DFL);
        sigset_t one;
        sigemptyset(&one);
        sigaddset(&one, s);
        p->interrupted = s == SIGINT;
        stop(s == SIGINT);
        sigdelset(&p->set, s);
        pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
      }
    }
  });
}

bool Signals::interrupted() const { return parts_->interrupted; }

Signals::~Signals() {
  if (!parts_->thread.joinable()) return;
  parts_->done = true;
  pthread_kill(parts_->thread.native_handle(), SIGUSR2);
  parts_->thread.join();
}

}  // namespace escudo::agent
