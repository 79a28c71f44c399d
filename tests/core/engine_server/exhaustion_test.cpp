// What becomes of requests when a pool is empty, and nothing may be forgotten.
// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "tests/support/engine_server_fixture.h"

namespace sipring::test {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

class EngineServerExhaustion : public EngineServerFixture {
 protected:
  static Settings remembering_all() {
    Settings settings = small_settings();
    settings.limits.remember_at_least = Duration::max();
    return settings;
  }
  EngineServerExhaustion() : EngineServerFixture(remembering_all()) {}

  // As many as the pool holds but for what is reserved; their branches end in x0, x1 ...
  static constexpr int for_anybody = 63;
  void fill_up() {
    for (int i = 0; i < for_anybody; ++i) {
      receive(replaced(invite, "z9hG4bK1", "z9hG4bKx" + std::to_string(i)));
    }
  }
};

TEST_F(EngineServerExhaustion,
       sheds_with_503_and_retry_after_when_the_pool_is_full_and_existing_calls_finish) {
  fill_up();
  receive(replaced(invite, "z9hG4bK1", "z9hG4bKlate"));
  const std::string shed = take_sent().back();
  EXPECT_EQ(first_line(shed), "SIP/2.0 503 Service Unavailable");
  EXPECT_EQ(header_of(shed, "Retry-After"), "5");
  EXPECT_THAT(requests, SizeIs(for_anybody));
  for (const Handle<Transaction> request : requests) {
    EXPECT_TRUE(engine.respond(now, request, {.status = 486}));
    take_outputs();
  }
  EXPECT_THAT(take_sent(), SizeIs(for_anybody));
}

TEST_F(EngineServerExhaustion, keeps_its_last_slots_for_requests_within_a_dialog_and_cancels) {
  fill_up();
  (void)take_sent();
  receive(replaced(with_method("CANCEL"), "z9hG4bK1", "z9hG4bKx5"));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_THAT(cancelled, ElementsAre(requests[5]));
  EXPECT_TRUE(engine.respond(now, requests[5], {.status = 487}));
  take_outputs();
  receive(replaced(ack(), "z9hG4bK1", "z9hG4bKx5"));
  advance(seconds(6));  // timer I: the INVITE's slot is free; the CANCEL has the reserved one still
  (void)take_sent();
  receive(replaced(with_method("OPTIONS"), "z9hG4bK1", "z9hG4bKlate"));
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 503 "));
  receive(replaced(replaced(with_method("BYE"), "z9hG4bK1", "z9hG4bKbye"), "example.com>\r\nCall",
                   "example.com>;tag=b1\r\nCall"));
  EXPECT_EQ(request_lines.back(), "BYE sip:bob@192.0.2.9");
}

TEST_F(EngineServerExhaustion,
       never_copies_a_request_that_is_answered_before_its_outputs_are_taken) {
  const PaddedText text(with_method("OPTIONS"));
  engine.buffers().fail_nth_acquire(2);  // the first is the response
  engine.receive(now, {text.view(), address("192.0.2.1", 5062), Flow::of_listener(7)});
  const std::optional<Output> output = engine.next_output();
  EXPECT_TRUE(engine.respond(now, std::get<RequestReceived>(*output).transaction, {}));
  take_outputs();
  EXPECT_THAT(take_only_sent(), StartsWith("SIP/2.0 200 "));
  EXPECT_EQ(engine.buffers().size(), 0u);  // it is written again from its request
  EXPECT_EQ(engine.transactions_alive(), 1u);
}

TEST_F(EngineServerExhaustion,
       answers_503_itself_when_outputs_are_taken_and_a_request_cannot_be_kept) {
  const PaddedText text(invite);
  engine.buffers().fail_nth_acquire(1);
  engine.receive(now, {text.view(), address("192.0.2.1", 5062), Flow::of_listener(7)});
  const std::optional<Output> output = engine.next_output();
  const auto handle = std::get<RequestReceived>(*output).transaction;
  EXPECT_EQ(engine.request(handle)->method(), Method::invite);
  EXPECT_TRUE(engine.attach(handle, 7));
  take_outputs();
  const std::string refused = take_only_sent();
  EXPECT_THAT(refused, StartsWith("SIP/2.0 503 "));
  EXPECT_EQ(header_of(refused, "Retry-After"), "5");
  EXPECT_THAT(header_of(refused, "Via"), HasSubstr(";received=192.0.2.1"));
  EXPECT_THAT(terminated, ElementsAre(handle));
  EXPECT_EQ(engine.request(handle), nullptr);
  EXPECT_EQ(engine.respond(now, handle, {}).error(), SendError::stale_transaction);
  EXPECT_EQ(Counters(engine.counters())[DropReason::overload], 1u);
  EXPECT_EQ(engine.transactions_alive(), 0u);
  EXPECT_EQ(engine.buffers().size(), 0u);
}

TEST_F(EngineServerExhaustion, sheds_whichever_acquire_fails) {
  for (std::uint64_t nth = 1; nth < 8; ++nth) {
    engine.buffers().fail_nth_acquire(nth);
    receive(replaced(invite, "z9hG4bK1", "z9hG4bKn" + std::to_string(nth)));
    if (!requests.empty()) (void)engine.respond(now, requests.back(), {.status = 200});
    take_outputs();
    (void)take_sent();
  }
  engine.buffers().fail_nth_acquire(0);
  advance(seconds(40));
  for (const Handle<Transaction> request : requests) {
    (void)engine.respond(now, request, {.status = 486});
    take_outputs();
  }
  advance(seconds(40));
  EXPECT_EQ(engine.transactions_alive(), 0u);
  (void)take_sent();
  EXPECT_EQ(engine.buffers().size(), 0u);
}

}  // namespace
}  // namespace sipring::test
