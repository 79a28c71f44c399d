// SIGINT and SIGTERM end a command that runs on; SIGUSR1, SIGUSR2 and SIGHUP ask it for something
// of its own.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/io/clock.h>

#include <pthread.h>

#include <chrono>
#include <csignal>
#include <ctime>

namespace sipring::app {

// Taken when the main thread asks for them. To be made before there are threads to inherit the
// mask.
class Signals {
 public:
  explicit Signals(bool with_user_signal = false) {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    if (with_user_signal) {
      sigaddset(&set_, SIGUSR1);
      sigaddset(&set_, SIGUSR2);
      sigaddset(&set_, SIGHUP);
    }
    (void)::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    (void)std::signal(SIGPIPE, SIG_IGN);  // whoever read our lines may go
  }
  // The one that has come before `deadline`, or 0.
  [[nodiscard]] int wait_until(Instant deadline) const {
    for (;;) {
      const Duration left = deadline - read_clock();
      if (left <= Duration{}) return 0;
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
      const timespec time{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
      if (const int signal = ::sigtimedwait(&set_, nullptr, &time); signal > 0) return signal;
    }
  }

 private:
  sigset_t set_{};
};

}  // namespace sipring::app
