// An engine that sends requests to 192.0.2.9, and what a server there would answer.
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "tests/support/engine_fixture.h"

namespace sipring::test {

class EngineClientFixture : public EngineFixture {
 protected:
  using EngineFixture::EngineFixture;

  Handle<Transaction> send(std::string_view method, std::uint64_t attached = 0) {
    const std::string cseq = "1 " + std::string(method);
    const HeaderLine headers[] = {{"From", "<sip:alice@example.com>;tag=a1"},
                                  {"To", "<sip:bob@example.com>"},
                                  {"Call-ID", "c1"},
                                  {"CSeq", cseq},
                                  {"Route", "<sip:edge.example.com;lr>"}};
    const auto handle = engine.send(now,
                                    {.method = method,
                                     .request_uri = "sip:bob@192.0.2.9",
                                     .headers = headers,
                                     .destination = server,
                                     .sent_by = "192.0.2.1:5062"},
                                    attached);
    take_outputs();
    EXPECT_TRUE(handle.has_value());
    return handle.value_or(Handle<Transaction>{});
  }

  // A response to a request that we sent, as a server would make it.
  static std::string response_to(const std::string& request, std::string_view status_line,
                                 std::string_view tag = "b1") {
    return "SIP/2.0 " + std::string(status_line) + "\r\nVia: " + header_of(request, "Via") +
           "\r\nFrom: " + header_of(request, "From") + "\r\nTo: " + header_of(request, "To") +
           ";tag=" + std::string(tag) + "\r\nCall-ID: " + header_of(request, "Call-ID") +
           "\r\nCSeq: " + header_of(request, "CSeq") + "\r\nContent-Length: 0\r\n\r\n";
  }

  NetworkAddress server = address("192.0.2.9", 5060);
};

}  // namespace sipring::test
