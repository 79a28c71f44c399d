// QuerySocket: the socket of one question to one name server, for one query: a port that the kernel
// draws, connected, so that nobody else is heard (RFC 5452 section 4.5).
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>
#include <sipring/pools/buffer.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sipring {

class QuerySocket {
 public:
  // By UDP the query has gone; by TCP the connection is being made. nullopt: neither is possible.
  [[nodiscard]] static std::optional<QuerySocket> open(const NetworkAddress& server,
                                                       Ref<Buffer> query);
  QuerySocket(QuerySocket&& other) noexcept;
  QuerySocket& operator=(QuerySocket&& other) noexcept;
  ~QuerySocket();

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] short awaited() const;  // POLLIN or POLLOUT

  struct Progress {
    enum class Kind : std::uint8_t { waiting, message, failed };
    Kind kind = Kind::waiting;
    std::string_view message = {};  // in `room`, or in this object: until the next call
  };
  // When poll says that what is awaited has come. Once more after a message: another may be there.
  [[nodiscard]] Progress ready(std::span<char> room);

 private:
  QuerySocket(int fd, Ref<Buffer> query, bool by_tcp)
      : fd_(fd), query_(std::move(query)), by_tcp_(by_tcp) {}
  bool send();
  Progress receive_stream(std::span<char> room);

  int fd_ = -1;
  Ref<Buffer> query_;
  bool by_tcp_ = false;
  std::size_t sent_ = 0;
  std::string received_;  // by TCP: what has come of the length and the message
};

}  // namespace sipring
