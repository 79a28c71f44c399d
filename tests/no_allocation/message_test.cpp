// Messages and their bodies.
// SPDX-License-Identifier: MIT
#include <sipring/core/message/body/multipart.h>
#include <sipring/core/message/body/multipart_builder.h>
#include <sipring/core/message/sipfrag.h>

#include <gtest/gtest.h>

#include <array>

#include "tests/no_allocation/message_fixture.h"

namespace sipring::test {
namespace {

TEST_F(NoAllocationInMessages, when_requests_and_responses_are_built) {
  expect_none([&] {
    const Built invite = build_invite();
    ASSERT_TRUE(invite && parse((*invite)->view(), message_));
    response_.start(message_, 200).to_tag(identifiers_.tag().view());
    const Built ok = response_.contact("<sip:bob@192.0.2.2>").build(buffers_);
    ASSERT_TRUE(ok && parse((*ok)->view(), answer_));
    request_.start_in_dialog(Method::ack, answer_, 1).via(Transport::udp, "a", "z9hG4bK1");
    ASSERT_TRUE(request_.build(buffers_));
    ASSERT_TRUE(request_.start_cancel(message_).build(buffers_));
    ASSERT_TRUE(request_.start_copy(message_).names(NameForm::compact).build(buffers_));
    ASSERT_FALSE(request_.start(Method::options, "sip:a").build(buffers_));
  });
}

TEST_F(NoAllocationInMessages, when_messages_are_edited) {
  const Built invite = build_invite();
  ASSERT_TRUE(invite && parse((*invite)->view(), message_));
  expect_none([&] {
    edit_.start(message_).decrement_max_forwards().pop_route().record_route("<sip:p;lr>");
    edit_.via(Transport::tcp, "p", "z9hG4bK2").replace("X-New", "1").body("text/plain", "hi");
    ASSERT_TRUE(edit_.pieces());
    ASSERT_TRUE(edit_.write(buffers_));
  });
}

TEST_F(NoAllocationInMessages, when_bodies_are_written_and_taken_apart) {
  std::array<char, 1024> room;
  expect_none([&] {
    MultipartBuilder parts(room, "mixed", identifiers_.tag().view());
    const auto body = parts.part("application/sdp", offer).part("text/plain", "hello").finish();
    ASSERT_TRUE(body);
    MultipartLeaves leaves(body->text, *multipart_boundary(body->content_type));
    int count = 0;
    while (leaves.next()) ++count;
    ASSERT_EQ(count, 2);
    ASSERT_TRUE(parse_sipfrag("SIP/2.0 200 OK\r\nSubject: x\r\n", message_));
  });
}

}  // namespace
}  // namespace sipring::test
