// Calls through a proxy that asks for a password: each request of Alice's without one gets a 407
// (RFC 3261 section 22.3).
// SPDX-License-Identifier: MIT
#include <sipring/core/call/calls.h>

#include <sipring/core/auth/digest_client.h>
#include <sipring/core/auth/digest_server.h>
#include <sipring/core/message/parser.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <memory_resource>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/call_world.h"
#include "tests/support/openssl_hashes.h"

namespace sipring::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

class CallAuthenticationTest : public ::testing::Test {
 protected:
  CallAuthenticationTest() {
    restart();
    alice.calls.authenticate(client);
    bob.on_incoming = [this](const IncomingCall& call) {
      (void)bob.calls.accept(bob.moment(), call.call, {.body = description("bob")});
    };
    bob.on_offered = [this](const Offered& offer) {
      (void)bob.calls.answer(bob.moment(), offer.call, description("bob", ++version));
    };
    world.lose = [this](const NetworkAddress& from, const std::string& text) {
      return from == alice.address && !admits(from, text);
    };
  }

  bool admits(const NetworkAddress& from, const std::string& text) {
    const std::string method = text.substr(0, text.find(' '));
    if (method == "SIP/2.0" || method == "ACK" || method == "CANCEL") return true;
    const PaddedText padded(text);
    Message request(64, *std::pmr::new_delete_resource());
    EXPECT_TRUE(parse(padded.view(), request));
    const auto claim = proxy->claim(request);
    const std::optional<HexDigest> ha1 =
        make_ha1(openssl_hashes(), claim ? claim->algorithm : DigestAlgorithm::md5, "alice",
                 "proxy", "secret");
    if (claim && proxy->judge(world.now, *claim, ha1) == DigestVerdict::accepted) return true;
    challenge(from, text);
    return false;
  }

  void challenge(const NetworkAddress& from, const std::string& request) {
    std::array<HeaderLine, DigestServer::most_lines> lines;
    std::string room(proxy->room_for_lines(), '\0');
    std::string text = "SIP/2.0 407 Proxy Authentication Required\r\n";
    for (const char* const name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
      text += std::string(name) + ": " + header_of(request, name);
      const bool has_tag = header_of(request, name).find(";tag=") != std::string::npos;
      text += name == std::string_view("To") && !has_tag ? ";tag=proxy\r\n" : "\r\n";
    }
    for (const HeaderLine& line : proxy->challenge(world.now, false, lines, room))
      text += std::string(line.name) + ": " + std::string(line.value) + "\r\n";
    text += "Content-Length: 0\r\n\r\n";
    world.packets.push_back({world.now + world.delay, bob.address, from, text});
    ++challenged;
  }

  Handle<Call> established() {
    const Handle<Call> call = alice.call(bob, description("alice"));
    world.run(seconds(1));
    EXPECT_THAT(alice.take_events(), Contains("established"));
    return call;
  }
  // Nonces that have been learnt are of no use any more: a proxy that has
  // started anew.
  void restart() {
    proxy.emplace(DigestServerSettings{.realm = "proxy", .role = DigestRole::proxy},
                  openssl_hashes(), Entropy{{++starts, 2, 3, 4}}, *std::pmr::new_delete_resource());
  }

  World world;
  Phone& alice = world.add("alice");
  Phone& bob = world.add("bob");
  DigestClient client{
      {.username = "alice", .password = "secret"}, openssl_hashes(), Entropy{{9, 8, 7, 6}}};
  std::uint64_t starts = 0;
  std::optional<DigestServer> proxy;
  int challenged = 0;
  int version = 1;
};

TEST_F(CallAuthenticationTest, an_invite_goes_again_with_credentials_and_the_next_number) {
  established();
  EXPECT_EQ(challenged, 1);
  EXPECT_EQ(world.count("INVITE"), 2u);
  const std::string ack = world.last_text("ACK");
  EXPECT_NE(ack.find("Proxy-Authorization"), std::string::npos) << "as its INVITE has";
}

// I07: of the INVITE that went again, not of the first one.
TEST_F(CallAuthenticationTest, a_cancel_is_of_the_invite_that_went_again) {
  bob.on_incoming = [this](const IncomingCall& call) {
    (void)bob.calls.ring(bob.moment(), call.call);
  };
  const Handle<Call> call = alice.call(bob, description("alice"));
  world.run(seconds(1));
  EXPECT_EQ(challenged, 1);
  (void)alice.calls.end(alice.moment(), call);
  alice.take_outputs();
  const std::string invite = world.last_text("INVITE"), cancel = world.last_text("CANCEL");
  EXPECT_EQ(header_of(cancel, "Via"), header_of(invite, "Via"));
  EXPECT_EQ(header_of(cancel, "CSeq"), replaced(header_of(invite, "CSeq"), "INVITE", "CANCEL"));
  EXPECT_EQ(replaced(first_line(cancel), "CANCEL", "INVITE"), first_line(invite));
  world.run(seconds(1));
  EXPECT_THAT(alice.take_events(), ElementsAre("ringing 180", "ended local 487"));
}

// I20, A10.
TEST_F(CallAuthenticationTest,
       an_ack_has_the_number_and_the_credentials_of_the_invite_that_went_again) {
  established();
  const std::string invite = world.last_text("INVITE"), ack = world.last_text("ACK");
  EXPECT_EQ(header_of(ack, "CSeq"), replaced(header_of(invite, "CSeq"), "INVITE", "ACK"));
  const std::string credentials = header_of(invite, "Proxy-Authorization");
  for (const std::string_view name : {"nonce=", "cnonce=", "nc="}) {  // of another Request-URI
    const std::size_t at = credentials.find(name);
    ASSERT_NE(at, credentials.npos) << name;
    EXPECT_THAT(header_of(ack, "Proxy-Authorization"),
                ::testing::HasSubstr(credentials.substr(at, credentials.find(',', at) - at)));
  }
}

TEST_F(CallAuthenticationTest, what_follows_carries_the_nonce_that_is_known) {
  const Handle<Call> call = established();
  ASSERT_TRUE(alice.calls.offer(alice.moment(), call, description("alice", 2)));
  alice.take_outputs();
  world.run(seconds(1));
  EXPECT_THAT(alice.take_events(), ElementsAre("established"));
  ASSERT_TRUE(alice.calls.request(alice.moment(), call, Method::info));
  alice.take_outputs();
  world.run(milliseconds(100));  // not so long that it would come again, with a count that is used
  ASSERT_TRUE(bob.engine.respond(world.now, bob.requested, {.status = 200}));
  bob.take_outputs();
  ASSERT_TRUE(alice.calls.end(alice.moment(), call));
  alice.take_outputs();
  world.run(seconds(1));
  EXPECT_EQ(challenged, 1);
  EXPECT_EQ(bob.calls.alive(), 0u);
}

TEST_F(CallAuthenticationTest, a_reinvite_goes_again) {
  const Handle<Call> call = established();
  restart();
  ASSERT_TRUE(alice.calls.offer(alice.moment(), call, description("alice", 2, "sendonly")));
  alice.take_outputs();
  world.run(seconds(1));
  EXPECT_THAT(alice.take_events(), ElementsAre("established"));
  EXPECT_EQ(alice.local, description("alice", 2, "sendonly"));
  EXPECT_EQ(challenged, 2);
}

TEST_F(CallAuthenticationTest, a_bye_goes_again_and_the_far_side_hears_of_the_end) {
  const Handle<Call> call = established();
  restart();
  ASSERT_TRUE(alice.calls.end(alice.moment(), call));
  alice.take_outputs();
  world.run(seconds(1));
  EXPECT_EQ(challenged, 2);
  EXPECT_EQ(world.count("BYE"), 2u);
  EXPECT_EQ(bob.calls.alive(), 0u);
  EXPECT_EQ(alice.ends, 1);
  EXPECT_EQ(bob.ends, 1);
}

TEST_F(CallAuthenticationTest, an_info_that_was_challenged_goes_when_it_is_sent_again) {
  const Handle<Call> call = established();
  restart();
  ASSERT_TRUE(alice.calls.request(alice.moment(), call, Method::info));
  alice.take_outputs();
  world.run(milliseconds(100));
  EXPECT_THAT(alice.take_events(), ElementsAre("replied 407"));
  ASSERT_TRUE(alice.calls.request(alice.moment(), call, Method::info));
  alice.take_outputs();
  world.run(milliseconds(100));
  EXPECT_THAT(bob.take_events(), Contains("requested INFO"));
}

// D24.
TEST_F(CallAuthenticationTest, what_goes_again_has_the_same_tags_and_a_number_that_was_never_used) {
  const Handle<Call> call = established();
  restart();
  world.texts.clear();
  ASSERT_TRUE(alice.calls.offer(alice.moment(), call, description("alice", 2)));
  ASSERT_TRUE(alice.calls.request(alice.moment(), call, Method::info));  // meanwhile
  alice.take_outputs();
  world.run(seconds(1));
  std::set<int> numbers;
  std::set<std::string> identities;
  int requests = 0;
  for (const std::string& text : world.texts) {
    if (!text.starts_with("INVITE") && !text.starts_with("INFO")) continue;
    ++requests;
    numbers.insert(std::stoi(header_of(text, "CSeq")));
    identities.insert(header_of(text, "Call-ID") + header_of(text, "From") + header_of(text, "To"));
  }
  EXPECT_EQ(requests, 3) << "INVITE, INFO, INVITE again";
  EXPECT_EQ(numbers.size(), 3u);
  EXPECT_EQ(*numbers.rbegin() - *numbers.begin(), 2) << "one higher each time";
  EXPECT_EQ(identities.size(), 1u);
}

TEST_F(CallAuthenticationTest, a_wrong_password_ends_the_call_with_the_challenge) {
  DigestClient wrong({.username = "alice", .password = "guess"}, openssl_hashes(),
                     Entropy{{9, 8, 7, 6}});
  alice.calls.authenticate(wrong);
  (void)alice.call(bob, description("alice"));
  world.run(seconds(1));
  EXPECT_THAT(alice.take_events(), ElementsAre("ended refused 407"));
  EXPECT_EQ(challenged, 2);
  EXPECT_EQ(bob.ends, 0);
}

TEST_F(CallAuthenticationTest, nobody_answers_a_challenge_without_an_account) {
  Phone& carol = world.add("carol");
  world.lose = [&](const NetworkAddress& from, const std::string& text) {
    return from == carol.address && !admits(from, text);
  };
  (void)carol.call(bob, description("carol"));
  world.run(seconds(1));
  EXPECT_THAT(carol.take_events(), ElementsAre("ended refused 407"));
  EXPECT_EQ(world.count("INVITE"), 1u);
}

}  // namespace
}  // namespace sipring::test
