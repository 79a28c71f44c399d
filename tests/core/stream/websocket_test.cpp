// RFC 6455 sections 5 to 8, and RFC 7118 section 5.
// SPDX-License-Identifier: MIT
#include <sipring/core/stream/websocket.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/core/stream/websocket_reading.h"

namespace sipring {
namespace {

using enum WebSocketRole;
using test::frame;
using test::hear;
using test::Heard;
using test::Sending;
using Kind = WebSocket::Kind;

const std::string options = "OPTIONS sip:a@example.com SIP/2.0\r\nContent-Length: 0\r\n\r\n";
constexpr Sending first_part{Opcode::text, false};
constexpr Sending next_part{Opcode::continuation, false};
constexpr Sending last_part{Opcode::continuation, true};
constexpr Sending binary{Opcode::binary, true};
constexpr Sending ping{Opcode::ping, true};
constexpr Sending pong{Opcode::pong, true};
constexpr Sending close{Opcode::close, true};

std::vector<Heard> whole(std::string_view octets, std::uint32_t limit = 65'535) {
  return hear(WebSocket(server, limit), octets, octets.size());
}

Heard text_message(std::string_view text) {
  return {.kind = Kind::message, .text = std::string(text), .is_text = true};
}
Heard broken(FrameError error) {
  return {.kind = Kind::broken, .error = error, .code = close_code_of(error)};
}

std::string close_payload(int code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 255)};
  return payload.append(reason);
}

// All that a session can hear, in one stream.
std::string everything(WebSocketRole to) {
  std::string octets = frame(options, {}, to);
  octets += frame(options, binary, to);
  octets += frame("", {}, to);
  octets += frame("", ping, to) + frame("are you there", ping, to);
  octets += frame("gr\xc3", first_part, to) + frame("between", ping, to);
  octets += frame("\xbc\xc3\x9f", next_part, to) + frame("", next_part, to) + frame("", pong, to);
  octets += frame(" dich \xf0\x9f", next_part, to) + frame("\x98\x80", last_part, to);
  octets += frame(std::string(126, 'x'), binary, to) + frame(std::string(70'000, 'y'), binary, to);
  return octets + frame(close_payload(1001, "bye"), close, to) + "what comes behind";
}

std::vector<Heard> heard_of_everything() {
  return {text_message(options),
          {.kind = Kind::message, .text = options},
          text_message(""),
          {.kind = Kind::ping},
          {.kind = Kind::ping, .text = "are you there"},
          {.kind = Kind::ping, .text = "between"},
          {.kind = Kind::pong},
          text_message("gr\xc3\xbc\xc3\x9f dich \xf0\x9f\x98\x80"),
          {.kind = Kind::message, .text = std::string(126, 'x')},
          {.kind = Kind::message, .text = std::string(70'000, 'y')},
          {.kind = Kind::close, .text = "bye", .code = CloseCode::going_away}};
}

TEST(WebSocket, hears_everything_at_either_end) {
  for (const WebSocketRole role : {server, client}) {
    const std::string octets = everything(role);
    EXPECT_EQ(hear(WebSocket(role, 80'000), octets, octets.size()), heard_of_everything());
  }
}

TEST(WebSocket, hears_the_same_when_cut_at_every_octet) {
  const std::string octets = everything(server);
  const auto wanted = heard_of_everything();
  for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
    if (cut == 1'000) cut = octets.size() - 400;  // inside one payload all places are alike
    test::WebSocketReader reader(WebSocket(server, 80'000));
    reader.receive(octets.substr(0, cut));
    reader.receive(octets.substr(cut));
    ASSERT_EQ(reader.heard(), wanted) << cut;
    ASSERT_EQ(reader.held(), 0U);
  }
}

TEST(WebSocket, hears_the_same_octet_by_octet) {
  const std::string octets = everything(server).substr(0, 900);
  EXPECT_EQ(hear(WebSocket(server), octets, 1), whole(octets));
  EXPECT_EQ(hear(WebSocket(server), octets, 7), whole(octets));
}

TEST(WebSocket, says_how_many_octets_a_frame_has_when_its_head_is_there) {
  WebSocket websocket(server);
  std::string octets = frame(std::string(300, 'x'));
  const std::size_t head_size = octets.size() - 300;
  for (std::size_t size = 1; size < octets.size(); ++size) {
    std::string part = octets.substr(0, size);
    const WebSocket::Frame read = websocket.next(part);
    ASSERT_EQ(read.kind, Kind::incomplete);
    ASSERT_EQ(read.size, size < head_size ? 0 : octets.size()) << size;
    ASSERT_EQ(part, octets.substr(0, size)) << "nothing changes before the frame is whole";
  }
}

TEST(WebSocket, fragments_follow_each_other) {  // section 5.4
  EXPECT_EQ(whole(frame("x", next_part)).back(), broken(FrameError::nothing_to_continue));
  EXPECT_EQ(whole(frame("x", last_part)).back(), broken(FrameError::nothing_to_continue));
  EXPECT_EQ(whole(frame("x", first_part) + frame("y")).back(), broken(FrameError::interrupted));
  EXPECT_EQ(whole(frame("x", first_part) + frame("y", first_part)).back(),
            broken(FrameError::interrupted));
  EXPECT_EQ(whole(frame("a", first_part) + frame("b", last_part) + frame("c", last_part)),
            (std::vector<Heard>{text_message("ab"), broken(FrameError::nothing_to_continue)}));
}

TEST(WebSocket, a_message_may_be_as_long_as_the_limit_and_no_longer) {
  EXPECT_EQ(whole(frame("12345678"), 8), std::vector<Heard>{text_message("12345678")});
  EXPECT_EQ(whole(frame("123456789"), 8).back(), broken(FrameError::message_too_large));
  EXPECT_EQ(whole(frame("1234", first_part) + frame("5678", last_part), 8).back(),
            text_message("12345678"));
  EXPECT_EQ(whole(frame("1234", first_part) + frame("56789", last_part), 8).back(),
            broken(FrameError::message_too_large));
  EXPECT_EQ(close_code_of(FrameError::message_too_large), CloseCode::too_large);
}

TEST(WebSocket, a_length_that_is_too_large_is_refused_before_its_payload_comes) {
  std::string head = frame(std::string(65'536, 'x'), binary).substr(0, 14);
  WebSocket websocket(server, 65'535);
  EXPECT_EQ(websocket.next(head).error, FrameError::message_too_large);
}

TEST(WebSocket, text_is_utf8_wherever_it_is_cut) {  // section 8.1
  const std::string character = "\xe2\x82\xac";
  for (std::size_t cut = 0; cut <= character.size(); ++cut) {
    EXPECT_EQ(whole(frame(character.substr(0, cut), first_part) +
                    frame(character.substr(cut), last_part)),
              std::vector<Heard>{text_message(character)});
  }
  for (const std::string bad : {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "a\x80",
                                "\xe2\x82", "\xe2\x28\xa1", "\xf8\x88\x80\x80\x80"}) {
    for (std::size_t cut = 0; cut <= bad.size(); ++cut) {
      const auto heard =
          whole(frame(bad.substr(0, cut), first_part) + frame(bad.substr(cut), last_part));
      EXPECT_EQ(heard, std::vector<Heard>{broken(FrameError::text_not_utf8)}) << cut;
    }
  }
  EXPECT_EQ(whole(frame("\xff", binary)).back().kind, Kind::message) << "binary may be anything";
}

TEST(WebSocket, text_that_cannot_become_utf8_fails_with_its_part) {
  for (const std::string bad : {"\xf4\x90", "\xed\xa0", "\xe0\x80", "\xf0\x80", "\xc3\x28"}) {
    EXPECT_EQ(whole(frame(bad, first_part)), std::vector<Heard>{broken(FrameError::text_not_utf8)});
    EXPECT_EQ(whole(frame(bad.substr(0, 1), first_part) + frame(bad.substr(1), next_part)),
              std::vector<Heard>{broken(FrameError::text_not_utf8)});
  }
}

TEST(WebSocket, a_close_says_why_or_nothing) {  // sections 5.5.1, 7.4
  const auto heard = [](std::string_view payload) { return whole(frame(payload, close)).back(); };
  EXPECT_EQ(heard(""), (Heard{.kind = Kind::close}));
  EXPECT_EQ(heard("x"), broken(FrameError::close_without_whole_status));
  EXPECT_EQ(heard(close_payload(1000)), (Heard{.kind = Kind::close, .code = CloseCode::normal}));
  EXPECT_EQ(heard(close_payload(4999, "x")).text, "x");
  EXPECT_EQ(heard(close_payload(1000, "\xff")), broken(FrameError::close_reason_not_utf8));
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65'535})
    EXPECT_EQ(heard(close_payload(code)), broken(FrameError::close_status)) << code;
}

TEST(WebSocket, nothing_is_heard_behind_a_close) {
  const auto heard = whole(frame("", close) + frame(options) + "\xff\xff\xff");
  EXPECT_EQ(heard, std::vector<Heard>{{.kind = Kind::close}});
}

TEST(WebSocket, when_we_have_closed_messages_are_ignored_and_the_close_is_heard) {
  test::WebSocketReader reader{WebSocket(server)};
  reader.websocket().close_sent();
  reader.receive(frame(options) + frame("x", first_part) + frame("y", last_part) + frame("", ping) +
                 frame(close_payload(1000), close));
  EXPECT_EQ(reader.heard(), (std::vector<Heard>{{.kind = Kind::ping},
                                                {.kind = Kind::close, .code = CloseCode::normal}}));
}

TEST(WebSocket, what_is_broken_stays_broken) {
  WebSocket websocket(server);
  std::string unmasked = frame(options, {}, client);
  EXPECT_EQ(websocket.next(unmasked).error, FrameError::unmasked);
  std::string good = frame(options);
  EXPECT_EQ(websocket.next(good).kind, Kind::ignored);
}

}  // namespace
}  // namespace sipring
