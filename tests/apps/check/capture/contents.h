// What a capture file holds, as read_capture() hands it out.
// SPDX-License-Identifier: MIT
#pragma once

#include <check/capture/capture.h>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/apps/check/capture/capture_file.h"
#include "tests/support/sip_text.h"

namespace sipring::app::test {

inline constexpr std::uint32_t link_ethernet = 1, link_raw = 101, link_sll = 113, link_sll2 = 276;
inline constexpr std::uint8_t protocol_tcp = 6, protocol_udp = 17;

inline const std::string options = sipring::test::sip(R"(
OPTIONS sip:bob@example.com SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa
Content-Length: 0

)");
inline const std::string message = sipring::test::sip(R"(
MESSAGE sip:bob@example.com SIP/2.0
Via: SIP/2.0/TCP 192.0.2.1;branch=z9hG4bKb
Content-Length: 5

)") + "hello";

struct Contents {
  std::vector<std::string> messages;
  std::vector<std::string> ways;
  std::vector<std::uint64_t> packets;
  CaptureSummary summary;
};

inline Contents read(const CaptureFile& file) {
  Contents contents;
  const auto summary = read_capture(file.path(), 5060, [&](const CapturedMessage& captured) {
    contents.messages.emplace_back(captured.bytes);
    contents.ways.push_back(std::string(to_text(captured.source).view()) + " > " +
                            std::string(to_text(captured.destination).view()));
    contents.packets.push_back(captured.packet);
  });
  EXPECT_TRUE(summary) << summary.error();
  if (summary) contents.summary = *summary;
  return contents;
}

}  // namespace sipring::app::test
