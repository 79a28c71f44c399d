// What a shard that drains may give away.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/parser.h>

#include <string>
#include <string_view>

#include "tests/support/engine_fixture.h"

namespace sipring {
namespace {

using test::sip;

class EngineBegins : public test::EngineFixture {
 protected:
  using EngineFixture::EngineFixture;
  static std::string request(std::string_view method, std::string_view branch,
                             std::string_view to_tag = {}) {
    return sip("\n" + std::string(method) + " sip:bob@192.0.2.9 SIP/2.0\n" +
               "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=" + std::string(branch) + "\n" +
               "From: <sip:alice@192.0.2.1>;tag=a\nTo: <sip:bob@192.0.2.9>" + std::string(to_tag) +
               "\nCall-ID: call@192.0.2.1\nCSeq: 1 " + std::string(method) +
               "\nContent-Length: 0\n\n");
  }
  bool begins_anew(std::string octets) {
    const std::size_t size = octets.size();
    octets.append(readable_padding, '\0');
    return engine.begins_anew(std::string_view(octets).substr(0, size));
  }
};

TEST_F(EngineBegins, with_a_request_outside_of_dialogs_and_transactions) {
  for (const char* method : {"INVITE", "OPTIONS", "REGISTER", "CANCEL"}) {
    EXPECT_TRUE(begins_anew(request(method, "z9hG4bK1"))) << method;
    EXPECT_TRUE(begins_anew(request(method, "1"))) << method << ", as in RFC 2543";
  }
}

TEST_F(EngineBegins, not_with_a_request_within_a_dialog) {
  EXPECT_FALSE(begins_anew(request("BYE", "z9hG4bK1", ";tag=b")));
  EXPECT_FALSE(begins_anew(request("INVITE", "z9hG4bK1", ";tag=b")));
}

TEST_F(EngineBegins, not_with_what_belongs_to_a_transaction) {
  receive(request("INVITE", "z9hG4bK1"));
  ASSERT_EQ(requests.size(), 1U);
  for (const char* method : {"INVITE", "CANCEL", "ACK"}) {
    EXPECT_FALSE(begins_anew(request(method, "z9hG4bK1"))) << method;
    EXPECT_TRUE(begins_anew(request(method, "z9hG4bK2"))) << method;
  }
  // Asking has changed nothing: the request is still there to be answered.
  EXPECT_TRUE(engine.respond(now, requests.front(), {.status = 486}).has_value());
  take_outputs();
  EXPECT_TRUE(take_sent().back().starts_with("SIP/2.0 486"));
}

// RFC 3261 section 8.2.2.2: one way is known, so the other is refused here, and nowhere taken for
// new.
class EngineBeginsNoMerged : public EngineBegins {
 protected:
  EngineBeginsNoMerged() : EngineBegins(finding_merged()) {}
  static Settings finding_merged() {
    Settings settings = small_settings();
    settings.finds_merged = true;
    return settings;
  }
};

TEST_F(EngineBeginsNoMerged, while_the_first_one_is_alive) {
  receive(request("MESSAGE", "z9hG4bK1"));
  EXPECT_FALSE(begins_anew(request("MESSAGE", "z9hG4bK2")));
  EXPECT_TRUE(begins_anew(request("OPTIONS", "z9hG4bK2"))) << "of another CSeq";
  EXPECT_TRUE(begins_anew(request("ACK", "z9hG4bK2")));
  EXPECT_TRUE(begins_anew(request("CANCEL", "z9hG4bK2")));
  receive(request("MESSAGE", "z9hG4bK2"));
  EXPECT_TRUE(take_only_sent().starts_with("SIP/2.0 482 "));
  EXPECT_TRUE(engine.respond(now, requests.front(), {.status = 200}).has_value());
  take_outputs();
  EXPECT_FALSE(begins_anew(request("MESSAGE", "z9hG4bK2")));
  advance(std::chrono::seconds(33));  // timer J
  EXPECT_TRUE(begins_anew(request("MESSAGE", "z9hG4bK2")));
}

TEST_F(EngineBegins, not_with_a_response_or_what_cannot_be_read) {
  std::string response = request("INVITE", "z9hG4bK1");
  response.replace(0, response.find("\r\n"), "SIP/2.0 200 OK");
  EXPECT_FALSE(begins_anew(response));
  EXPECT_FALSE(begins_anew("INVITE"));
  EXPECT_FALSE(begins_anew("INVITE sip:a@b SIP/2.0\r\nCall-ID: x\r\n\r\n"));
  EXPECT_FALSE(begins_anew(""));
}

}  // namespace
}  // namespace sipring
