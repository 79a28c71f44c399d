// DialogText: what a dialog says in each of its requests, in one buffer of its size: Request-URI,
// Route, From, To, Call-ID, ready to be written (RFC 3261 section 12.2.1.1). A strict first route
// has been resolved here, once.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/pools/buffer.h>

#include <array>
#include <cstdint>
#include <string_view>

namespace sipring {

class DialogText {
 public:
  enum Part : std::uint8_t {
    strict_uri,  // the first route's, where it has no lr; else empty
    route,       // what goes into Route: with the remote target at its end behind a strict router
    target,      // the remote target; empty: not known yet
    local,       // From of our requests, with our tag
    remote,      // To of our requests, with their tag
    call_id,
    // Of the INVITE, and empty later on:
    extra,    // header lines that its user has added
    targets,  // where redirections have sent it, as their reader writes them
  };
  static constexpr std::size_t part_count = 8;
  using Parts = std::array<std::string_view, part_count>;

  DialogText() = default;
  // Line ends of a fold become spaces: a header line of ours is one line. Empty when there is no
  // room, or when a part is beyond 65,535 octets.
  DialogText(BufferPool& buffers, const Parts& parts);

  explicit operator bool() const { return static_cast<bool>(buffer_); }
  [[nodiscard]] std::string_view part(Part which) const;
  [[nodiscard]] Parts parts() const;
  void reset() { buffer_.reset(); }

 private:
  Ref<Buffer> buffer_;
  std::array<std::uint16_t, part_count> ends_{};  // each begins where the one before it ends
};
static_assert(sizeof(DialogText) == 24);

}  // namespace sipring
