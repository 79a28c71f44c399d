// What binding a socket of any kind to a listener's address has in common.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/open_error.h>

#include <string>

namespace sipring {

// "udp:127.0.0.1:5060"
[[nodiscard]] std::string listener_text(const NetworkAddress& address);
// Why nobody can listen there.
[[nodiscard]] OpenError listen_error(const NetworkAddress& address, int error_number);
// False: errno says why.
[[nodiscard]] bool set_option(int fd, int level, int option, int value);
// `address` is what was bound then: port 0 has become the one that the kernel chose. False: errno
// says why.
[[nodiscard]] bool bind_to(int fd, NetworkAddress& address);

}  // namespace sipring
