// Received: the octets of one message off the wire, who sent them, and what they came by.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/message/parse_limits.h>
#include <sipring/core/network_address.h>

#include <string_view>

namespace sipring {

// `bytes` is followed by at least readable_padding readable octets and must stay as it is until the
// engine's outputs have been taken: an answer is written from it, and a request that waits for its
// answer is copied when the last output has gone.
struct Received {
  std::string_view bytes;
  NetworkAddress source;
  Flow flow = {};        // the way back: an answer leaves by it
  Flow listener = flow;  // of a connection: that which accepted it, or whose address it gives
};

}  // namespace sipring
