// The engine as a client.
// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <string_view>

#include "tests/no_allocation/answering.h"
#include "tests/no_allocation/line.h"

namespace sipring::test {
namespace {

using std::chrono::seconds;

// A request of ours, with all that it must have.
struct Outgoing {
  std::string_view method, cseq;
  std::array<HeaderLine, 4> headers{{{"From", "<sip:a@example.com>;tag=1"},
                                     {"To", "<sip:b@example.com>"},
                                     {"Call-ID", "c1"},
                                     {"CSeq", cseq}}};
  [[nodiscard]] Request request() const {
    return {.method = method,
            .request_uri = "sip:b@192.0.2.1",
            .headers = headers,
            .body = {},
            .destination = {*parse_ip_address("192.0.2.1"), 5060, Transport::udp},
            .flow = Flow::of_listener(0),
            .sent_by = "192.0.2.9:5060"};
  }
};

TEST(NoAllocation, over_requests_that_the_engine_sends) {
  Answering answering;
  Line line(answering);
  const Outgoing options{"OPTIONS", "1 OPTIONS"};
  expect_no_allocation(line, [&] {
    ASSERT_TRUE(line.engine().send(line.now(), options.request()));
    line.take_outputs();
    for (int i = 0; i < 10; ++i) line.advance(seconds(4));  // sent again, then timed out
  });
  EXPECT_EQ(line.engine().transactions_alive(), 0u);
}

TEST(NoAllocation, over_an_INVITE_of_a_proxy_that_timer_C_cancels) {
  Answering answering;
  Line line(answering);
  const Outgoing proxied{"INVITE", "1 INVITE"};
  FixedText<4096> ringing;
  expect_no_allocation(line, [&] {
    const auto invite = line.engine().send(line.now(), proxied.request());
    ASSERT_TRUE(invite && line.engine().set_timer_c(line.now(), *invite, std::chrono::minutes(4)));
    line.take_outputs();
    ringing.clear();
    ringing << "SIP/2.0 180 Ringing" << line.last().substr(line.last().find("\r\n"));
    line.receive(ringing.view());
    line.advance(std::chrono::minutes(4) + seconds(1));
    ASSERT_TRUE(line.last().starts_with("CANCEL "));
    for (int i = 0; i < 20; ++i) line.advance(seconds(2));  // the CANCEL again, then timer B
  });
  EXPECT_EQ(line.engine().transactions_alive(), 0u);
}

}  // namespace
}  // namespace sipring::test
