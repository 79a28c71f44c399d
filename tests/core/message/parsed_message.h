// A message that owns its text: with the padding that parse() needs.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message.h>
#include <sipring/core/message/parser.h>

#include <gtest/gtest.h>

#include <memory_resource>
#include <string>
#include <string_view>

#include "tests/support/sip_text.h"

namespace sipring::testing {

class ParsedMessage {
 public:
  // As a human writes it.
  explicit ParsedMessage(std::string_view text) { read(test::sip(text)); }
  ParsedMessage() = default;

  // Octets of the wire.
  void read(std::string_view wire) {
    text_ = std::string(wire) + std::string(readable_padding, '\r');
    outcome_ = parse(std::string_view(text_).substr(0, wire.size()), message_);
    EXPECT_TRUE(outcome_) << wire;
  }
  [[nodiscard]] bool is_good() const { return outcome_.has_value(); }
  operator const Message&() const { return message_; }
  const Message* operator->() const { return &message_; }
  const Message& operator*() const { return message_; }

 private:
  std::string text_;
  Message message_{128, *std::pmr::new_delete_resource()};
  Parsed<void> outcome_;
};

inline constexpr std::string_view an_invite = R"(
INVITE sip:bob@biloxi.example.com SIP/2.0
Via: SIP/2.0/TCP client.atlanta.example.com:5060;branch=z9hG4bK74bf9
Max-Forwards: 70
From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl
To: Bob <sip:bob@biloxi.example.com>
Call-ID: 3848276298220188511@atlanta.example.com
CSeq: 1 INVITE
Contact: <sip:alice@client.atlanta.example.com;transport=tcp>
Content-Type: text/plain
Content-Length: 5

hello)";

}  // namespace sipring::testing
