// SPDX-License-Identifier: MIT
#include <sipring/core/stream/detail/websocket_frame.h>

#include <gtest/gtest.h>

#include <string>

#include "tests/core/stream/websocket_reading.h"

namespace sipring {
namespace {

using enum WebSocketRole;

std::string octets(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

FrameError error_of(std::string_view bytes, WebSocketRole role = server) {
  const auto read = read_frame_head(bytes, role);
  return read ? FrameError::none : read.error();
}

TEST(WebSocketFrame, reads_the_examples_of_the_rfc) {  // section 5.7
  std::string hello = octets({0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58});
  const auto masked = read_frame_head(hello, server);
  ASSERT_TRUE(masked);
  EXPECT_EQ(masked->size, 6U);
  EXPECT_EQ(masked->head.opcode, Opcode::text);
  EXPECT_TRUE(masked->head.is_final);
  mask(std::span(hello).subspan(6), *masked->head.mask);
  EXPECT_EQ(hello.substr(6), "Hello");

  const auto long_one = read_frame_head(octets({0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0}), client);
  ASSERT_TRUE(long_one);
  EXPECT_EQ(long_one->head.payload_size, 65'536U);
  EXPECT_EQ(long_one->size, 10U);
  const auto fragment = read_frame_head(octets({0x01, 0x03}), client);
  ASSERT_TRUE(fragment);
  EXPECT_FALSE(fragment->head.is_final);
}

TEST(WebSocketFrame, what_is_written_is_read_for_every_length_near_a_boundary) {
  for (const std::uint64_t size : {0ULL, 1ULL, 124ULL, 125ULL, 126ULL, 127ULL, 128ULL, 65'534ULL,
                                   65'535ULL, 65'536ULL, 65'537ULL, (1ULL << 63) - 1}) {
    for (const WebSocketRole role : {server, client}) {
      FrameHead head{.opcode = Opcode::binary, .mask = std::nullopt, .payload_size = size};
      if (role == server) head.mask = test::test_key;
      std::array<char, FrameHead::max_size> room{};
      char* const end = room.data() + room.size();
      const std::string_view written(write_frame_head(end, head), end);
      for (std::size_t cut = 0; cut < written.size(); ++cut) {
        const auto part = read_frame_head(std::string(written.substr(0, cut)), role);
        ASSERT_TRUE(part);
        EXPECT_EQ(part->size, 0U) << "octets " << cut << " of " << written.size();
      }
      const auto read = read_frame_head(written, role);
      ASSERT_TRUE(read) << size;
      EXPECT_EQ(read->size, written.size());
      EXPECT_EQ(read->head.payload_size, size);
      EXPECT_EQ(read->head.mask, head.mask);
    }
  }
}

// Every first octet, against a list written down from section 5.2.
TEST(WebSocketFrame, every_first_octet_is_known_or_refused_by_name) {
  for (int first = 0; first < 256; ++first) {
    const int opcode = first & 15;
    FrameError wanted = FrameError::none;
    if ((opcode > 2 && opcode < 8) || opcode > 10) wanted = FrameError::reserved_opcode;
    if (opcode >= 8 && opcode <= 10 && first < 128) wanted = FrameError::fragmented_control;
    if ((first & 0x70) != 0) wanted = FrameError::reserved_bits;
    EXPECT_EQ(error_of(octets({first})), wanted) << first;
  }
}

TEST(WebSocketFrame, a_client_masks_and_a_server_does_not) {  // section 5.1
  EXPECT_EQ(error_of(octets({0x81, 0x05}), server), FrameError::unmasked);
  EXPECT_EQ(error_of(octets({0x81, 0x85}), client), FrameError::masked);
}

TEST(WebSocketFrame, lengths_are_minimal_and_below_two_to_63) {  // section 5.2
  EXPECT_EQ(error_of(octets({0x82, 126, 0, 125}), client), FrameError::length_not_minimal);
  EXPECT_EQ(error_of(octets({0x82, 126, 0, 126}), client), FrameError::none);
  EXPECT_EQ(error_of(octets({0x82, 127, 0, 0, 0, 0, 0, 0, 255, 255}), client),
            FrameError::length_not_minimal);
  EXPECT_EQ(error_of(octets({0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0}), client),
            FrameError::length_negative);
  EXPECT_EQ(error_of(octets({0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255}), client),
            FrameError::length_negative);
}

TEST(WebSocketFrame, a_control_frame_has_at_most_125_octets) {  // section 5.5
  for (const int opcode : {0x88, 0x89, 0x8a}) {
    EXPECT_EQ(error_of(octets({opcode, 125}), client), FrameError::none);
    EXPECT_EQ(error_of(octets({opcode, 126}), client), FrameError::control_too_long);
    EXPECT_EQ(error_of(octets({opcode, 127}), client), FrameError::control_too_long);
  }
}

TEST(WebSocketFrame, masking_agrees_with_its_twin_at_every_size_and_place) {
  constexpr std::size_t most = 150;
  std::string text;
  for (std::size_t i = 0; i < most + 16; ++i) text += static_cast<char>(i * 37 + 11);
  for (std::size_t begin = 0; begin < 16; ++begin) {
    for (std::size_t size = 0; size <= most; ++size) {
      std::string fast = text;
      std::string plain = text;
      mask(std::span(fast).subspan(begin, size), test::test_key);
      detail::mask_plain(std::span(plain).subspan(begin, size), test::test_key);
      ASSERT_EQ(fast, plain) << begin << ' ' << size;
      mask(std::span(fast).subspan(begin, size), test::test_key);
      ASSERT_EQ(fast, text);
    }
  }
}

TEST(WebSocketFrame, a_close_has_its_number_and_reason) {
  std::array<char, 32> room{};
  const std::size_t size = write_close(room, CloseCode::too_large, "no", std::nullopt);
  EXPECT_EQ(std::string(room.data(), size), octets({0x88, 4, 0x03, 0xf1, 'n', 'o'}));
  EXPECT_EQ(write_close(room, CloseCode::no_status, "", std::nullopt), 2U);
}

TEST(WebSocketFrame, numbers_that_may_be_sent) {  // section 7.4
  for (int number = 0; number <= 65'535; ++number) {
    const bool may = (number >= 1000 && number <= 1003) || (number >= 1007 && number <= 1014) ||
                     (number >= 3000 && number <= 4999);
    ASSERT_EQ(may_be_sent(CloseCode{static_cast<std::uint16_t>(number)}), may) << number;
  }
}

}  // namespace
}  // namespace sipring
