// SPDX-License-Identifier: MIT
#include <sipring/io/detail/query_socket.h>

#include <sipring/io/socket_address.h>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sipring {
namespace {

constexpr std::size_t length_octets = 2;  // in front of a message by TCP (RFC 1035 section 4.2.2)

bool is_for_later(int error_number) {
  return error_number == EAGAIN || error_number == EINPROGRESS || error_number == EINTR;
}

}  // namespace

std::optional<QuerySocket> QuerySocket::open(const NetworkAddress& server, Ref<Buffer> query) {
  const bool by_tcp = server.transport == Transport::tcp;
  SocketAddress address;
  const socklen_t length = to_socket_address(server, address);
  const int type = (by_tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const int fd = ::socket(address.any.sa_family, type, 0);
  if (fd < 0) return std::nullopt;
  QuerySocket socket(fd, std::move(query), by_tcp);
  if (::connect(fd, &address.any, length) != 0 && !is_for_later(errno)) return std::nullopt;
  if (!by_tcp && !socket.send()) return std::nullopt;
  return socket;
}

QuerySocket::QuerySocket(QuerySocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      query_(std::move(other.query_)),
      by_tcp_(other.by_tcp_),
      sent_(other.sent_),
      received_(std::move(other.received_)) {}

QuerySocket& QuerySocket::operator=(QuerySocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(query_, other.query_);
  std::swap(by_tcp_, other.by_tcp_);
  std::swap(sent_, other.sent_);
  std::swap(received_, other.received_);
  return *this;
}

QuerySocket::~QuerySocket() {
  if (fd_ >= 0) ::close(fd_);
}

short QuerySocket::awaited() const {
  return sent_ < query_->size() ? POLLOUT : POLLIN;
}

// False: it failed for good.
bool QuerySocket::send() {
  const std::string_view rest = query_->view().substr(sent_);
  const ssize_t size = ::send(fd_, rest.data(), rest.size(), MSG_NOSIGNAL);
  if (size < 0) return is_for_later(errno);
  sent_ += static_cast<std::size_t>(size);
  return true;
}

QuerySocket::Progress QuerySocket::ready(std::span<char> room) {
  if (sent_ < query_->size()) {
    return {send() ? Progress::Kind::waiting : Progress::Kind::failed, {}};
  }
  if (by_tcp_) return receive_stream(room);
  const ssize_t size = ::recv(fd_, room.data(), room.size(), 0);
  if (size < 0) {
    return {is_for_later(errno) ? Progress::Kind::waiting : Progress::Kind::failed, {}};
  }
  return {Progress::Kind::message, {room.data(), static_cast<std::size_t>(size)}};
}

QuerySocket::Progress QuerySocket::receive_stream(std::span<char> room) {
  const ssize_t size = ::recv(fd_, room.data(), room.size(), 0);
  if (size < 0 && is_for_later(errno)) return {};
  if (size <= 0) return {Progress::Kind::failed, {}};
  received_.append(room.data(), static_cast<std::size_t>(size));
  if (received_.size() < length_octets) return {};
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(received_[i]); };
  const std::size_t length = static_cast<std::size_t>(octet(0)) << 8 | octet(1);
  if (received_.size() - length_octets < length) return {};
  return {Progress::Kind::message, std::string_view(received_).substr(length_octets, length)};
}

}  // namespace sipring
