// SPDX-License-Identifier: MIT
#include <check/summary.h>

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/sip_text.h"

namespace sipring::app::test {
namespace {

using namespace sipring::test;

const std::string ringing = sip(R"(
SIP/2.0 180 Ringing
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa
From: <sip:alice@example.com>;tag=1
To: <sip:bob@example.com>;tag=2
Call-ID: 7@192.0.2.1
CSeq: 1 INVITE

)");

TEST(Summary, counts_messages_calls_and_errors) {
  Summary summary;
  summary.add(explain(ringing));
  summary.add(explain(replaced(ringing, "1 INVITE", "x INVITE")));
  summary.add(explain("no message\r\n\r\n"));
  summary.add(CaptureSummary{.packets = 9, .not_sip = 6});
  EXPECT_FALSE(summary.all_valid());
  const auto json = nlohmann::json::parse(summary.to_json())["summary"];
  EXPECT_EQ(json["messages"], 3);
  EXPECT_EQ(json["valid"], 1);
  EXPECT_EQ(json["calls"], 1);
  EXPECT_EQ(json["kinds"]["180"], 2);
  EXPECT_EQ(json["kinds"]["unreadable"], 1);
  EXPECT_EQ(json["errors"]["cseq"], 1);
  EXPECT_EQ(json["packets"]["not-sip"], 6);
  EXPECT_FALSE(json["packets"].contains("not-ip"));
}

TEST(Summary, says_it_in_a_few_lines) {
  Summary summary;
  summary.add(explain(ringing));
  EXPECT_TRUE(summary.all_valid());
  EXPECT_EQ(summary.to_text(),
            "summary: 1 message, 1 valid, 0 not, 1 call\n"
            "  messages   180 1\n");
}

}  // namespace
}  // namespace sipring::app::test
