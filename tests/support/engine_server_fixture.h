// An engine that is asked by 192.0.2.1, and the requests.
// SPDX-License-Identifier: MIT
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "tests/support/engine_fixture.h"

namespace sipring::test {

inline const std::string invite = sip(R"(
INVITE sip:bob@192.0.2.9 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK1;rport
Max-Forwards: 70
Record-Route: <sip:proxy.example.com;lr>
From: Alice <sip:alice@example.com>;tag=a1
To: Bob <sip:bob@example.com>
Call-ID: c1@192.0.2.1
CSeq: 7 INVITE
Contact: <sip:alice@192.0.2.1:5062>
Content-Length: 0

)");

inline std::string with_method(std::string_view method) {
  std::string text = replaced(invite, "INVITE sip", std::string(method) + " sip");
  return replaced(text, "7 INVITE", "7 " + std::string(method));
}

class EngineServerFixture : public EngineFixture {
 protected:
  using EngineFixture::EngineFixture;

  std::expected<void, SendError> answer(std::uint16_t status) {
    const auto sent_or_not = engine.respond(now, requests.back(), {.status = status});
    take_outputs();
    return sent_or_not;
  }
  // The ACK for a non-2xx has the INVITE's branch.
  static std::string ack() { return with_method("ACK"); }
};

}  // namespace sipring::test
