// SPDX-License-Identifier: MIT
#include <call/desk.h>

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace sipring::app {

Desk::Desk() : changes_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (changes_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Desk::~Desk() {
  ::close(changes_);
}

Desk::State Desk::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

std::string Desk::unmet() const {
  const std::scoped_lock lock(mutex_);
  return unmet_;
}

void Desk::show(State state, std::string_view unmet) {
  const std::scoped_lock lock(mutex_);
  unmet_ = unmet;
  if (std::exchange(state_, state) == state) return;
  (void)::eventfd_write(changes_, 1);
}

}  // namespace sipring::app
