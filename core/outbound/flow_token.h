// Flow tokens: a flow and who is at its other end, as the user part of a URI, so that an edge proxy
// finds its way back without remembering anything (RFC 5626 section 5.2). It stands in the Path of
// a registration and in the Record-Route of a dialog.
//
// A token has a keyed hash that nobody else can make. It also says in which run it was made: with a
// key that outlives the process, a flow of an earlier run is gone (430), not forged (403), and
// whoever asked tries the registration's other flow.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/flow.h>
#include <sipring/core/network_address.h>
#include <sipring/pools/hash.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace sipring {

// A listener or a connection, and the peer: by UDP one listener has the flows of many.
struct PeerFlow {
  Flow flow;
  NetworkAddress peer;
  friend bool operator==(const PeerFlow&, const PeerFlow&) = default;
};

struct FlowTokenText {
  static constexpr std::size_t most_octets = 64;
  std::array<char, most_octets> characters{};
  std::uint8_t size = 0;
  [[nodiscard]] std::string_view view() const { return {characters.data(), size}; }
};

enum class FlowTokenError : std::uint8_t {
  forged,     // not one of ours, or changed on its way: 403 (section 5.3.1)
  other_run,  // of a process that has ended, and its flows with it: 430
};
[[nodiscard]] std::string_view to_string(FlowTokenError error);
// Of the response.
[[nodiscard]] constexpr std::uint16_t status_of(FlowTokenError error) {
  return error == FlowTokenError::forged ? 403 : 430;
}

class FlowTokens {
 public:
  // `seed` is secret; `run` differs from that of the processes before, which may have had the same
  // seed.
  FlowTokens(const HashSeed& seed, std::uint32_t run) : seed_(seed), run_(run) {}

  // Letters, digits, "-" and "_": no octet of it has to be escaped in a user part.
  [[nodiscard]] FlowTokenText write(const PeerFlow& flow) const;
  [[nodiscard]] std::expected<PeerFlow, FlowTokenError> read(std::string_view user) const;

 private:
  HashSeed seed_;
  std::uint32_t run_;
};

}  // namespace sipring
