// SPDX-License-Identifier: MIT
#include <sipring/io/udp/socket.h>

#include <sipring/io/detail/binding.h>
#include <sipring/io/socket_address.h>

// Before the kernel's own header, which needs its timespec.
#include <time.h>

#include <linux/errqueue.h>
#include <netinet/udp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sipring {
namespace {

// What the kernel granted, in octets of ours (it counts double for its own book-keeping).
std::uint32_t size_buffer(int fd, int option, int forced_option, std::uint32_t bytes) {
  const int wanted = static_cast<int>(bytes);
  if (!set_option(fd, SOL_SOCKET, forced_option, wanted))
    (void)set_option(fd, SOL_SOCKET, option, wanted);
  int granted = 0;
  socklen_t length = sizeof granted;
  if (::getsockopt(fd, SOL_SOCKET, option, &granted, &length) != 0) return 0;
  return static_cast<std::uint32_t>(granted) / 2;
}

void size_buffers(int fd, const UdpOptions& options, std::vector<std::string>* notices) {
  const std::uint32_t receive = size_buffer(fd, SO_RCVBUF, SO_RCVBUFFORCE, options.receive_bytes);
  const std::uint32_t send = size_buffer(fd, SO_SNDBUF, SO_SNDBUFFORCE, options.send_bytes);
  if (notices == nullptr) return;
  const auto notice = [&](std::uint32_t granted, std::uint32_t wanted, const char* which,
                          const char* limit) {
    if (granted >= wanted) return;
    notices->push_back(std::string(which) + " buffer is " + std::to_string(granted) + " of " +
                       std::to_string(wanted) + " octets: net.core." + limit + " allows no more");
  };
  notice(receive, options.receive_bytes, "receive", "rmem_max");
  notice(send, options.send_bytes, "send", "wmem_max");
}

// Errors of sends that have gone come back with the datagram that caused them.
bool ask_for_errors(int fd, bool v6) {
  if (!v6) return set_option(fd, IPPROTO_IP, IP_RECVERR, 1);
  return set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) &&
         set_option(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
}

bool is_first_error_of_ip(const cmsghdr& control) {
  return (control.cmsg_level == IPPROTO_IP && control.cmsg_type == IP_RECVERR) ||
         (control.cmsg_level == IPPROTO_IPV6 && control.cmsg_type == IPV6_RECVERR);
}

}  // namespace

std::expected<std::vector<UdpSocket>, OpenError> UdpSocket::open(
    const NetworkAddress& address, std::uint32_t shards, const UdpOptions& options,
    std::vector<std::string>& notices) {
  const bool v6 = address.ip.family == IpAddress::Family::v6;
  std::vector<UdpSocket> sockets;
  NetworkAddress bound = address;
  for (std::uint32_t shard = 0; shard < shards; ++shard) {
    const bool first = shard == 0;
    UdpSocket socket(
        ::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (socket.fd_ < 0 || !ask_for_errors(socket.fd_, v6)) {
      return std::unexpected(listen_error(address, errno));
    }
    size_buffers(socket.fd_, options, first ? &notices : nullptr);
    if (!first && !set_option(socket.fd_, SOL_SOCKET, SO_REUSEPORT, 1)) {
      return std::unexpected(listen_error(address, errno));
    }
    if (!bind_to(socket.fd_, bound)) return std::unexpected(listen_error(address, errno));
    if (first && (shards > 1 || options.shared) &&
        !set_option(socket.fd_, SOL_SOCKET, SO_REUSEPORT, 1)) {
      return std::unexpected(listen_error(address, errno));
    }
    socket.bound_address_ = bound;
    sockets.push_back(std::move(socket));
  }
  return sockets;
}

std::expected<UdpSocket, OpenError> UdpSocket::open_trunk(const NetworkAddress& bound,
                                                          const NetworkAddress& peer,
                                                          const UdpOptions& options) {
  const bool v6 = bound.ip.family == IpAddress::Family::v6;
  UdpSocket socket(::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  socket.bound_address_ = bound;
  socket.peer_ = peer;
  if (socket.fd_ < 0 || !ask_for_errors(socket.fd_, v6)) {
    return std::unexpected(listen_error(bound, errno));
  }
  size_buffers(socket.fd_, options, nullptr);
  if (!set_option(socket.fd_, SOL_SOCKET, SO_REUSEPORT, 1) ||
      !bind_to(socket.fd_, socket.bound_address_)) {
    return std::unexpected(listen_error(bound, errno));
  }
  SocketAddress address;
  const socklen_t length = to_socket_address(peer, address);
  if (::connect(socket.fd_, &address.any, length) == 0) return socket;
  return std::unexpected(
      OpenError{OpenErrorCode::address_unavailable, errno,
                "no trunk to " + listener_text(peer) + ": " + error_text(errno)});
}

bool UdpSocket::gather() {
  return set_option(fd_, SOL_UDP, UDP_GRO, 1);
}

UdpSocket::UdpSocket(UdpSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), bound_address_(other.bound_address_), peer_(other.peer_) {}

UdpSocket& UdpSocket::operator=(UdpSocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(bound_address_, other.bound_address_);
  std::swap(peer_, other.peer_);
  return *this;
}

UdpSocket::~UdpSocket() {
  if (fd_ >= 0) ::close(fd_);
}

// A connected socket is none of its group's any more. The peer is a port of this machine that never
// speaks (discard, RFC 863).
void UdpSocket::leave_group() {
  NetworkAddress nobody = bound_address_;
  if (std::ranges::count(nobody.ip.octets, 0) == std::ssize(nobody.ip.octets)) {
    const bool v6 = nobody.ip.family == IpAddress::Family::v6;
    nobody.ip.octets[0] = v6 ? 0 : 127;
    nobody.ip.octets[v6 ? 15 : 3] = 1;
  }
  nobody.port = 9;
  SocketAddress address;
  const socklen_t length = to_socket_address(nobody, address);
  (void)::connect(fd_, &address.any, length);
}

std::optional<UdpError> UdpSocket::take_error(std::span<char> room) {
  alignas(cmsghdr) char control[512];
  iovec octets{room.data(), room.size()};
  msghdr message{};
  message.msg_iov = &octets;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t size = ::recvmsg(fd_, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
  if (size < 0) return std::nullopt;
  UdpError error{std::string_view(room.data(), static_cast<std::size_t>(size)), 0};
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (!is_first_error_of_ip(*c)) continue;
    sock_extended_err details{};
    std::memcpy(&details, CMSG_DATA(c), sizeof details);
    error.error_number = static_cast<int>(details.ee_errno);
  }
  return error;
}

}  // namespace sipring
