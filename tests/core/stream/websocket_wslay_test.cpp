// The same octets for us and for wslay, Debian's library: both hear the same messages, or both
// refuse. Random frames, good and broken ones, from a fixed seed.
// SPDX-License-Identifier: MIT
#if __has_include(<wslay/wslay.h>)
#include <gtest/gtest.h>
#include <wslay/wslay.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "tests/core/stream/websocket_reading.h"

namespace sipring {
namespace {

constexpr std::uint32_t limit = 1'000;

struct Outcome {
  std::vector<std::string> messages;
  std::vector<std::string> controls;
  bool is_broken = false;
  bool is_closed = false;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << outcome.messages.size() << " messages, " << outcome.controls.size() << " controls"
       << (outcome.is_broken ? ", broken" : "") << (outcome.is_closed ? ", closed" : "");
}

// wslay with the octets of a stream before it.
struct Wslay {
  std::string_view left;
  Outcome outcome;

  static ssize_t read(wslay_event_context_ptr context, std::uint8_t* to, std::size_t size, int,
                      void* user) {
    auto& self = *static_cast<Wslay*>(user);
    const std::size_t taken = std::min(size, self.left.size());
    if (taken == 0) {
      wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
      return -1;
    }
    std::memcpy(to, self.left.data(), taken);
    self.left.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  static void take(wslay_event_context_ptr, const wslay_event_on_msg_recv_arg* message,
                   void* user) {
    auto& self = *static_cast<Wslay*>(user);
    std::string text(reinterpret_cast<const char*>(message->msg), message->msg_length);
    if (message->opcode == WSLAY_CONNECTION_CLOSE) {
      self.outcome.is_closed = true;
    } else if (message->opcode == WSLAY_PING || message->opcode == WSLAY_PONG) {
      self.outcome.controls.push_back(std::move(text));
    } else {
      self.outcome.messages.push_back(std::move(text));
    }
  }

  Outcome hear(std::string_view stream) {
    left = stream;
    wslay_event_callbacks callbacks{};
    callbacks.recv_callback = read;
    callbacks.on_msg_recv_callback = take;
    wslay_event_context_ptr context = nullptr;
    if (wslay_event_context_server_init(&context, &callbacks, this) != 0) return {};
    wslay_event_config_set_max_recv_msg_length(context, limit);
    (void)wslay_event_recv(context);
    // What it refuses it answers with a Close of its own; a Close that it heard it answers, too.
    outcome.is_broken = wslay_event_get_read_enabled(context) == 0 && !outcome.is_closed;
    wslay_event_context_free(context);
    return outcome;
  }
};

Outcome hear_ours(std::string_view stream, std::size_t step) {
  Outcome outcome;
  for (const test::Heard& heard :
       test::hear(WebSocket(WebSocketRole::server, limit), stream, step)) {
    using enum WebSocket::Kind;
    if (heard.kind == message) outcome.messages.push_back(heard.text);
    if (heard.kind == ping || heard.kind == pong) outcome.controls.push_back(heard.text);
    // wslay takes half a number for none; section 5.5.1 has a whole one or no payload.
    const bool is_half = heard.error == FrameError::close_without_whole_status;
    outcome.is_closed |= heard.kind == close || is_half;
    outcome.is_broken |= heard.kind == broken && !is_half;
  }
  return outcome;
}

// wslay refuses text in the middle of a frame, we at its end; RFC 6455 section 8.1 leaves it open.
// So a last frame that is not whole is made so.
Outcome hear_ours_like(const Outcome& wanted, const std::string& stream, std::size_t step) {
  const Outcome heard = hear_ours(stream, step);
  if (heard.is_broken || !wanted.is_broken) return heard;
  return hear_ours(stream + std::string(limit, '\xff'), step);
}

class Frames {
 public:
  explicit Frames(std::uint64_t seed) : random_(seed) {}

  std::string stream() {
    std::string octets;
    for (std::uint64_t left = draw(6) + 1; left != 0; --left) octets += next();
    if (draw(4) == 0) octets[draw(octets.size())] ^= static_cast<char>(1 << draw(8));
    return octets;
  }
  std::uint64_t draw(std::uint64_t below) { return random_() % below; }

 private:
  std::string next() {
    switch (draw(12)) {
      case 0: return test::frame(text(draw(126)), {Opcode::ping, true});
      case 1: return test::frame(text(draw(126)), {Opcode::pong, true});
      case 2: return test::frame(draw(2) == 0 ? std::string() : close(), {Opcode::close, true});
      case 3: return test::frame(text(draw(2'000)), {Opcode::binary, true});
      case 4: return fragments();
      case 5: return test::frame(text(draw(50)), {Opcode{std::uint8_t(draw(16))}, draw(2) == 0});
      default: return test::frame(text(draw(300)), {Opcode::text, true});
    }
  }
  std::string fragments() {
    std::string octets = test::frame(text(draw(100)), {Opcode::text, false});
    for (std::uint64_t left = draw(3); left != 0; --left) {
      if (draw(2) == 0) octets += test::frame("", {Opcode::ping, true});
      octets += test::frame(text(draw(100)), {Opcode::continuation, false});
    }
    return octets + test::frame(text(draw(100)), {Opcode::continuation, true});
  }
  // Numbers that came into the registry after wslay are left out.
  std::string close() {
    std::uint64_t code = 990 + draw(4'100);
    if (code >= 1012 && code <= 1014) code = 1000;
    return {static_cast<char>(code >> 8), static_cast<char>(code & 255), 'x'};
  }
  std::string text(std::uint64_t size) {
    std::string text(size, 'a');
    if (size > 8 && draw(3) == 0) {
      for (std::uint64_t i = 0; i < 3; ++i) text[draw(size)] = static_cast<char>(draw(256));
    }
    if (size > 8 && draw(3) == 0) text.replace(draw(size - 4), 4, "\xf0\x9f\x98\x80");
    return text;
  }
  std::mt19937_64 random_;
};

TEST(WebSocketAndWslay, hear_the_same) {
  std::size_t broken = 0;
  std::size_t messages = 0;
  for (std::uint64_t seed = 0; seed < 4'000; ++seed) {
    Frames frames(seed);
    const std::string stream = frames.stream();
    const Outcome wanted = Wslay{}.hear(stream);
    ASSERT_EQ(hear_ours_like(wanted, stream, stream.size()), wanted) << "seed " << seed;
    ASSERT_EQ(hear_ours_like(wanted, stream, frames.draw(20) + 1), wanted) << "seed " << seed;
    broken += wanted.is_broken ? 1 : 0;
    messages += wanted.messages.size();
  }
  EXPECT_GT(broken, 500U) << "the streams are too good";
  EXPECT_GT(messages, 3'000U) << "the streams are too bad";
}

}  // namespace
}  // namespace sipring
#endif
