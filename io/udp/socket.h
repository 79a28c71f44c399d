// UdpSocket: one bound UDP socket of one shard.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/io/open_error.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sipring {

struct UdpOptions {
  std::uint32_t receive_bytes = 4 << 20;  // what the kernel keeps for us while we do something else
  std::uint32_t send_bytes = 4 << 20;
  bool shared = false;  // with other sockets of ours: SO_REUSEPORT also when there is one shard
};

// What came out of a socket's error queue (IP_RECVERR, IPV6_RECVERR).
struct UdpError {
  std::string_view quoted;  // the start of the datagram that was not delivered; may be empty
  int error_number = 0;     // what the ICMP error means
};

class UdpSocket {
 public:
  // One socket for each shard, all bound to one address: SO_REUSEPORT lets the kernel spread peers
  // over them. The first one is bound without it, so that a port that another process has, even
  // another sipring, is an error and not a silent sharing. Port 0 is chosen by the kernel. A line
  // is added to `notices` when a buffer is smaller than asked for.
  [[nodiscard]] static std::expected<std::vector<UdpSocket>, OpenError> open(
      const NetworkAddress& address, std::uint32_t shards, const UdpOptions& options,
      std::vector<std::string>& notices);
  // One more at the address of sockets that were opened shared: it hears `peer` alone.
  [[nodiscard]] static std::expected<UdpSocket, OpenError> open_trunk(const NetworkAddress& bound,
                                                                      const NetworkAddress& peer,
                                                                      const UdpOptions& options);

  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&& other) noexcept;
  ~UdpSocket();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const NetworkAddress& bound_address() const { return bound_address_; }
  // Of a trunk.
  [[nodiscard]] const std::optional<NetworkAddress>& peer() const { return peer_; }

  // Datagrams of one size from one peer may be received as one (UDP_GRO). False: the kernel has it
  // not.
  bool gather();

  // What is in its queue can still be received, but the kernel gives to the others of its group
  // what comes now. Not for sending any more.
  void leave_group();

  // Takes one error off the error queue; `room` is where the quoted octets go. nullopt when there
  // is none.
  [[nodiscard]] std::optional<UdpError> take_error(std::span<char> room);

 private:
  explicit UdpSocket(int fd) : fd_(fd) {}
  int fd_;
  NetworkAddress bound_address_;
  std::optional<NetworkAddress> peer_;
};

}  // namespace sipring
