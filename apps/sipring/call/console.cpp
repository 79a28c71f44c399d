// SPDX-License-Identifier: MIT
#include <call/console.h>

#include <sipring/io/clock.h>

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>

namespace sipring::app {
namespace {

constexpr std::size_t longest_line = 4'096;

int signals_of_the_end() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  (void)::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  (void)std::signal(SIGPIPE, SIG_IGN);  // whoever read our lines may go
  return ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

int milliseconds_until(Instant deadline) {
  using std::chrono::milliseconds;
  if (deadline == never) return -1;
  const auto left = std::chrono::ceil<milliseconds>(deadline - read_clock());
  return static_cast<int>(std::clamp(left, milliseconds(0), milliseconds(3'600'000)).count());
}

}  // namespace

Console::Console(int changes) : changes_(changes), signals_(signals_of_the_end()) {
  if (signals_ < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Console::~Console() {
  ::close(signals_);
}

Console::Heard Console::next(Instant deadline, std::string& line) {
  for (;;) {
    if (take_line(line)) return Heard::line;
    std::array<pollfd, 3> waits{{{signals_, POLLIN, 0},
                                 {changes_, POLLIN, 0},
                                 {has_ended_ ? -1 : STDIN_FILENO, POLLIN, 0}}};
    const int ready = ::poll(waits.data(), waits.size(), milliseconds_until(deadline));
    if (ready == 0 && deadline <= read_clock()) return Heard::too_late;
    signalfd_siginfo signal{};
    if (waits[0].revents != 0 && ::read(signals_, &signal, sizeof signal) > 0) return Heard::signal;
    eventfd_t count = 0;
    if (waits[1].revents != 0 && ::eventfd_read(changes_, &count) == 0) return Heard::change;
    if (waits[2].revents != 0) read_input();
  }
}

bool Console::take_line(std::string& line) {
  const std::size_t end = input_.find('\n');
  const bool is_whole = end != input_.npos;
  const bool is_last = has_ended_ || input_.size() > longest_line;
  if (!is_whole && (!is_last || input_.empty())) return false;
  line = input_.substr(0, end);
  input_.erase(0, is_whole ? end + 1 : input_.size());
  return true;
}

void Console::read_input() {
  std::array<char, 1'024> octets;
  const ssize_t size = ::read(STDIN_FILENO, octets.data(), octets.size());
  if (size > 0) {
    input_.append(octets.data(), static_cast<std::size_t>(size));
  } else if (size == 0 || errno != EINTR) {
    has_ended_ = true;
  }
}

}  // namespace sipring::app
