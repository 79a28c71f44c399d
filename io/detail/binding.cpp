// SPDX-License-Identifier: MIT
#include <sipring/io/detail/binding.h>

#include <sipring/io/socket_address.h>

#include <sys/socket.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

namespace sipring {

std::string listener_text(const NetworkAddress& address) {
  std::string text(to_string(address.transport));
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::tolower(letter));
  });
  return text + ":" + std::string(to_text(address).view());
}

OpenError listen_error(const NetworkAddress& address, int error_number) {
  OpenErrorCode code = OpenErrorCode::socket;
  std::string hint;
  if (error_number == EADDRINUSE) {
    code = OpenErrorCode::address_in_use;
  } else if (error_number == EADDRNOTAVAIL) {
    code = OpenErrorCode::address_unavailable;
  } else if (error_number == EACCES || error_number == EPERM) {
    code = OpenErrorCode::not_permitted;
    if (address.port < 1024) hint = "; a port below 1024 needs CAP_NET_BIND_SERVICE";
  }
  return {code, error_number,
          "cannot listen on " + listener_text(address) + ": " + error_text(error_number) + hint};
}

bool set_option(int fd, int level, int option, int value) {
  return ::setsockopt(fd, level, option, &value, sizeof value) == 0;
}

bool bind_to(int fd, NetworkAddress& address) {
  SocketAddress bound;
  socklen_t length = to_socket_address(address, bound);
  if (::bind(fd, &bound.any, length) != 0) return false;
  length = sizeof bound;
  if (::getsockname(fd, &bound.any, &length) != 0) return false;
  address = to_network_address(bound, address.transport);
  return true;
}

}  // namespace sipring
