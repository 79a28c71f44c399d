// Messages that are written, changed and taken apart, over and over.
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/message/message_edit.h>
#include <sipring/core/message/parser.h>
#include <sipring/core/message/request_builder.h>
#include <sipring/core/message/response_builder.h>
#include <sipring/core/transaction/identifiers.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <memory_resource>
#include <string_view>

#include "tests/no_allocation/allocations.h"
#include "tests/no_allocation/offer.h"

namespace sipring::test {

class NoAllocationInMessages : public ::testing::Test {
 protected:
  template <class Work>
  void expect_none(Work&& work) {
    work();
    const std::size_t before = allocations();
    for (int i = 0; i < 200; ++i) work();
    EXPECT_EQ(allocations(), before);
  }
  Built build_invite() {
    return request_.start(Method::invite, "sip:bob@example.com")
        .via(Transport::udp, "192.0.2.1:5060", identifiers_.branch().view())
        .from("Alice <sip:alice@example.com>", identifiers_.tag().view())
        .to("<sip:bob@example.com>")
        .call_id(identifiers_.call_id([](std::string_view id) { return id.front() < '8'; }).view())
        .cseq(identifiers_.first_cseq())
        .route("<sip:p1;lr>, <sip:p2;lr>")
        .contact("<sip:alice@192.0.2.1>")
        .body("application/sdp", offer)
        .build(buffers_);
  }

  BufferPool buffers_{1U << 21, *std::pmr::new_delete_resource()};
  Identifiers identifiers_{Entropy{{1, 2, 3, 4}}};
  RequestBuilder request_;
  ResponseBuilder response_;
  MessageEdit edit_;
  Message message_{128, *std::pmr::new_delete_resource()};
  Message answer_{128, *std::pmr::new_delete_resource()};
};

}  // namespace sipring::test
