// StreamSocket: a TCP socket of one shard, listening or about to connect.
//
// What a listener has set, its connections have from their first segment on: Linux hands it down.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/core/time.h>
#include <sipring/io/open_error.h>
#include <sipring/io/options.h>

#include <cstdint>
#include <expected>
#include <vector>

namespace sipring {

class StreamSocket {
 public:
  // One for each shard, all listening at one address. Port 0 is chosen by the kernel.
  [[nodiscard]] static std::expected<std::vector<StreamSocket>, OpenError> listen(
      const NetworkAddress& address, std::uint32_t shards, const StreamSocketOptions& options);
  // To be connected. The error is an errno: no descriptors, as a rule.
  [[nodiscard]] static std::expected<StreamSocket, int> make(IpAddress::Family family,
                                                             const StreamSocketOptions& options);

  StreamSocket(StreamSocket&& other) noexcept;
  StreamSocket& operator=(StreamSocket&& other) noexcept;
  ~StreamSocket();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] int release();  // the descriptor is the caller's
  [[nodiscard]] const NetworkAddress& bound_address() const { return bound_address_; }

 private:
  explicit StreamSocket(int fd) : fd_(fd) {}
  int fd_;
  NetworkAddress bound_address_;
};

}  // namespace sipring
