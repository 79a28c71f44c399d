// The SIP messages of a capture file (pcap, pcapng), over UDP and TCP, in the order in which they
// were complete.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/network_address.h>

#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>

namespace sipring::app {

struct CapturedMessage {
  std::uint64_t packet = 0;       // the number, from 1, of the packet that completed it
  std::int64_t microseconds = 0;  // since 1970, UTC
  NetworkAddress source, destination;
  std::string_view bytes;  // valid during the call
};

struct CaptureSummary {
  std::uint64_t packets = 0;
  std::uint64_t not_ip = 0;   // or not to be understood
  std::uint64_t cut_off = 0;  // the capture kept only their beginning
  std::uint64_t not_sip = 0;  // another protocol, by what it carries
  std::uint64_t keep_alives = 0;
  std::uint64_t hep3 = 0;  // of capture agents; read, over UDP, as the SIP that they wrap
  std::uint64_t fragments_missing = 0;
  std::uint64_t tcp_gaps = 0;
  std::uint64_t tcp_octets_skipped = 0;  // without the start or the end of their message
};

// Octets that begin like SIP are taken on every port; on `port` all that is text is, but HTTP.
// The error is a sentence that names what was wrong.
[[nodiscard]] std::expected<CaptureSummary, std::string> read_capture(
    const std::string& file, std::uint16_t port,
    const std::function<void(const CapturedMessage&)>& take);

// By its first octets.
[[nodiscard]] bool is_capture(std::string_view octets);

}  // namespace sipring::app
