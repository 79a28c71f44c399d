// OpenError: why a server did not start, with all that a person needs to put it right.
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sipring {

enum class OpenErrorCode : std::uint8_t {
  io_uring_missing,   // the kernel has none, or a sandbox hides it
  io_uring_disabled,  // kernel.io_uring_disabled, or a sandbox that forbids it
  feature_missing,    // io_uring lacks something that has no fallback
  ring,               // the ring could not be made for another reason
  address_in_use,
  address_unavailable,  // not an address of this machine
  not_permitted,        // a port below 1024
  socket,               // any other errno of socket(), bind(), setsockopt()
  cpu,                  // the thread could not be pinned
  memory,
  options,      // no listener, or a limit out of range
  user,         // the transaction user could not be made
  priority,     // the thread's nice level
  steering,     // the kernel was to steer, and does not
  certificate,  // of a TLS listener: absent, unreadable, or another key's
};
[[nodiscard]] std::string_view to_string(OpenErrorCode code);

struct OpenError {
  OpenErrorCode code = OpenErrorCode::ring;
  int error_number = 0;  // errno; 0 when none is to blame
  std::string text;      // one clear line
};

// "address already in use (EADDRINUSE)"
[[nodiscard]] std::string error_text(int error_number);

}  // namespace sipring
