// Final responses that are not kept, because their requests say all that they are written from.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <sipring/core/message/header_block.h>

#include <string>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class RewrittenResponse : public EngineServerFixture {
 protected:
  static Settings named() {
    Settings settings = small_settings();
    settings.server = "sipring";
    return settings;
  }
  explicit RewrittenResponse(const Settings& settings = named()) : EngineServerFixture(settings) {}

  // The response to a request, and to it again a second later.
  struct Twice {
    std::string first, again;
    std::uint32_t kept;  // buffers in between
  };
  Twice answer_twice(const std::string& request, const Response& response) {
    Twice twice;
    receive(request);
    EXPECT_TRUE(engine.respond(now, requests.back(), response));
    take_outputs();
    twice.first = take_only_sent();
    twice.kept = engine.buffers().size();
    advance(seconds(1));
    receive(request);
    twice.again = take_only_sent();
    EXPECT_EQ(engine.buffers().size(), twice.kept);
    return twice;
  }

  static constexpr HeaderLine lines[] = {{"Allow", "OPTIONS, BYE"}, {"Supported", ""}};
  HeaderBlock block{lines};
  const std::string options = with_method("OPTIONS");
};

TEST_F(RewrittenResponse, is_the_same_octet_for_octet_and_takes_no_buffer) {
  const std::string bye = replaced(replaced(with_method("BYE"), "z9hG4bK1", "z9hG4bKbye"),
                                   "example.com>\r\nCall", "example.com>;tag=b1\r\nCall");
  const std::string other = replaced(options, "z9hG4bK1", "z9hG4bKother");
  const std::string refused = replaced(options, "z9hG4bK1", "z9hG4bKrefused");
  const Twice cases[] = {answer_twice(options, {.block = &block}), answer_twice(bye, {}),
                         answer_twice(other, {}), answer_twice(refused, {.status = 404})};
  for (const Twice& twice : cases) {
    EXPECT_EQ(twice.again, twice.first);
    EXPECT_EQ(twice.kept, 0u);
    EXPECT_THAT(twice.first, HasSubstr("\r\nServer: sipring\r\n"));
    EXPECT_THAT(header_of(twice.first, "To"), HasSubstr(";tag="));
    EXPECT_THAT(header_of(twice.first, "Via"), HasSubstr(";rport=5062"));
  }
  EXPECT_EQ(header_of(cases[0].again, "Allow"), "OPTIONS, BYE");
  EXPECT_THAT(cases[3].again, StartsWith("SIP/2.0 404 Not Found\r\n"));
  EXPECT_EQ(engine.counters().retransmissions_received, 4u);
  EXPECT_EQ(engine.counters().retransmissions_sent, 4u);
  EXPECT_EQ(requests.size(), 4u);
}

TEST_F(RewrittenResponse, is_the_same_when_it_was_first_given_later) {
  receive(options);
  advance(seconds(2));
  ASSERT_TRUE(engine.respond(now, requests[0], {.status = 200, .block = &block}));
  take_outputs();
  const std::string late = take_only_sent();
  EXPECT_EQ(engine.buffers().size(), 0u);
  receive(options);
  EXPECT_EQ(take_only_sent(), late);
}

TEST_F(RewrittenResponse, is_the_same_with_each_of_several_blocks) {
  const HeaderLine other_lines[] = {{"Allow", "MESSAGE"}};
  const HeaderBlock other{other_lines};
  const auto numbered = [&](const char* branch) { return replaced(options, "z9hG4bK1", branch); };
  const Twice cases[] = {answer_twice(numbered("z9hG4bKa"), {.block = &block}),
                         answer_twice(numbered("z9hG4bKb"), {.block = &other}),
                         answer_twice(numbered("z9hG4bKc"), {.block = &block})};
  for (const Twice& twice : cases) EXPECT_EQ(twice.again, twice.first);
  EXPECT_EQ(header_of(cases[1].again, "Allow"), "MESSAGE");
  EXPECT_EQ(header_of(cases[2].again, "Allow"), "OPTIONS, BYE");
}

TEST_F(RewrittenResponse, is_kept_where_it_has_a_text_of_its_own) {
  const HeaderLine contact[] = {{"Contact", "<sip:bob@192.0.2.9>"}};
  const Response with_text[] = {
      {.reason = "Fine"}, {.to_tag = "b9"}, {.headers = contact}, {.body = "text"}};
  std::uint32_t kept = 0;
  for (const Response& response : with_text) {
    const std::string branch = "z9hG4bKtext" + std::to_string(++kept);
    const Twice twice = answer_twice(replaced(options, "z9hG4bK1", branch), response);
    EXPECT_EQ(twice.again, twice.first);
    EXPECT_EQ(twice.kept, kept);
  }
}

TEST_F(RewrittenResponse, comes_with_the_next_retransmission_where_there_is_no_buffer) {
  receive(options);
  ASSERT_TRUE(answer(200));
  const std::string ok = take_only_sent();
  engine.buffers().fail_nth_acquire(1);
  receive(options);
  EXPECT_THAT(take_sent(), IsEmpty());
  receive(options);
  EXPECT_EQ(take_only_sent(), ok);
}

TEST_F(RewrittenResponse, ends_with_timer_J) {
  receive(options);
  ASSERT_TRUE(answer(200));
  advance(seconds(31));
  EXPECT_EQ(engine.transactions_alive(), 1u);
  advance(seconds(1) + milliseconds(5));
  EXPECT_EQ(engine.transactions_alive(), 0u);
}

class TellingResponse : public RewrittenResponse {
 protected:
  static Settings telling() {
    Settings settings = named();
    settings.overload.advertise = true;
    return settings;
  }
  TellingResponse() : RewrittenResponse(telling()) {}
};

TEST_F(TellingResponse, is_kept_as_it_was_about_overload) {
  const Twice twice =
      answer_twice(replaced(options, ";rport", ";rport;oc;oc-algo=\"loss\""), {.block = &block});
  EXPECT_EQ(twice.again, twice.first);
  EXPECT_EQ(twice.kept, 1u);
}

}  // namespace
}  // namespace sipring::test
