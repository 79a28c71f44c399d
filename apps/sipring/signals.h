// SIGINT and SIGTERM end a command that runs on.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>
#include <sipring/io/clock.h>

#include <pthread.h>

#include <chrono>
#include <csignal>
#include <ctime>

namespace sipring {

// Taken when the main thread asks for them. To be made before there are threads to inherit the
// mask.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGINT);
    sigaddset(&set_, SIGTERM);
    (void)::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    (void)std::signal(SIGPIPE, SIG_IGN);  // whoever read our lines may go
  }
  // True when one has come before `deadline`.
  [[nodiscard]] bool wait_until(Instant deadline) const {
    for (;;) {
      const Duration left = deadline - read_clock();
      if (left <= Duration{}) return false;
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
      const timespec time{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
      if (::sigtimedwait(&set_, nullptr, &time) > 0) return true;
    }
  }

 private:
  sigset_t set_{};
};

}  // namespace sipring
