// SPDX-License-Identifier: MIT
#include <sipring/io/stream/socket.h>

#include <sipring/io/detail/binding.h>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sipring {
namespace {

constexpr int probes = 4;
constexpr int seconds_between_probes = 10;

int milliseconds_of(Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count());
}

int seconds_of(Duration duration) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

bool set_options(int fd, bool v6, const StreamSocketOptions& options) {
  const bool marked = options.traffic_class == 0 ||
                      (v6 ? set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, options.traffic_class)
                          : set_option(fd, IPPROTO_IP, IP_TOS, options.traffic_class));
  return marked && (!v6 || set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1)) &&
         set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1) &&
         set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1) &&
         set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, std::max(1, seconds_of(options.keep_alive))) &&
         set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, seconds_between_probes) &&
         set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, probes) &&
         set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, milliseconds_of(options.user_timeout));
}

}  // namespace

// The first is bound without SO_REUSEPORT, so that a port that another process has is an error.
std::expected<std::vector<StreamSocket>, OpenError> StreamSocket::listen(
    const NetworkAddress& address, std::uint32_t shards, const StreamSocketOptions& options) {
  const bool v6 = address.ip.family == IpAddress::Family::v6;
  std::vector<StreamSocket> sockets;
  NetworkAddress bound = address;
  for (std::uint32_t shard = 0; shard < shards; ++shard) {
    StreamSocket socket(
        ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const bool ready = socket.fd_ >= 0 && set_options(socket.fd_, v6, options) &&
                       set_option(socket.fd_, SOL_SOCKET, SO_REUSEADDR, 1) &&
                       (shard == 0 || set_option(socket.fd_, SOL_SOCKET, SO_REUSEPORT, 1)) &&
                       bind_to(socket.fd_, bound) &&
                       (shards == 1 || set_option(socket.fd_, SOL_SOCKET, SO_REUSEPORT, 1)) &&
                       ::listen(socket.fd_, static_cast<int>(options.backlog)) == 0;
    if (!ready) return std::unexpected(listen_error(address, errno));
    socket.bound_address_ = bound;
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

std::expected<StreamSocket, int> StreamSocket::make(IpAddress::Family family,
                                                    const StreamSocketOptions& options) {
  const bool v6 = family == IpAddress::Family::v6;
  StreamSocket socket(
      ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (socket.fd_ < 0 || !set_options(socket.fd_, v6, options)) return std::unexpected(errno);
  return socket;
}

StreamSocket::StreamSocket(StreamSocket&& other) noexcept
    : fd_(other.release()), bound_address_(other.bound_address_) {}

StreamSocket& StreamSocket::operator=(StreamSocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(bound_address_, other.bound_address_);
  return *this;
}

StreamSocket::~StreamSocket() {
  if (fd_ >= 0) ::close(fd_);
}

int StreamSocket::release() {
  return std::exchange(fd_, -1);
}

}  // namespace sipring
