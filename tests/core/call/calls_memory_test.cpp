// SPDX-License-Identifier: MIT
#include <sipring/core/call/calls.h>

#include <gtest/gtest.h>

#include <cstddef>
#include <memory_resource>
#include <span>

#include "tests/support/resident_memory.h"

namespace sipring {
namespace {

TEST(CallsMemory, of_the_next_calls_is_there_when_it_was_asked_for_and_no_more) {
  test::ResidentMemory memory;
  CallLimits limits;
  limits.calls = 65'536;
  CallSettings settings;
  settings.endpoints = {local_endpoint("192.0.2.1", Transport::udp)};
  Calls calls(settings, limits, Entropy{{1, 2, 3, 4}}, memory);
  const std::size_t before = memory.resident_pages();
  while (true) {
    const std::span<std::byte> piece = calls.coming_memory();
    if (piece.empty()) break;
    test::touch(piece);
  }
  const std::size_t brought = memory.resident_pages() - before;
  EXPECT_GT(brought * test::ResidentMemory::page, Calls::bytes_for(limits) / 64);  // a thousand
  EXPECT_LT(brought, memory.pages() / 16);
}

}  // namespace
}  // namespace sipring
