// StreamSocketOptions: what an embedder chooses about the sockets of TCP connections.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/time.h>

#include <chrono>
#include <cstdint>

namespace sipring {

struct StreamSocketOptions {
  std::uint32_t backlog = 4'096;  // connections that the kernel keeps until they are accepted
  // A peer that has said nothing for so long is asked whether it is still there.
  Duration keep_alive = std::chrono::seconds(60);
  // What has been sent and not acknowledged for so long ends the connection (TCP_USER_TIMEOUT).
  Duration user_timeout = std::chrono::seconds(30);
  std::uint8_t traffic_class = 0;  // the octet of DSCP and ECN
};

}  // namespace sipring
