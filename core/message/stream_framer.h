// StreamFramer: the octets of a connection cut into messages (RFC 3261 section 18.3) and
// keep-alives (RFC 5626 sections 3.5.1, 4.4.1). It holds no octets, only how far it has come: a
// head is read once, however small the pieces in which it arrives, and a body not at all.
//
//   for (;;) {
//     const StreamFramer::Frame frame = framer.next(received);   // all octets not consumed yet
//     if (frame.kind == StreamFramer::Kind::incomplete) break;   // receive more behind them
//     ... received.substr(0, frame.size) is it ...
//     received.remove_prefix(frame.size);
//   }
// SPDX-License-Identifier: MIT
#pragma once

#include <sipring/core/result.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sipring {

class StreamFramer {
 public:
  enum class Kind : std::uint8_t {
    // Nothing to consume; `size`: how many octets the message has, 0 when not known yet.
    incomplete,
    message,     // head and body, for parse()
    line_end,    // a CRLF between messages: the answer to a keep-alive, or nothing (section 7.5)
    keep_alive,  // the second CRLF of a keep-alive: to be answered with one CRLF
    // Its head is there and readable; answer it with 413 or 513, then discard `size` octets as they
    // come.
    too_large,
    // `error` says why, its offset is from the first octet; what follows cannot be told apart.
    // `size`: of the head, where it has come; a request that has no Content-Length, or two, can be
    // answered with 400 before the connection is closed.
    broken,
  };

  struct Frame {
    Kind kind = Kind::incomplete;
    std::uint64_t size = 0;
    ParseError error;
  };

  struct Limits {
    std::uint32_t head_bytes = 65'535;
    std::uint32_t message_bytes = 65'535;
  };

  StreamFramer() = default;
  explicit StreamFramer(const Limits& limits) : limits_(limits) {}

  // Nothing of `bytes` is kept: it may move between calls. It begins behind what has been consumed.
  // After `incomplete` it must begin with the same octets again; after anything else but `broken`,
  // `size` octets count as consumed. A message without Content-Length is broken (section 18.3).
  [[nodiscard]] Frame next(std::string_view bytes);
  // The last line end was an answer to a keep-alive of ours, and not the first half of another's.
  void take_pong() { after_line_end_ = false; }
  // How many octets of the latest message have been looked at: at most about twice its head.
  [[nodiscard]] std::uint32_t octets_read() const { return octets_read_; }

 private:
  Frame next_line_end(std::string_view bytes);
  Frame next_message(std::string_view bytes);
  void read_lines(std::string_view bytes);
  void read_header(std::string_view line);
  Frame finish(std::string_view bytes);
  Frame fail(ParseErrorCode code, std::size_t offset) const;
  Frame fail_for_length() const;

  enum class Length : std::uint8_t { absent, known, wrong };  // Content-Length

  Limits limits_;
  std::uint64_t message_size_ = 0;  // of the body, until the head is known
  std::uint32_t scanned_ = 0;       // octets of the head in which there is no blank line
  std::uint32_t line_ = 0;          // where the header field begins that has not ended
  std::uint32_t head_size_ = 0;     // 0: not known yet
  std::uint32_t wrong_at_ = 0;      // the wrong length
  std::uint32_t octets_read_ = 0;
  Length length_ = Length::absent;
  bool after_line_end_ = false;  // one CRLF of a keep-alive has come
};
static_assert(sizeof(StreamFramer) == 40);  // one for each connection

}  // namespace sipring
